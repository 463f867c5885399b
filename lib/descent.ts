// Walking a tree of directories, for programs that change what is in it as root while others may rename things: every
// directory is reached from the one above it by a name that is not a link, so that no other process can lead us out of
// the tree. Neither depth nor number costs more than a little memory: names are read in pieces, and far from where we
// are the directories are closed, to be opened again on the way back.

import type { ByteString } from "./bytes.ts";
import { systemError } from "./errno.ts";
import type { Entries, Os } from "./os/os.ts";
import { isErrno, unsuitable } from "./report.ts";

export type DescentPorts = Pick<Os, "openAt" | "close" | "readEntries" | "seek" | "identity">;

/** How many directories are kept open, besides the one at the top. */
const MOST_OPEN = 32;

/** A directory on the way from the top to where we are. */
interface Level {
  readonly name: ByteString;
  /** Undefined while it is closed; `identity` then tells whether it is the same when it is opened again. */
  fd: number | undefined;
  identity: string;
  /** Names that have been read, the one that comes next, and where to go on reading behind those before it. */
  entries: Entries | undefined;
  next: number;
  position: bigint;
}

export class Descent {
  private readonly levels: Level[];

  /**
   * @param top a descriptor of a directory, which stays the caller's
   * @param removing names vanish while they are read: a directory is read anew where it is opened again
   */
  constructor(
    private readonly os: DescentPorts,
    top: number,
    private readonly removing = false,
  ) {
    this.levels = [levelOf("", top)];
  }

  /** The descriptor of the directory where we are. */
  get directory(): number {
    return this.here.fd!;
  }

  /** How many directories below the top we are. */
  get depth(): number {
    return this.levels.length - 1;
  }

  private get here(): Level {
    return this.levels.at(-1)!;
  }

  /** The path of a name in this directory, from the top; without a name, that of the directory. */
  path(name?: ByteString): ByteString {
    const names = this.levels.slice(1).map((level) => level.name);
    return (name === undefined ? names : [...names, name]).join("/");
  }

  /** The next name in this directory; undefined if there are no more. */
  next(): ByteString | undefined {
    const level = this.here;
    if (level.entries === undefined || level.next === level.entries.names.length) {
      level.entries = this.os.readEntries(level.fd!);
      level.next = 0;
      // A piece may hold nothing but "." and "..".
      if (level.entries?.names.length === 0) return this.next();
    }
    return level.entries?.names[level.next++];
  }

  /**
   * Goes into a directory of this one.
   * @throws OsError if it is none any more, but a link
   */
  enter(name: ByteString): void {
    this.levels.push(levelOf(name, this.open(this.directory, name)));
    const far = this.depth - MOST_OPEN;
    if (far > 0) this.shut(this.levels[far]!);
  }

  private open(directory: number, name: ByteString): number {
    try {
      return this.os.openAt(directory, name, ["read", "directory", "nofollow"]);
    } catch (error) {
      if (!isErrno(error, "ENOTDIR", "ELOOP")) throw error;
      throw systemError("open", name, "ENOTDIR", "it was replaced meanwhile");
    }
  }

  private shut(level: Level): void {
    level.identity = this.os.identity(level.fd!);
    level.position = this.removing || level.entries === undefined || level.next === 0
      ? 0n
      : level.entries.positions[level.next - 1]!;
    level.entries = undefined;
    this.os.close(level.fd!);
    level.fd = undefined;
  }

  /**
   * Goes back to the directory above, and returns the name of the one that was left.
   * @throws OsError if that was moved elsewhere meanwhile: there is no way back then
   */
  leave(): ByteString {
    const left = this.levels.at(-1)!;
    const above = this.levels.at(-2)!;
    if (above.fd === undefined) this.reopen(above, left);
    this.levels.pop();
    this.os.close(left.fd!);
    return left.name;
  }

  private reopen(level: Level, below: Level): void {
    const fd = this.open(below.fd!, "..");
    try {
      if (this.os.identity(fd) !== level.identity) {
        throw unsuitable("return from", this.path(), "it was moved meanwhile");
      }
      this.os.seek(fd, level.position);
    } catch (error) {
      this.os.close(fd);
      throw error;
    }
    level.fd = fd;
  }

  /** Closes what is open, but for the top. */
  close(): void {
    for (const level of this.levels.splice(1)) if (level.fd !== undefined) this.os.close(level.fd);
  }
}

function levelOf(name: ByteString, fd: number): Level {
  return { name, fd, identity: "", entries: undefined, next: 0, position: 0n };
}
