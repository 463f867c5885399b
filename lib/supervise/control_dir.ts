// .s6-svscan of a scan directory: made, locked and opened as s6-svscan does it.

import type { ByteString } from "../bytes.ts";
import { invalid, isErrno } from "../report.ts";
import type { SuperviseOs } from "./ports.ts";

export class ControlDir {
  private constructor(
    private readonly os: SuperviseOs,
    private readonly lock: number,
    /** The command fifo, open for writing too, so that it never comes to its end. */
    readonly control: number,
  ) {}

  /** @throws Failure if another scanner holds the lock, OsError if something cannot be made */
  static open(os: SuperviseOs, scanDirectory: ByteString): ControlDir {
    const path = `${scanDirectory}/.s6-svscan`;
    const umask = os.setUmask(0);
    try {
      makeUnlessThere(() => os.makeDirectory(path, 0o700));
      if (os.stat(path).kind !== "directory") throw invalid(`${path} exists and is not a directory`);
      const lock = os.open(`${path}/lock`, ["write", "create", "nonblocking"], 0o600);
      try {
        if (!os.lock(lock)) throw invalid("another instance of s6-svscan is already running on the same directory");
        makeUnlessThere(() => os.makeFifo(`${path}/control`, 0o600));
        if (os.stat(`${path}/control`).kind !== "fifo") throw invalid(`${path}/control exists and is not a fifo`);
        return new ControlDir(os, lock, os.open(`${path}/control`, ["readwrite", "nonblocking"]));
      } catch (error) {
        os.close(lock);
        throw error;
      }
    } finally {
      os.setUmask(umask);
    }
  }

  close(): void {
    this.os.close(this.control);
    this.os.close(this.lock);
  }
}

function makeUnlessThere(make: () => void): void {
  try {
    make();
  } catch (error) {
    if (!isErrno(error, "EEXIST")) throw error;
  }
}
