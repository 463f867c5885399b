// .s6-svscan of a scan directory: made, locked and opened as s6-svscan does it.

import type { ByteString } from "../bytes.ts";
import { about, invalid, isErrno } from "../report.ts";
import type { SuperviseOs } from "./ports.ts";

const NAME = ".s6-svscan";

export class ControlDir {
  private constructor(
    private readonly os: SuperviseOs,
    private readonly directory: number,
    private readonly lock: number,
    /** The command fifo, open for writing too, so that it never comes to its end. */
    readonly control: number,
  ) {}

  /** @throws Failure if another scanner holds the lock, OsError if something cannot be made */
  static open(os: SuperviseOs, scanDirectory: ByteString): ControlDir {
    const opened: number[] = [];
    const keep = (fd: number): number => {
      opened.push(fd);
      return fd;
    };
    try {
      const directory = keep(hold(os, scanDirectory));
      const path = `${scanDirectory}/${NAME}/lock`;
      const lock = keep(about("open", path, () => os.door.provideFile("lock", directory, 0o600)));
      if (!os.lock(lock)) throw invalid("another instance of s6-svscan is already running on the same directory");
      return new ControlDir(os, directory, lock, openControl(os, scanDirectory, directory));
    } catch (error) {
      for (const fd of opened) os.close(fd);
      throw error;
    }
  }

  /** @throws OsError if that is unknown, as the name is a link in a loop */
  has(file: ByteString): boolean {
    try {
      return this.os.door.find(file, this.directory) !== undefined;
    } catch (error) {
      // A link to another file system: where it leads is seen when it is used.
      if (isErrno(error, "EXDEV")) return true;
      throw error;
    }
  }

  close(): void {
    for (const fd of [this.control, this.lock, this.directory]) this.os.close(fd);
  }
}

/** The control directory, made if it is missing. */
function hold(os: SuperviseOs, scanDirectory: ByteString): number {
  const parent = os.door.hold(scanDirectory);
  try {
    os.door.makeDirectory(NAME, 0o700, parent);
    return os.door.hold(NAME, parent, { mounts: "cross" });
  } catch (error) {
    if (isErrno(error, "ENOTDIR")) throw invalid(`${scanDirectory}/${NAME} exists and is not a directory`);
    throw error;
  } finally {
    os.close(parent);
  }
}

function openControl(os: SuperviseOs, scanDirectory: ByteString, directory: number): number {
  try {
    return os.door.provideFifo("control", 0o600, directory);
  } catch (error) {
    if (isErrno(error, "EINVAL", "ELOOP")) throw invalid(`${scanDirectory}/${NAME}/control exists and is not a fifo`);
    throw error;
  }
}
