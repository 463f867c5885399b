// The files of a log directory, as root may read them: the directory belongs to the logger's user, who may have put links,
// fifos and other users' files there. Only regular files of its own are opened, and nothing is waited for.

import type { ByteString } from "../../bytes.ts";
import type { FileStatus, Os } from "../../os/os.ts";
import { Failure, isErrno, OsError, unlessRefused } from "../../report.ts";
import { printable } from "../../printable.ts";
import { mayBeForeign } from "../attributes/foreign_link.ts";
import type { LogPlace } from "./log_directories_of.ts";
import {
  hasLines,
  inOrderOfWriting,
  isOutOfSight,
  type LogFile,
  mayFollow,
  newestArchive,
  type OpenedLog,
} from "./log_files.ts";
import type { FollowingPorts } from "../../followed_path.ts";
import { openTrustedDirectory } from "./trusted_directory.ts";

export type DirectoryPorts = FollowingPorts & Pick<Os, "freeSpace" | "lstatAt" | "readEntries" | "seek">;

/** A logger keeps far fewer files. */
const MOST_FILES = 65536;
const MOST_WARNINGS = 100;
/** How often in a row it may change while it is looked at. */
const MOST_LOOKS = 100;

interface LaterFiles {
  readonly files: readonly LogFile[];
  /** The newest archive; empty where there is none. */
  readonly newest: ByteString;
  /** Some may have been removed: it cannot be told which comes next. */
  readonly outOfSight: boolean;
}

export class DirectoryFiles {
  private readonly told = new Set<string>();

  /**
   * @param directory a descriptor, which is this one's from now on
   * @param path for messages
   */
  constructor(
    private readonly os: DirectoryPorts,
    readonly directory: number,
    readonly path: ByteString,
    private readonly warn: (text: string) => void,
  ) {}

  /** The files that may have been written after this one, in order. */
  after(last: OpenedLog | undefined): LaterFiles {
    // What is rotated meanwhile has one name in the list and another file below it: one in between would be missed.
    let names = this.names();
    let files = this.identified(names, last);
    for (let looks = 1; looks < MOST_LOOKS; looks++) {
      const again = this.names();
      if (again.join() === names.join()) break;
      names = again;
      files = this.identified(names, last);
    }
    return { files, newest: newestArchive(names), outOfSight: isOutOfSight(files, last, names) };
  }

  /** "gone": another file has the name now, or none; "refused": it is not for us, as has been said. */
  open({ name, inode }: LogFile): number | "gone" | "refused" {
    const before = this.look(name);
    if (before === undefined || before.inode !== inode) return "gone";
    const why = this.reasonAgainst(before);
    if (why !== undefined) return this.refuse(name, why);
    let fd: number;
    try {
      fd = this.os.openAt(this.directory, name, ["read", "nonblocking", "nofollow"]);
    } catch (error) {
      if (isErrno(error, "ENOENT", "ELOOP")) return "gone";
      if (error instanceof OsError) return this.refuse(name, error.reason);
      throw error;
    }
    const opened = this.os.fstat(fd);
    if (opened.kind === "file" && opened.inode === inode && opened.device === before.device) return fd;
    this.os.close(fd);
    return "gone";
  }

  /** Tells that it is written faster than it is read, and what follows from that. */
  fallBehind(what: string): void {
    this.warn(`${printable(this.path)} is written faster than it is read: ${what}`);
  }

  close(): void {
    this.os.close(this.directory);
  }

  private identified(names: readonly ByteString[], last: OpenedLog | undefined): LogFile[] {
    const files: LogFile[] = [];
    for (const name of inOrderOfWriting(names.filter((name) => mayFollow(name, last)))) {
      const status = this.look(name);
      if (status !== undefined) files.push({ name, inode: status.inode });
    }
    return files;
  }

  private look(name: ByteString): FileStatus | undefined {
    return unlessRefused(() => this.os.lstatAt(this.directory, name));
  }

  private reasonAgainst(status: FileStatus): string | undefined {
    if (status.kind !== "file") return `it is a ${status.kind}, not a file`;
    const directory = this.os.fstat(this.directory);
    const isForeign = status.uid !== directory.uid && mayBeForeign(status, directory);
    return isForeign ? `it has another name, and may be a file of user ${status.uid} from elsewhere` : undefined;
  }

  private refuse(name: ByteString, why: string): "refused" {
    const text = `${printable(`${this.path}/${name}`)} is not read: ${why}`;
    if (this.told.size < MOST_WARNINGS && !this.told.has(text)) this.warn(text);
    this.told.add(text);
    return "refused";
  }

  private names(): ByteString[] {
    const { os, directory } = this;
    const names: ByteString[] = [];
    os.seek(directory, 0);
    for (let some = os.readEntries(directory); some !== undefined; some = os.readEntries(directory)) {
      for (const name of some.names) if (hasLines(name)) names.push(name);
      if (names.length > MOST_FILES) throw new Failure(111, `${printable(this.path)} has more than ${MOST_FILES} logs`);
    }
    return names.sort();
  }
}

/**
 * Opens the directory.
 * @throws OsError; Failure where it is not the logger's
 */
export function openLogFiles(os: DirectoryPorts, place: LogPlace, warn: (text: string) => void): DirectoryFiles {
  const directory = openTrustedDirectory(os, place.path);
  const { lock } = place;
  const there = lock === undefined ? undefined : unlessRefused(() => os.lstatAt(directory, "lock"));
  if (lock?.inode === there?.inode && lock?.device === there?.device) {
    return new DirectoryFiles(os, directory, place.path, warn);
  }
  os.close(directory);
  throw new Failure(111, `${printable(place.path)} is not the directory that the logger writes to`);
}
