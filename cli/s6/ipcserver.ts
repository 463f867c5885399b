// The two ends of a Unix domain socket, in parts that chain: s6-ipcserver-socketbinder makes one to listen on, s6-ipcclient
// connects to it.

import { octal } from "../getopt.ts";
import type { ByteString } from "../../lib/bytes.ts";
import { systemError } from "../../lib/errno.ts";
import type { SocketOs } from "../../lib/os/parts.ts";
import { about, OsError } from "../../lib/report.ts";
import { type Applet, fork } from "../applet.ts";
import { printLine } from "../print.ts";
import { withSockets } from "../sockets.ts";

const MOST_MODE = 0o777;

export const ipcserverSocketbinder: Applet = fork({
  name: "s6-ipcserver-socketbinder",
  usage: "[ -d | -D ] [ -b backlog ] [ -M | -m ] [ -a perms ] [ -B ] path prog...",
  summary: "run a program with a listening Unix domain socket as its standard input",
  help: {
    d: "take the address from a socket that does not listen any more (default)",
    D: "leave an address that is taken alone, and fail",
    m: "a datagram socket",
    M: "a stream socket (default)",
    B: "leave the socket blocking",
    b: "how many clients may wait to be accepted; with 0 it does not listen",
    a: "the socket's mode, in octal (default 0777)",
  },
  options: "DdMmBb:a:",
  least: 2,
  run: async (context, { options, args: [path = "", ...prog] }) => {
    const os = await withSockets(context);
    const backlog = options.number("b");
    const mode = octal(options.value("a") ?? "777") & MOST_MODE;
    const socket = os.openSocket(options.last("M", "m") === "m" ? "datagram" : "stream");
    os.setNonBlocking(socket, !options.has("B"));
    const before = os.setUmask(~mode & MOST_MODE);
    about("bind to", path, () => {
      if (options.last("d", "D") === "D") os.bindSocket(socket, path);
      else bindAgain(os, socket, path);
    });
    os.setUmask(before);
    if (backlog !== 0) about("listen to", path, () => os.listen(socket, backlog));
    os.duplicateOnto(socket, 0);
    os.close(socket);
    return context.image.run(prog);
  },
});

/** Binds to a path that may be in use. The lock keeps two that do so at once from removing each other's socket. */
function bindAgain(
  os: Pick<SocketOs, "open" | "close" | "lock" | "unlink" | "bindSocket">,
  socket: number,
  path: ByteString,
): void {
  const lock = os.open(`${path}.lock`, ["write", "create", "nonblocking"], 0o600);
  try {
    if (!os.lock(lock)) throw systemError("lock", path, "EBUSY");
    try {
      os.unlink(path);
    } catch (error) {
      // What is in the way and cannot be removed is reported by the bind.
      if (!(error instanceof OsError)) throw error;
    }
    os.bindSocket(socket, path);
  } finally {
    os.close(lock);
  }
}

const LONGEST_NAME = 107;

export const ipcclient: Applet = fork({
  name: "s6-ipcclient",
  usage: "[ -q | -Q | -v ] [ -p bindpath ] [ -l localname ] path prog...",
  summary: "run a program that is connected to a Unix domain socket on descriptors 6 and 7",
  help: {
    q: "tell only what is fatal",
    Q: "tell what is fatal, and warn (default)",
    v: "tell of the connection too",
    p: "bind the own socket to this path",
    l: "the local name, for IPCLOCALPATH",
  },
  options: "qQvp:l:",
  least: 2,
  run: async (context, { options, args: [path = "", ...prog] }) => {
    const os = await withSockets(context);
    const by = context.name;
    const bound = options.value("p");
    const socket = os.openSocket("stream");
    if (bound !== undefined) about("bind socket to", bound, () => os.bindSocket(socket, bound));
    os.connect(socket, path);
    if (options.last("q", "Q", "v") === "v") printLine(os, `${by}: info: connected to ${path}`);
    const name = options.value("l")?.slice(0, LONGEST_NAME) ?? bound ?? "";
    return context.image
      .withVariables([["PROTO", "IPC"], ["IPCLOCALPATH", name]])
      .step({ do: "move", by, from: socket, to: 6 })
      .step({ do: "copy", by, from: 6, to: 7 })
      .run(prog);
  },
});
