// The two ends of a Unix domain socket, in parts that chain: s6-ipcserver-socketbinder makes one to listen on, s6-ipcclient
// connects to it. s6-ipcserver is a whole server of such parts.

import { octal } from "../getopt.ts";
import type { ByteString } from "../../lib/bytes.ts";
import { systemError } from "../../lib/errno.ts";
import type { SocketOs } from "../../lib/os/parts.ts";
import { about, OsError } from "../../lib/report.ts";
import { type Applet, chain, fork } from "../applet.ts";
import { printLine } from "../print.ts";
import { withSockets } from "../sockets.ts";
import { numberWord, userWords } from "./server_words.ts";

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
  const lock = os.open(`${path}.lock`, ["write", "create", "nonblocking", "nofollow"], 0o600);
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

export const ipcserver: Applet = chain({
  name: "s6-ipcserver",
  usage: "[ -q | -Q | -v ] [ -d | -D ] [ -P | -p ] [ -1 ] [ -c maxconn ] [ -C localmaxconn ] [ -b backlog ] " +
    "[ -a socketperms ] [ -G gid,gid,... ] [ -g gid ] [ -u uid ] [ -U ] path prog...",
  summary: "run a program for each client of a Unix domain socket",
  help: {
    q: "tell only what is fatal",
    Q: "tell what is fatal, and warn (default)",
    v: "tell of each connection too",
    d: "take the socket's address from one that does not listen any more (default)",
    D: "leave an address that is taken alone, and fail",
    P: "do not find out who a client is",
    p: "find out who each client is (default)",
    1: "tell on standard output that it listens",
    c: "serve at most this many clients at a time (default 40)",
    C: "serve at most this many clients of one user at a time (default the same)",
    b: "how many clients may wait to be accepted",
    a: "the socket's mode, in octal (default 0777)",
    G: "serve with these groups",
    g: "serve with this group id",
    u: "serve with this user id",
    U: "serve with the ids in UID, GID and GIDLIST",
  },
  notes: [
    "It becomes s6-ipcserver-socketbinder, s6-applyuidgid where another user is asked for, and s6-ipcserverd, in this order.",
  ],
  options: "qQvDd1UPpc:C:b:u:g:G:a:",
  least: 2,
  next: (image, { options, args: [path = "", ...prog] }) => {
    const mode = options.value("a");
    return image.run([
      "s6-ipcserver-socketbinder",
      ...(options.last("d", "D") === "D" ? ["-D"] : []),
      ...numberWord(options, "b", undefined, 1),
      ...(mode === undefined ? [] : ["-a", (octal(mode) & MOST_MODE).toString(8).padStart(4, "0")]),
      "--",
      path,
      ...userWords(options),
      "s6-ipcserverd",
      ...VERBOSITY_WORDS[options.last("q", "Q", "v") ?? "Q"],
      ...(options.has("1") ? ["-1"] : []),
      ...(options.last("P", "p") === "P" ? ["-P"] : []),
      ...numberWord(options, "c", undefined, 1),
      ...numberWord(options, "C", undefined, 1),
      "--",
      ...prog,
    ]);
  },
});

const VERBOSITY_WORDS = { q: ["-v0"], Q: [], v: ["-v2"] };
