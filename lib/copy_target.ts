// Where the copy of a file is written: a new file, or the one that lies there, unless it has another name
// or it is the file to be copied.

import type { ByteString } from "./bytes.ts";
import type { FileStatus, Os } from "./os/os.ts";
import { isErrno, unsuitable } from "./report.ts";

type TargetPorts = Pick<Os, "openAt" | "fstat" | "truncate" | "close" | "removeAt">;

/** An entry of a directory, by the descriptor of that and its name. */
export interface EntryPlace {
  readonly directory: number;
  readonly name: ByteString;
}

/** An empty file in that place: a new one, or the one that is there if it is known by no other name. */
export function newFile(os: TargetPorts, { directory, name }: EntryPlace, source: FileStatus): number {
  const make = (): number => os.openAt(directory, name, ["write", "create", "exclusive"], source.mode & 0o700);
  try {
    return make();
  } catch (error) {
    if (!isErrno(error, "EEXIST")) throw error;
  }
  const fd = os.openAt(directory, name, ["write", "nonblocking", "nofollow"]);
  try {
    const { kind, links, device, inode } = os.fstat(fd);
    if (kind !== "file") throw unsuitable("overwrite", name, `it is a ${kind}`);
    if (device === source.device && inode === source.inode) {
      throw unsuitable("overwrite", name, "it is the file to be copied");
    }
    if (links === 1) {
      os.truncate(fd, 0);
      return fd;
    }
  } catch (error) {
    os.close(fd);
    throw error;
  }
  os.close(fd);
  os.removeAt(directory, name, "other");
  return make();
}
