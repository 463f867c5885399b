// The last bytes of a log. Its directory may belong to a hostile user: no link is followed, on the way or at the end,
// nothing but a regular file with one name is opened, and nothing is waited for.

import { type ByteString, byteString } from "../../bytes.ts";
import type { Door, Os } from "../../os/os.ts";
import { OsError } from "../../report.ts";

export type TailOs = Pick<Os, "openAt" | "close" | "fstat" | "read" | "seek"> & {
  readonly door: Pick<Door, "hold" | "find">;
};

/** How much is read, in bytes. */
const TAIL = 16 * 1024;

/** The lines at the end of a log, the latest last, or why they cannot be read. */
export type Tail = { readonly lines: readonly ByteString[] } | { readonly unread: ByteString };

/** @param path absolute, of the file */
export function tailOf(os: TailOs, path: ByteString): Tail {
  const slash = path.lastIndexOf("/");
  try {
    const directory = os.door.hold(path.slice(0, slash) || "/", undefined, { links: "refuse" });
    try {
      return readTail(os, directory, path.slice(slash + 1));
    } finally {
      os.close(directory);
    }
  } catch (error) {
    if (error instanceof OsError) return { unread: error.errno === "ELOOP" ? LINKED : error.reason };
    throw error;
  }
}

const LINKED = "it is reached by a link, which is not followed here";

function readTail(os: TailOs, directory: number, name: ByteString): Tail {
  // What is no file is not opened at all: to open a device may do something.
  const found = os.door.find(name, directory, { links: "refuse" });
  if (found === undefined) return { unread: "it does not exist" };
  const fd = found.kind === "file" ? os.openAt(directory, name, ["read", "nonblocking", "nofollow"]) : undefined;
  if (fd === undefined) return { unread: found.kind === "link" ? LINKED : `it is a ${found.kind}, not a file` };
  try {
    const { kind, links, size } = os.fstat(fd);
    if (kind !== "file" || links > 1) return { unread: "it has other names, and may be another user's file" };
    const from = Math.max(0, size - TAIL);
    os.seek(fd, from);
    return { lines: wholeLines(readUpTo(os, fd), from > 0) };
  } finally {
    os.close(fd);
  }
}

/** The file may grow meanwhile. */
function readUpTo(os: Pick<Os, "read">, fd: number): ByteString {
  const buffer = new Uint8Array(new ArrayBuffer(TAIL));
  let filled = 0;
  while (filled < TAIL) {
    const got = os.read(fd, buffer.subarray(filled));
    if (got === 0) break;
    filled += got;
  }
  return byteString(buffer.subarray(0, filled));
}

/** @param isCut the first line may not be whole */
function wholeLines(text: ByteString, isCut: boolean): ByteString[] {
  const lines = text.split("\n");
  if (isCut) lines.shift();
  return lines.filter((line) => line !== "");
}
