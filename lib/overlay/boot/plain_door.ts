// The door as a child of process 1 has it, for tasks that process 1 leaves to it: through any file system, and waiting where
// a file system or a lease makes it wait. Fifos and devices do not hold it up either.

import type { ByteString } from "../../bytes.ts";
import { systemError } from "../../errno.ts";
import { byteString } from "../../bytes.ts";
import type { Door, FileStatus, Os } from "../../os/os.ts";
import { ifThere } from "../../report.ts";

export type PlainDoor = Pick<Door, "hold" | "find" | "list" | "readHead" | "readWhole" | "mayExecute">;
type PlainDoorOs = Pick<
  Os,
  "here" | "open" | "openAt" | "close" | "read" | "fstat" | "lstatAt" | "readEntries" | "mayExecute"
>;

const BLOCK = 65536;

export function plainDoor(os: PlainDoorOs): PlainDoor {
  const regular = <T>(path: ByteString, directory: number, use: (fd: number, status: FileStatus) => T): T => {
    const pointed = within(os, directory, path, ["path"], (fd) => os.fstat(fd));
    if (pointed.kind !== "file") throw systemError("open", path, "EINVAL", `it is a ${pointed.kind}, not a file`);
    return within(os, directory, path, ["read"], use);
  };
  const find: PlainDoor["find"] = (path, directory = os.here, { links = "follow" } = {}) =>
    ifThere(() => {
      if (links === "refuse") return os.lstatAt(directory, path);
      return within(os, directory, path, ["path"], (fd) => os.fstat(fd));
    }, "ENOTDIR");
  return {
    find,
    hold: (path, directory = os.here) => os.openAt(directory, path, ["path", "directory"]),
    mayExecute: (path, directory = os.here) => directory === os.here && os.mayExecute(path),
    list: (path, most, directory = os.here) =>
      within(os, directory, path, ["read", "directory"], (fd) => namesIn(os, fd, path, most)),
    readHead: (path, size, directory = os.here) => regular(path, directory, (fd) => readUpTo(os, fd, size)),
    readWhole: (path, most, directory = os.here) =>
      regular(path, directory, (fd, { size }) => {
        const content = size > most ? undefined : readUpTo(os, fd, most + 1);
        if (content !== undefined && content.length <= most) return content;
        throw systemError("read", path, "EFBIG", `it has more than ${most} bytes`);
      }),
  };
}

function within<T>(
  os: PlainDoorOs,
  directory: number,
  path: ByteString,
  flags: Parameters<Os["openAt"]>[2],
  use: (fd: number, status: FileStatus) => T,
): T {
  const fd = os.openAt(directory, path, flags);
  try {
    return use(fd, os.fstat(fd));
  } finally {
    os.close(fd);
  }
}

function namesIn(os: PlainDoorOs, fd: number, path: ByteString, most: number): ByteString[] {
  const names: ByteString[] = [];
  for (let some = os.readEntries(fd); some !== undefined; some = os.readEntries(fd)) {
    for (const name of some.names) names.push(name);
    if (names.length > most) {
      throw systemError("read directory", path, "EFBIG", `it holds more than ${most} entries`);
    }
  }
  return names;
}

function readUpTo(os: PlainDoorOs, fd: number, size: number): ByteString {
  const buffer = new Uint8Array(new ArrayBuffer(BLOCK));
  let text = "";
  while (text.length < size) {
    const got = os.read(fd, buffer.subarray(0, Math.min(BLOCK, size - text.length)));
    if (got === 0) break;
    text += byteString(buffer.subarray(0, got));
  }
  return text;
}
