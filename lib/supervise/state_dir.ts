// supervise/ and event/ of a service directory: made, locked and opened as s6-supervise does it, and what the
// supervisor keeps in them. Either may be a link that dangles: its target is made (a read-only service directory).

import { type ByteString, rawBytes } from "../bytes.ts";
import { publish } from "../event/publish.ts";
import type { FileStatus, Os } from "../os/os.ts";
import { invalid, isErrno, OsError } from "../report.ts";
import { type DeathRecord, encodeDeath, RECORD_SIZE, withDeath } from "./death_tally.ts";
import type { SuperviseOs } from "./ports.ts";
import type { ServiceDirectory } from "./service_dir.ts";
import { encodeStatus, type Status } from "./status.ts";

const EVENT_MODE = 0o3730;
const PRIVATE_DIRECTORY = 0o700;

/** The lock files that this process holds, by device and inode. */
export type Locks = Set<string>;

interface Opened {
  /** The service directory itself, wherever it is moved. */
  readonly directory: number;
  readonly lock: number;
  readonly control: number;
}

export class StateDir {
  #open = true;
  readonly #identity: FileStatus;

  private constructor(
    private readonly os: SuperviseOs,
    private readonly files: ServiceDirectory,
    private readonly opened: Opened,
    private readonly locks: Locks,
  ) {
    this.#identity = os.fstat(opened.directory);
    locks.add(keyOf(os.fstat(opened.lock)));
  }

  /** The control fifo, open for writing too: with no writer it would be readable at its end forever. */
  get control(): number {
    return this.opened.control;
  }

  /**
   * Makes what is missing and takes the lock.
   * @throws Failure if another supervisor holds the lock, OsError if something cannot be made
   */
  static open(os: SuperviseOs, files: ServiceDirectory, locks: Locks = new Set()): StateDir {
    const { path } = files;
    const opened: number[] = [];
    const keep = (fd: number): number => {
      opened.push(fd);
      return fd;
    };
    const umask = os.setUmask(0);
    try {
      const directory = keep(os.open(path, ["path", "directory"]));
      if (makeDirectory(os, path, "event")) {
        os.chown(`${path}/event`, -1, os.credentials().gid);
        os.chmod(`${path}/event`, EVENT_MODE);
      }
      makeDirectory(os, path, "supervise");
      const lock = keep(takeLock(os, `${path}/supervise/lock`, locks));
      const control = openControl(os, `${path}/supervise/control`);
      return new StateDir(os, files, { directory, lock, control }, locks);
    } catch (error) {
      for (const fd of opened) os.close(fd);
      throw error;
    } finally {
      os.setUmask(umask);
    }
  }

  /** If the directory is no longer where it was, goes after it, should that be possible. */
  follow(): void {
    const itself = `/proc/self/fd/${this.opened.directory}`;
    if (this.files.path === itself || this.#isItself(this.files.path) || !this.#isItself(itself)) return;
    this.files.path = itself;
  }

  #isItself(path: ByteString): boolean {
    const found = this.os.find(path);
    return found?.inode === this.#identity.inode && found.device === this.#identity.device;
  }

  /** Nothing can be written there any more. */
  isRemoved(): boolean {
    return this.os.fstat(this.opened.directory).links === 0;
  }

  emptyDeathTally(): void {
    this.os.writeFile(this.#at("death_tally"), "");
  }

  writeStatus(status: Status): void {
    this.os.replaceFile(this.#at("status"), encodeStatus(status));
  }

  /** Adds a death, in place while there is room. */
  recordDeath(death: DeathRecord, most: number): void {
    if (most === 0) return;
    const path = this.#at("death_tally");
    const fd = this.os.open(path, ["write", "append", "create"]);
    try {
      const { size } = this.os.fstat(fd);
      if (size % RECORD_SIZE === 0 && size < most * RECORD_SIZE) {
        if (this.os.write(fd, rawBytes(encodeDeath(death))) === RECORD_SIZE) return;
        // A part of a record would make the file unreadable.
        this.os.truncate(fd, size);
        throw new OsError("write", path, "ENOSPC", "No space left on device");
      }
    } finally {
      this.os.close(fd);
    }
    this.os.replaceFile(path, withDeath(this.os.readFile(path), death, most));
  }

  publish(letters: string): void {
    publish(this.os, this.files.at("event"), letters);
  }

  /** Gives up the lock and the control fifo: to everybody else the supervisor is gone. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    const { directory, lock, control } = this.opened;
    this.locks.delete(keyOf(this.os.fstat(lock)));
    for (const fd of [control, lock, directory]) this.os.close(fd);
  }

  #at(file: string): ByteString {
    return this.files.at(`supervise/${file}`);
  }
}

type DirectoryOs = Pick<Os, "makeDirectory" | "readLink" | "stat">;

/** True if it was made, false if it was there. */
function makeDirectory(os: DirectoryOs, parent: ByteString, name: string): boolean {
  const path = `${parent}/${name}`;
  try {
    os.makeDirectory(path, PRIVATE_DIRECTORY);
    return true;
  } catch (error) {
    if (!isErrno(error, "EEXIST")) throw error;
  }
  try {
    if (os.stat(path).kind !== "directory") throw invalid(`${name} exists and is not a directory`);
    return false;
  } catch (error) {
    if (!isErrno(error, "ENOENT")) throw error;
  }
  const target = os.readLink(path);
  os.makeDirectory(target.startsWith("/") ? target : `${parent}/${target}`, PRIVATE_DIRECTORY);
  return true;
}

// A record lock dies when any descriptor of the file is closed in this process, and does not keep this process out: of a
// file that we have locked no other descriptor is ever opened.
function takeLock(os: Pick<Os, "open" | "lock" | "close" | "find">, path: ByteString, locks: Locks): number {
  const there = os.find(path);
  const isOurs = there !== undefined && locks.has(keyOf(there));
  const fd = isOurs ? undefined : os.open(path, ["write", "create", "nonblocking"], 0o644);
  if (fd !== undefined) {
    if (os.lock(fd)) return fd;
    os.close(fd);
  }
  throw invalid("another instance of s6-supervise is already running");
}

function keyOf({ device, inode }: FileStatus): string {
  return `${device}:${inode}`;
}

function openControl(os: Pick<Os, "makeFifo" | "open" | "stat">, path: ByteString): number {
  try {
    os.makeFifo(path, 0o600);
  } catch (error) {
    if (!isErrno(error, "EEXIST")) throw error;
    if (os.stat(path).kind !== "fifo") throw invalid("supervise/control is not a FIFO");
  }
  return os.open(path, ["readwrite", "nonblocking"]);
}
