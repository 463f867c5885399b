// s6-logwatch: what is written to a log directory, as it is written, across rotations. From s6-linux-utils; where the
// original may lose what is rotated away too fast, here it is found among the archives.

import type { ByteString } from "../../lib/bytes.ts";
import { isArchiveName } from "../../lib/log/archive_name.ts";
import { parts } from "../../lib/input.ts";
import type { Os } from "../../lib/os/os.ts";
import type { DirectoryChange, DirectoryWatches } from "../../lib/os/parts.ts";
import { about, Failure, ifThere, isErrno, OsError } from "../../lib/report.ts";
import { SIGNAL } from "../../lib/signals.ts";
import { type Applet, type Context, daemon } from "../applet.ts";

const CURRENT = "current";
const TOO_FAST = 101;

export const logwatch: Applet = daemon({
  name: "s6-logwatch",
  usage: "[ -m maxbuffer ] [ logdir ]",
  summary: "print what is written to a log directory, as it is written",
  help: { m: "accepted, and means nothing" },
  exits: { 101: "files were rotated away before they were read" },
  options: "m:",
  least: 0,
  run: async (context, { options, args: [directory = "."] }) => {
    options.number("m");
    const { os } = context;
    about("chdir to", directory, () => os.changeDirectory(directory));
    const reader = new LogReader(os, await context.part("directoryWatches"), (text) => context.print(text));
    return follow(context, reader);
  },
});

/** Prints until there is no reader. */
function follow(context: Context, reader: LogReader): number {
  const reactor = context.reactor();
  // A reader of our output that has gone shows as an error of write.
  reactor.onSignal(SIGNAL.PIPE, () => {});
  reactor.watch(reader.changes, "read", () => reader.catchUp());
  // The writing end of a pipe can never be read, but it gets an event when the last reader goes.
  if (isPipe(context.os, 1)) reactor.watch(1, "read", () => reactor.stop());
  try {
    reader.catchUp();
    reactor.run();
  } catch (error) {
    if (!isErrno(error, "EPIPE")) throw error;
  }
  return 0;
}

function isPipe(os: Pick<Os, "fstat">, fd: number): boolean {
  try {
    return os.fstat(fd).kind === "fifo";
  } catch (error) {
    if (error instanceof OsError) return false;
    throw error;
  }
}

type Ports = Pick<Os, "open" | "read" | "close" | "find" | "fstat" | "listDirectory">;

/** Reads the file `current` of the working directory, and those that come after it. */
class LogReader {
  /** Can be read when catchUp() has something to do. */
  readonly changes: number;
  private file: number | undefined;
  /** Files named `current` that have appeared since the one that is being read. */
  private appeared = 0;

  constructor(
    private readonly os: Ports,
    private readonly watches: DirectoryWatches,
    private readonly print: (text: ByteString) => void,
  ) {
    // First of all, so that nothing happens between a look and the watch.
    this.changes = watches.watchDirectory(".");
  }

  /** Prints all there is by now. */
  catchUp(): void {
    this.noteChanges();
    do this.copyRest(); while (this.goOn());
  }

  private noteChanges(): void {
    const changes = this.watches.readChanges(this.changes);
    this.appeared += changes.filter(isNewCurrent).length;
    if (changes.some(({ kind }) => kind === "lost")) this.appeared = Infinity;
  }

  private copyRest(): void {
    if (this.file !== undefined) this.copy(this.file);
  }

  /** Goes on to the next `current`, if there is one; true if there may be more to print. */
  private goOn(): boolean {
    const newest = this.os.find(CURRENT);
    if (newest === undefined || (this.file !== undefined && newest.inode === this.inodeOf(this.file))) return false;
    // A process that wrote to the file before has written all of it by now.
    this.copyRest();
    const next = tryOpen(this.os, CURRENT);
    if (next === undefined) return false;
    this.noteChanges();
    if (this.os.find(CURRENT)?.inode === this.inodeOf(next)) this.switchTo(next);
    else this.os.close(next);
    return true;
  }

  private switchTo(next: number): void {
    if (this.file !== undefined) {
      this.printBetween(this.inodeOf(this.file), this.inodeOf(next));
      this.os.close(this.file);
    }
    this.file = next;
    this.appeared = 0;
  }

  /** Prints the files that came after the one and before the other and were rotated away before they were read. */
  private printBetween(last: number, next: number): void {
    const names = [...this.os.listDirectory(".").filter((name) => isArchiveName(name)).sort(), "previous"];
    const inodes = names.map((name) => this.os.find(name)?.inode);
    const from = inodes.indexOf(last);
    if (from < 0 && this.appeared > 1) throw tooFast();
    const to = inodes.includes(next) ? inodes.indexOf(next) : names.length;
    for (let at = from + 1; from >= 0 && at < to; at++) {
      // Archived, but still there by its other name as well.
      if (inodes[at] === undefined || inodes.indexOf(inodes[at]) < at) continue;
      const file = tryOpen(this.os, names[at]!);
      if (file === undefined) throw tooFast();
      this.copy(file);
      this.os.close(file);
    }
  }

  private copy(file: number): void {
    for (const part of parts(this.os, { fd: file, action: "read", name: CURRENT })) this.print(part);
  }

  private inodeOf(file: number): number {
    return this.os.fstat(file).inode;
  }
}

function tooFast(): Failure {
  return new Failure(TOO_FAST, "the log directory is rotated faster than it can be read");
}

function isNewCurrent({ kind, name }: DirectoryChange): boolean {
  return kind === "appeared" && name === CURRENT;
}

function tryOpen(os: Ports, path: ByteString): number | undefined {
  return ifThere(() => os.open(path, ["read"]));
}
