// Sockets of systemd's notify protocol in a simulated world: what is sent to an address waits until it is read, and who
// has sent it is known. What reads them is the real thing.

import { rawBytes } from "../../lib/bytes.ts";
import type { Notices } from "../../lib/os/parts.ts";
import { HeardNotifySocket } from "../../lib/supervise/notify_socket.ts";
import type { NotifySocket, SupervisePorts } from "../../lib/supervise/ports.ts";
import type { World } from "./world.ts";

/** A message on its way. */
export interface SentMessage {
  readonly text: string;
  readonly pid: number;
  readonly uid: number;
}

interface Simulated {
  /** Makes the sockets of services. */
  readonly open: () => NotifySocket;
  /** Sends to an address, as this process and user; false where no socket has it. */
  readonly send: (address: string, message: SentMessage) => boolean;
  /** The addresses that there are. */
  readonly addresses: () => readonly string[];
  /** Each process that is in another session than its own service's: the session it is in. */
  readonly sessions: Map<number, number>;
}

const FIRST = 10_000;

export function simulatedSockets(world: World, ports: () => Pick<SupervisePorts, "os" | "reactor">): Simulated {
  const addresses = new Map<string, SentMessage[]>();
  const sessions = new Map<number, number>();
  let next = FIRST;
  const notices: Pick<Notices, "receiveNotice" | "closeNotices" | "sessionOf" | "ownerOf"> = {
    receiveNotice: (fd, into) => {
      const open = world.open.get(fd);
      world.mistakes.unless(open !== undefined && "messages" in open, "only open sockets are read");
      const message = open.messages.shift();
      if (message === undefined) return undefined;
      const bytes = rawBytes(message.text).subarray(0, into.length);
      into.set(bytes);
      const { pid, uid, text } = message;
      return { size: bytes.length, isCut: text.length > bytes.length, carries: false, sender: { pid, uid, gid: uid } };
    },
    closeNotices: (fd, address) => {
      world.mistakes.unless(world.open.delete(fd), "a socket is closed once");
      world.mistakes.unless(!world.watched.has(fd), "a watch ends before its socket is closed");
      addresses.delete(address);
      return true;
    },
    sessionOf: (pid) => sessions.get(pid) ?? (world.crowd.processes.has(pid) ? pid : undefined),
    ownerOf: (pid) => world.crowd.processes.has(pid) ? 1000 : undefined,
  };
  return {
    open: () => {
      const messages: SentMessage[] = [];
      const [fd, address] = [next, `/run/notify/${next}`];
      next++;
      world.open.set(fd, { messages });
      addresses.set(address, messages);
      return new HeardNotifySocket({ notices, start: undefined, ...ports() }, fd, address);
    },
    send: (address, message) => {
      addresses.get(address)?.push(message);
      return addresses.has(address);
    },
    addresses: () => [...addresses.keys()],
    sessions,
  };
}
