// s6-setlock: a program that runs while it holds a lock.

import type { ByteString } from "../../lib/bytes.ts";
import { type Failure, invalid } from "../../lib/report.ts";
import { type Applet, type Context, fork } from "../applet.ts";

/** A lock is waited for no longer than this before it is tried again. */
const MOST_PAUSE = 20;

export const setlock: Applet = fork({
  name: "s6-setlock",
  usage: "[ -r | -w ] [ -n | -N | -t timeout ] [ -d fd ] lockfile prog...",
  summary: "run a program that holds a lock",
  help: {
    r: "share the lock with others that share it",
    w: "have the lock alone (default)",
    n: "do not wait for the lock",
    N: "wait for the lock (default)",
    t: "wait this many milliseconds at most",
    d: "give the program the lock file under this descriptor",
  },
  exits: { 1: "the lock could not be taken" },
  options: "rwnNt:d:",
  least: 2,
  run: (context, { options, args: [file = "", ...prog] }) => {
    const { os, image } = context;
    const shared = options.last("r", "w") === "r";
    const limit = options.number("t") ?? 0;
    const fd = openAs(os, file, shared, options.number("d"));
    const patience = options.last("n", "N", "t") ?? "N";
    if (patience === "n" && !os.lock(fd, { shared })) throw notAcquired(`lock ${file}: Device or resource busy`);
    if (patience === "t") lockWithin(context, fd, shared, limit);
    else if (patience !== "n") os.lock(fd, { shared, wait: true });
    os.setCloseOnExec(fd, false);
    return image.run(prog);
  },
});

function lockWithin({ os }: Context, fd: number, shared: boolean, limit: number): void {
  const end = os.monotonic() + limit;
  for (let pause = 1; !os.lock(fd, { shared }); pause = Math.min(2 * pause, MOST_PAUSE)) {
    const left = end - os.monotonic();
    if (left <= 0) throw notAcquired("acquire lock: Connection timed out");
    os.sleep(Math.min(left, pause));
  }
}

/** Opens the lock file under the number that the program wants. Before it is locked: any close would end the lock. */
function openAs(os: Context["os"], file: ByteString, shared: boolean, wanted: number | undefined): number {
  const fd = os.open(file, shared ? ["read", "create"] : ["write", "create"]);
  if (wanted === undefined || wanted === fd) return fd;
  os.duplicateOnto(fd, wanted);
  os.close(fd);
  return wanted;
}

function notAcquired(what: string): Failure {
  return invalid(`unable to ${what}`, NOT_ACQUIRED);
}

const NOT_ACQUIRED = 1;
