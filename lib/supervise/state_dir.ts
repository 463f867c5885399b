// supervise/ and event/ of a service directory: made, locked and opened as s6-supervise does it, and what the
// supervisor keeps in them. Either may be a link that dangles: its target is made (a read-only service directory).

import { type ByteString, rawBytes } from "../bytes.ts";
import { systemError } from "../errno.ts";
import { publish } from "../event/publish.ts";
import type { FileStatus } from "../os/os.ts";
import { about, invalid, isErrno, OsError, unsuitable } from "../report.ts";
import { type DeathRecord, encodeDeath, LONGEST_TALLY, RECORD_SIZE, withDeath } from "./death_tally.ts";
import type { SuperviseOs } from "./ports.ts";
import type { ServiceDirectory } from "./service_dir.ts";
import { encodeStatus, type Status } from "./status.ts";

const EVENT_MODE = 0o3730;
const PRIVATE_DIRECTORY = 0o700;

/** The lock files that this process holds, by device and inode. */
export type Locks = Set<string>;

/** Errors of what is not one of the supervisor's own files. */
const NO_FILE = ["EINVAL", "EISDIR", "ELOOP", "EMLINK"];
/** What supervise/ holds that is a file, and written as one. */
const STATUS = "status";
const TALLY = "death_tally";

interface Opened {
  readonly lock: number;
  readonly control: number;
}

export class StateDir {
  private open = true;
  /** supervise/, while holding() has it open. */
  private held: number | undefined;
  private readonly identity: FileStatus;
  private readonly lockKey: string;

  private constructor(
    private readonly os: SuperviseOs,
    private readonly files: ServiceDirectory,
    /** The key of supervise/, which is reached anew for each writing: it takes no descriptor. */
    private readonly place: string,
    private opened: Opened | undefined,
    private readonly locks: Locks,
  ) {
    this.identity = os.fstat(files.hold());
    this.lockKey = keyOf(os.fstat(opened!.lock));
    locks.add(this.lockKey);
  }

  /** The control fifo, open for writing too: with no writer it would be readable at its end forever. */
  get control(): number {
    return this.opened!.control;
  }

  /**
   * Makes what is missing and takes the lock.
   * @throws Failure if another supervisor holds the lock, OsError if something cannot be made
   */
  static open(os: SuperviseOs, files: ServiceDirectory, locks: Locks = new Set()): StateDir {
    const opened: number[] = [];
    const keep = (fd: number): number => {
      opened.push(fd);
      return fd;
    };
    try {
      provideDirectory(os, files, "event", EVENT_MODE, os.credentials().gid);
      const isNew = provideDirectory(os, files, "supervise", PRIVATE_DIRECTORY);
      return files.within("supervise", (directory) => {
        const lock = keep(takeLock(os, directory, locks));
        const control = keep(openControl(os, directory));
        // Services that are supervised already, and the command, need what is left for a restart.
        if (!os.leavesRoom(control)) throw systemError("supervise", files.path, "EMFILE");
        if (!isNew) { for (const name of [STATUS, TALLY]) tellOfObject(os, files, name, directory); }
        return new StateDir(os, files, keyOf(os.fstat(directory)), { lock, control }, locks);
      });
    } catch (error) {
      for (const fd of opened) os.close(fd);
      files.release();
      throw error;
    }
  }

  /** If the directory is no longer where it was, goes after it, should that be possible. */
  follow(): void {
    if (!this.open || this.os.door.leadsTo(this.files.path, this.identity)) return;
    const path = this.os.door.pathOf(this.files.hold());
    // Of a directory that is removed it leads nowhere. Where it was there may be another one, whose files are not ours.
    if (path !== undefined) this.files.path = path;
  }

  /** Nothing can be written there any more. */
  isRemoved(): boolean {
    return this.os.fstat(this.files.hold()).links === 0;
  }

  emptyDeathTally(): void {
    this.replace(TALLY, "");
  }

  writeStatus(status: Status): void {
    this.replace(STATUS, encodeStatus(status));
  }

  /** Does it with supervise/ held, so that all that is written there takes one opening; or without, where that fails. */
  holding(work: () => void): void {
    let isBegun = false;
    try {
      this.within((directory) => {
        this.held = directory;
        isBegun = true;
        work();
      });
    } catch (error) {
      if (isBegun || !(error instanceof OsError)) throw error;
    } finally {
      this.held = undefined;
    }
    if (!isBegun) work();
  }

  /** Does it with supervise/ held. Another directory that has been put there is not written to. @throws OsError */
  private within<T>(work: (directory: number) => T): T {
    if (this.held !== undefined) return work(this.held);
    return this.files.within("supervise", (directory) => {
      if (keyOf(this.os.fstat(directory)) === this.place) return work(directory);
      throw unsuitable("open", "supervise", "another directory has taken its place");
    });
  }

  private replace(name: string, content: ByteString): void {
    const displaced = this.within((directory) => this.os.door.replace(name, content, directory));
    if (displaced !== undefined) this.files.warn(`supervise/${name}.new was a ${inWords(displaced)}: it is removed`);
  }

  /** Adds a death, in place while there is room. A tally that cannot be read begins anew, and that is reported. */
  recordDeath(death: DeathRecord, most: number): void {
    if (most === 0) return;
    const { content, lost } = this.tallyToRewrite(death, most);
    if (content === undefined) return;
    this.replace(TALLY, withDeath(content, death, most));
    if (lost !== undefined) this.files.warn(`supervise/${TALLY} begins anew: ${lost}`);
  }

  /** Appends the death; or tells what to write instead with it, and why that is not all there was. */
  private tallyToRewrite(death: DeathRecord, most: number): { content?: ByteString; lost?: string } {
    const { door } = this.os;
    try {
      const content = this.within((directory) =>
        this.append(death, most, door.provideFile(TALLY, directory))
          ? undefined
          : door.readWhole(TALLY, LONGEST_TALLY * RECORD_SIZE, directory)
      );
      if (content === undefined) return {};
      return content.length % RECORD_SIZE === 0 ? { content } : { content: "", lost: "it was damaged" };
    } catch (error) {
      if (isErrno(error, "EFBIG", ...NO_FILE)) return { content: "", lost: error.reason };
      throw error;
    }
  }

  /** False if there is no room in the file for one more. */
  private append(death: DeathRecord, most: number, fd: number): boolean {
    try {
      const { size } = this.os.fstat(fd);
      if (size % RECORD_SIZE !== 0 || size >= most * RECORD_SIZE) return false;
      if (this.os.write(fd, rawBytes(encodeDeath(death))) === RECORD_SIZE) return true;
      // A part of a record would make the file unreadable.
      this.os.truncate(fd, size);
      throw systemError("write", `supervise/${TALLY}`, "ENOSPC");
    } finally {
      this.os.close(fd);
    }
  }

  /** @throws OsError also if a listener could not be notified, or something else than a fifo has the name of one */
  publish(letters: string): void {
    let trouble: OsError | undefined;
    this.files.within("event", (directory) => publish(this.os, directory, letters, (error) => trouble = error));
    if (trouble !== undefined) throw trouble;
  }

  /** Gives up the lock and the control fifo: to all other processes the supervisor is gone. */
  resign(): void {
    if (this.opened === undefined) return;
    const { lock, control } = this.opened;
    this.opened = undefined;
    this.locks.delete(this.lockKey);
    for (const fd of [control, lock]) this.os.close(fd);
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.resign();
    this.files.release();
  }
}

/**
 * Makes the directory, or what a link in its place leads to, with this mode and group; one that is there stays as it is.
 * @returns whether it is new
 */
function provideDirectory(os: SuperviseOs, files: ServiceDirectory, name: string, mode: number, gid?: number): boolean {
  const { door } = os;
  if (door.makeDirectory(name, mode, files.hold(), gid)) return true;
  try {
    files.within(name, () => {});
    return false;
  } catch (error) {
    if (isErrno(error, "ENOTDIR")) throw invalid(`${name} exists and is not a directory`);
    if (!isErrno(error, "ENOENT")) throw error;
  }
  const target = door.readLink(name, files.hold()).replace(/(?<=.)\/+$/, "");
  const slash = target.lastIndexOf("/");
  const parent = slash < 0 ? "." : target.slice(0, slash) || "/";
  return files.within(parent, (place) => door.makeDirectory(target.slice(slash + 1), mode, place, gid));
}

// A record lock dies when any descriptor of the file is closed in this process, and does not keep this process out: of a
// file that we have locked no other descriptor is ever opened. A directory that was made just now may have been replaced
// by the one of another service, where a user owns both.
function takeLock(os: SuperviseOs, directory: number, locks: Locks): number {
  const there = os.door.find("lock", directory, { links: "refuse" });
  const isOurs = there !== undefined && locks.has(keyOf(there));
  const fd = isOurs ? undefined : about("open", "supervise/lock", () => os.door.provideFile("lock", directory, 0o644));
  if (fd !== undefined) {
    if (os.lock(fd)) return fd;
    os.close(fd);
  }
  throw invalid("another instance of s6-supervise is already running");
}

function keyOf({ device, inode }: FileStatus): string {
  return `${device}:${inode}`;
}

function openControl(os: SuperviseOs, directory: number): number {
  try {
    return os.door.provideFifo("control", 0o600, directory);
  } catch (error) {
    if (isErrno(error, "EINVAL", "ELOOP")) throw invalid("supervise/control is not a FIFO");
    throw error;
  }
}

/** What is not a file gives way to one at the first writing, unless it is a directory, which that writing reports. */
function tellOfObject(os: SuperviseOs, files: ServiceDirectory, name: string, directory: number): void {
  const found = os.door.find(name, directory, { links: "refuse" });
  if (found === undefined || found.kind === "file" || found.kind === "directory") return;
  files.warn(`supervise/${name} is a ${inWords(found.kind)}: a file takes its place`);
}

function inWords(kind: FileStatus["kind"]): string {
  return kind === "character" || kind === "block" ? "device" : kind;
}
