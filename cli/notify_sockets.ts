// The sockets of services that speak systemd's notify protocol, for those who supervise them. What that takes is loaded
// with the first of them: most containers have none.

import type { ByteString } from "../lib/bytes.ts";
import type { Reactor } from "../lib/os/os.ts";
import type { Notices } from "../lib/os/parts.ts";
import { randomLetters } from "../lib/random.ts";
import type * as Loaded from "../lib/supervise/notify_socket.ts";
import type { NotifySocket } from "../lib/supervise/ports.ts";
import type { Start } from "../lib/supervise/start.ts";
import type { Context } from "./applet.ts";

/** As many as nobody can guess. */
const LETTERS = 24;

/**
 * @param directory one that is ours, in which no other user can list or make anything. Undefined: the sockets have abstract
 * names, which all processes see that have the network namespace in common.
 * @param start starts processes for one that nothing may hold up, as what is sent to a socket can
 */
export function notifySockets(
  context: Context,
  reactor: Reactor,
  directory?: ByteString,
  start?: Start,
): () => NotifySocket {
  const { os } = context;
  let loaded: typeof Loaded | undefined;
  let notices: Notices | undefined;
  return () => {
    if (loaded === undefined) {
      // Under our loader (load.ts) import() calls back at once.
      import("../lib/supervise/notify_socket.ts").then((module) => loaded = module);
      context.part("notices").then((part) => notices = part);
    }
    const { fd, address } = directory === undefined
      ? notices!.openNotices()
      : notices!.openNoticesAt(directory, randomLetters(os, LETTERS));
    return new loaded!.HeardNotifySocket({ os, reactor, notices: notices!, start }, fd, address);
  };
}
