// logutil-newfifo: a fifo for a logger, whose reading end a descriptor holder keeps open, so that processes that write
// to it neither wait nor get SIGPIPE while no logger runs. Follows the overlay's manual, logging.

import { findUser, type User } from "../../lib/accounts.ts";
import { durationInWords } from "../../lib/overlay/durations.ts";
import type { ByteString } from "../../lib/bytes.ts";
import { HolderClient } from "../../lib/fdholder/client.ts";
import { forEver } from "../../lib/fdholder/limit.ts";
import type { SocketOs } from "../../lib/os/parts.ts";
import { PATHS } from "../../lib/overlay/paths.ts";
import { uniqueName } from "../../lib/random.ts";
import { about, Failure, OsError, textOf } from "../../lib/report.ts";
import { awaitServices } from "../../lib/supervise/await_services.ts";
import { removeTree } from "../../lib/tree.ts";
import { type Applet, type Context, utility } from "../applet.ts";
import { octal } from "../getopt.ts";
import { withSockets } from "../sockets.ts";

/** The original is a script, which fails in one way only. */
const FAILED = 1;
/** Milliseconds in which the holder has to be ready. */
const PATIENCE = 5000;

export const logutilNewfifo: Applet = utility({
  name: "logutil-newfifo",
  usage: "[ -m mode ] [ -o owner ] path",
  summary: "make a fifo for a logger, and keep its reading end open",
  help: { m: "the mode of the fifo, in octal (default 0600)", o: "the fifo belongs to this account (default root)" },
  options: "m:o:",
  least: 0,
  run: async (context, { options, args: [path] }) => {
    const mode = octal(options.value("m") ?? "600");
    if (path === undefined) throw new Failure(FAILED, "no path is given");
    const os = await withSockets(context);
    const owner = ownerOf(os, options.value("o"));
    try {
      await awaitHolder(context);
      const fd = makeFifo(os, path, mode, owner);
      const name = uniqueName(os, path);
      about("store the reading end of", path, () => {
        HolderClient.connect(os, PATHS.holderSocket, PATIENCE).store({ name, fd, limit: forEver(os.now()) });
      });
      return 0;
    } catch (error) {
      throw error instanceof OsError ? new Failure(FAILED, textOf(error)) : error;
    }
  },
});

function ownerOf(os: SocketOs, name: ByteString | undefined): Pick<User, "uid" | "gid"> {
  // An image without accounts has root all the same.
  if (name === undefined) return { uid: 0, gid: 0 };
  const user = findUser(os, name);
  if (user === undefined) throw new Failure(FAILED, `unknown user: ${name}`);
  return user;
}

async function awaitHolder(context: Context): Promise<void> {
  const wanted = { directories: [PATHS.holderService], goals: ["ready"] as const, any: false, timeout: PATIENCE };
  const awaited = await awaitServices(context, wanted);
  if (!awaited.timedOut && awaited.failures === 0) return;
  const advice = `bring it up with s6-svc -u ${PATHS.holderService}`;
  throw new Failure(FAILED, `the descriptor holder is not ready after ${durationInWords(PATIENCE)}: ${advice}`);
}

/** Makes the fifo and returns its reading end. */
function makeFifo(os: SocketOs, path: ByteString, mode: number, { uid, gid }: Pick<User, "uid" | "gid">): number {
  about("remove", path, () => removeTree(os, path));
  os.setUmask(0);
  os.makeFifo(path, mode);
  const fd = os.open(path, ["read", "nonblocking", "nofollow"]);
  // Another user may have a hand in the directory: what is given away is the fifo, not what lies in its place now.
  if (os.fstat(fd).kind !== "fifo") throw new Failure(FAILED, `${path} has been replaced`);
  about("chown", path, () => os.fchown(fd, uid, gid));
  os.setNonBlocking(fd, false);
  return fd;
}
