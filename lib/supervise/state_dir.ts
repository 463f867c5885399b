// supervise/ and event/ of a service directory: made, locked and opened as s6-supervise does it, and what the
// supervisor keeps in them. Either may be a link that dangles: its target is made (a read-only service directory).

import { type ByteString, rawBytes } from "../bytes.ts";
import { publish } from "../event/publish.ts";
import type { Os } from "../os/os.ts";
import { invalid, isErrno } from "../report.ts";
import { type DeathRecord, encodeDeath, RECORD_SIZE, withDeath } from "./death_tally.ts";
import type { SuperviseOs } from "./ports.ts";
import type { ServiceDirectory } from "./service_dir.ts";
import { encodeStatus, type Status } from "./status.ts";

const EVENT_MODE = 0o3730;
const PRIVATE_DIRECTORY = 0o700;

export class StateDir {
  #open = true;

  private constructor(
    private readonly os: SuperviseOs,
    private readonly files: ServiceDirectory,
    private readonly lock: number,
    /** Open for writing too: with no writer the fifo would be readable at its end forever. */
    readonly control: number,
  ) {}

  /**
   * Makes what is missing, takes the lock and empties the death tally.
   * @throws Failure if another supervisor holds the lock, OsError if something cannot be made
   */
  static open(os: SuperviseOs, files: ServiceDirectory): StateDir {
    const directory = files.path;
    const umask = os.setUmask(0);
    try {
      if (makeDirectory(os, directory, "event")) {
        os.chown(`${directory}/event`, -1, os.credentials().gid);
        os.chmod(`${directory}/event`, EVENT_MODE);
      }
      makeDirectory(os, directory, "supervise");
      const lock = takeLock(os, `${directory}/supervise/lock`);
      try {
        return new StateDir(os, files, lock, openControl(os, `${directory}/supervise/control`));
      } catch (error) {
        os.close(lock);
        throw error;
      }
    } finally {
      os.setUmask(umask);
    }
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
        this.os.write(fd, rawBytes(encodeDeath(death)));
        return;
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
    this.os.close(this.control);
    this.os.close(this.lock);
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
    if (os.stat(path).kind !== "directory") throw invalid(`${path} exists and is not a directory`);
    return false;
  } catch (error) {
    if (!isErrno(error, "ENOENT")) throw error;
  }
  const target = os.readLink(path);
  os.makeDirectory(target.startsWith("/") ? target : `${parent}/${target}`, PRIVATE_DIRECTORY);
  return true;
}

// A record lock dies when any descriptor of the file is closed in this process: this is the only one there ever is.
function takeLock(os: Pick<Os, "open" | "lock" | "close">, path: ByteString): number {
  const fd = os.open(path, ["write", "create", "nonblocking"], 0o644);
  if (os.lock(fd)) return fd;
  os.close(fd);
  throw invalid("another instance of s6-supervise is already running");
}

function openControl(os: Pick<Os, "makeFifo" | "open" | "stat">, path: ByteString): number {
  try {
    os.makeFifo(path, 0o600);
  } catch (error) {
    if (!isErrno(error, "EEXIST")) throw error;
    if (os.stat(path).kind !== "fifo") throw invalid(`${path} exists and is not a fifo`);
  }
  return os.open(path, ["readwrite", "nonblocking"]);
}
