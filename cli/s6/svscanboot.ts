// s6-svscanboot: a supervision tree that logs what it says itself. It makes the catch-all logger, points its own output at
// it, and becomes s6-svscan. Follows the manual of s6 2.15.

import { findUser, type User } from "../../lib/accounts.ts";
import type { ByteString } from "../../lib/bytes.ts";
import { makeDirectories } from "../../lib/directories.ts";
import { systemError } from "../../lib/errno.ts";
import { realPath } from "../../lib/file_path.ts";
import type { Os } from "../../lib/os/os.ts";
import { about, EXIT, Failure, invalid } from "../../lib/report.ts";
import { CATCH_ALL } from "../../lib/supervise/scan.ts";
import { removeTree } from "../../lib/tree.ts";
import { type Applet, type Context, fork } from "../applet.ts";
import { octal, type Options } from "../getopt.ts";
import { longOptions } from "../long_options.ts";
import { lines, scriptWord, writeRun } from "./maker.ts";

const OPTIONS = "c:D:m:l:o:d:C:L:t:";
const USUAL_LOGS = "/run/uncaught-logs";
const ROOT = 0;

export const svscanboot: Applet = fork({
  name: "s6-svscanboot",
  usage: "[ -c devconsole ] [ -D catchalldir ] [ -m catchallmode ] [ -l catchalluser ] [ -o catchalloptions ] " +
    "[ -d notif ] [ -C services_max ] [ -L name_max ] [ -t rescan ] scandir",
  summary: "start a supervision tree that logs its own messages",
  help: {
    c: "what the catch-all logger has to say goes to this device (default: to standard error)",
    D: `the directory of the log (default ${USUAL_LOGS})`,
    m: "the mode of the log's directory, in octal (default 2750)",
    l: "run the logger as this user, if we are root",
    o: "what the logger is to do, in words of s6-log (default t)",
    d: "write a newline to this descriptor when ready",
    C: "supervise this many services at most, loggers included",
    L: "the longest name of a service",
    t: "look for new services every this many milliseconds",
  },
  notes: [
    `It makes the scan directory if there is none, and the service ${CATCH_ALL} in it anew. -o stands in the logger's ` +
    "script as it is given.",
  ],
  options: OPTIONS,
  long: longOptions({
    "catchall-directory": "D",
    "catchall-mode": "m",
    "catchall-options": "o",
    "catchall-user": "l",
    "console": "c",
    "name-max": "L",
    "notification-fd": "d",
    "services-max": "C",
    "timeout": "t",
  }),
  least: 1,
  run: (context, { options, args: [scanDirectory = ""] }) => {
    const { os, name: by } = context;
    const words = scannerWords(context, options);
    const logs = logDirectoryOf(context, options);
    makeLogDirectory(os, logs);
    const service = `${scanDirectory}/${CATCH_ALL}`;
    makeLogger(os, service, loggerScriptOf(logs, realPath(os, logs.path)));
    const device = options.value("c");
    // Copies that are not 0, 1 or 2, which are redirected, and that are not what the caller has named.
    const console = device === undefined
      ? os.duplicate(2, 3)
      : about("open", device, () => os.open(device, ["write", "nonblocking"]));
    os.setNonBlocking(console, false);
    return context.image
      .step({ do: "copy", by, from: os.open("/dev/null", ["read"]), to: 0 })
      .step({ do: "copy", by, from: console, to: console })
      .step({ do: "move", by, from: openForWriting(os, `${service}/fifo`), to: 1 })
      .step({ do: "copy", by, from: 1, to: 2 })
      .run(["s6-svscan", "-X", `${console}`, ...words, "--", scanDirectory]);
  },
});

/** Options for s6-svscan. */
function scannerWords({ os }: Context, options: Options<typeof OPTIONS>): ByteString[] {
  const notification = whole(options.value("d"), "notification-fd");
  if (notification !== undefined && notification < 3) throw invalid("notification-fd must be 3 or greater");
  if (notification !== undefined && !os.isInherited(notification)) {
    throw systemError("check", "notification-fd", "EBADF");
  }
  const numbers = {
    d: notification,
    C: whole(options.value("C"), "services-max"),
    L: whole(options.value("L"), "name-max"),
    t: whole(options.value("t"), "timeout"),
  };
  return Object.entries(numbers).flatMap(([letter, number]) => number === undefined ? [] : [`-${letter}`, `${number}`]);
}

function whole(word: ByteString | undefined, name: string): number | undefined {
  if (word === undefined) return undefined;
  if (!/^[0-9]{1,9}$/.test(word)) throw invalid(`${name} must be an unsigned integer`);
  return Number(word);
}

interface CatchAllLog {
  readonly path: ByteString;
  readonly mode: number;
  readonly owner: User | undefined;
  readonly directives: ByteString;
}

function logDirectoryOf(context: Context, options: Options<typeof OPTIONS>): CatchAllLog {
  const mode = options.value("m") ?? "2750";
  if (!/^[0-7]+$/.test(mode)) throw invalid("catchall-mode must be an (octal) unsigned integer");
  return {
    path: options.value("D") ?? USUAL_LOGS,
    mode: octal(mode),
    owner: ownerOfLog(context, options.value("l")),
    directives: options.value("o") ?? "t",
  };
}

function ownerOfLog(context: Context, name: ByteString | undefined): User | undefined {
  const { os } = context;
  if (name === undefined) return undefined;
  if (os.credentials().uid !== ROOT) {
    context.warn("ignoring catchall-user option when not root");
    return undefined;
  }
  const user = findUser(os, name);
  if (user === undefined) throw new Failure(EXIT.system, `unknown user: ${name}`);
  return user;
}

/** Makes it, or gives the one that is there its owner and mode. */
function makeLogDirectory(os: Os, { path, mode, owner }: CatchAllLog): void {
  const umask = os.setUmask(0);
  makeDirectories(os, path, { mode, parents: true, report: () => {} });
  os.setUmask(umask);
  if (owner !== undefined) os.chown(path, owner.uid, owner.gid);
  os.chmod(path, mode);
}

function loggerScriptOf({ owner, directives }: CatchAllLog, path: ByteString): ByteString {
  return lines([
    "#!/usr/bin/execlineb -s1",
    "fdmove -c 1 2",
    "redirfd -rnb 0 fifo",
    ...(owner === undefined ? [] : [`s6-setuidgid ${scriptWord(owner.name)}`]),
    "exec -c",
    `s6-log -bpd3 -- ${directives} ${scriptWord(path)}`,
  ]);
}

function makeLogger(os: Os, service: ByteString, script: ByteString): void {
  removeTree(os, service);
  const umask = os.setUmask(0);
  makeDirectories(os, service, { mode: 0o755, parents: true, report: () => {} });
  os.setUmask(umask);
  writeRun(os, service, script, 0o755);
  os.chmod(`${service}/run`, 0o755);
  os.makeFifo(`${service}/fifo`, 0o600);
}

/** The writing end of a fifo that no process reads yet. */
function openForWriting(os: Os, fifo: ByteString): number {
  const reading = os.open(fifo, ["read", "nonblocking"]);
  const writing = os.open(fifo, ["write", "nonblocking"]);
  os.close(reading);
  os.setNonBlocking(writing, false);
  return writing;
}
