// What looking and writing through the door share: pointing at a file, opening it if it is what it should be, and the
// errors in words that say what is wrong.

import type { ByteString } from "../bytes.ts";
import { OsError } from "../report.ts";
import { checked, osError } from "./failed_call.ts";
import type { FileStatus } from "./file_status.ts";
import { syscall } from "./libc.ts";
import { OPEN } from "./open_flags.ts";
import { ERROR, OF_DESCRIPTOR, openWithin, RESOLVE } from "./path_walk.ts";
import { lastStatus, maybeMount, readFileStatus } from "./status.ts";
import { SYS } from "./syscall_numbers.ts";

/** AT_STATX_DONT_SYNC, AT_NO_AUTOMOUNT and AT_SYMLINK_NOFOLLOW: no server is asked, nothing is mounted or followed. */
const ITSELF = 0x4000 | 0x800 | 0x100;

const REASONS: Readonly<Record<string, string>> = {
  EAGAIN: "somebody holds a lease on it",
  EXDEV: "it lies on another file system",
};

const KINDS: Readonly<Record<FileStatus["kind"], string>> = {
  file: "a file",
  directory: "a directory",
  link: "a link",
  fifo: "a fifo",
  socket: "a socket",
  character: "a device",
  block: "a device",
};

/** The error of a failed call, whose result is minus the errno number. */
export function refusal(action: string, path: ByteString, result: number): OsError {
  const error = osError(action, path, -result);
  const reason = REASONS[error.errno];
  return reason === undefined ? error : new OsError(action, path, error.errno, reason);
}

/** What a descriptor, of whatever kind, points at; no server is asked. */
export function point(fd: number, path: ByteString): FileStatus {
  checked(readFileStatus(fd, "", OF_DESCRIPTOR), "look at", path);
  return lastStatus();
}

/**
 * What is there, itself if it is a link and links are not to be followed; or minus the errno number. An entry of a
 * directory that is neither a link nor a mount needs one call, and no descriptor.
 */
export function look(directory: number, path: ByteString, resolve: number): FileStatus | number {
  const followsLinks = (resolve & RESOLVE.noLinks) === 0;
  if (!path.includes("/")) {
    const result = readFileStatus(directory, path, ITSELF);
    if (result < 0 || path === "") return path === "" ? -ERROR.ENOENT : result;
    if (!maybeMount()) {
      const status = lastStatus();
      if (status.kind !== "link" || !followsLinks) return status;
    }
  }
  const fd = openWithin(directory, path, OPEN.path | (followsLinks ? 0 : OPEN.nofollow), resolve);
  if (fd < 0) return fd;
  try {
    return point(fd, path);
  } finally {
    syscall(SYS.close, fd);
  }
}

function requireKind(kind: FileStatus["kind"], path: ByteString, wanted: "file" | "fifo"): void {
  if (kind === wanted) return;
  // The system's own words, as it has some for this.
  if (kind === "directory" && wanted === "file") throw new OsError("open", path, "EISDIR", "Is a directory");
  const errno = kind === "link" ? "ELOOP" : "EINVAL";
  throw new OsError("open", path, errno, `it is ${KINDS[kind]}, not ${KINDS[wanted]}`);
}

/** Opens what is of this kind, and nothing else. */
export function openKind(
  wanted: "file" | "fifo",
  directory: number,
  path: ByteString,
  flags: number,
  resolve: number,
): { readonly fd: number; readonly status: FileStatus } {
  const pointed = look(directory, path, resolve);
  if (typeof pointed === "number") throw refusal("open", path, pointed);
  requireKind(pointed.kind, path, wanted);
  const nofollow = (resolve & RESOLVE.noLinks) === 0 ? 0 : OPEN.nofollow;
  const fd = openWithin(directory, path, flags | nofollow, resolve);
  if (fd < 0) throw refusal("open", path, fd);
  try {
    const status = point(fd, path);
    requireKind(status.kind, path, wanted);
    if (status.inode === pointed.inode && status.device === pointed.device) return { fd, status };
    throw new OsError("open", path, "ESTALE", "another one has taken its place");
  } catch (error) {
    syscall(SYS.close, fd);
    throw error;
  }
}
