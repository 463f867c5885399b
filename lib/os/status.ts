// Reading what the system tells of a file: statx(2), which has one layout on both architectures, or where the kernel or a
// sandbox refuses it newfstatat(2).

import type { ByteString } from "../bytes.ts";
import { checked } from "./failed_call.ts";
import type { FileStatus } from "./file_status.ts";
import { base, cString, PLACE, syscall, view } from "./libc.ts";
import { HERE } from "./open_flags.ts";
import { SYNC_FLAGS, toExtended } from "./plain_status.ts";
import { SYS } from "./syscall_numbers.ts";

const STATUS = PLACE.result;
const BASIC = 0x7ff; // STATX_BASIC_STATS
const MOUNT = 0x1000; // STATX_MNT_ID
const MOUNT_ROOT = 0x2000; // STATX_ATTR_MOUNT_ROOT

const KINDS: Readonly<Record<number, FileStatus["kind"]>> = {
  0o1: "fifo",
  0o2: "character",
  0o4: "directory",
  0o6: "block",
  0o10: "file",
  0o12: "link",
  0o14: "socket",
};

/** The status of a path in a directory, or of the directory itself if the path is empty. */
export function status(directory: number, path: ByteString, flags: number): FileStatus {
  checked(readFileStatus(directory, path, flags), "stat", path === "" ? `descriptor ${directory}` : path);
  return lastStatus();
}

/** Asks for it: 0, or minus the errno number. lastStatus() is the answer until the next call. */
export function readFileStatus(directory: number, path: ByteString, flags: number): number {
  return extendedStatus(directory, path, flags, BASIC | MOUNT);
}

/** A struct statx at PLACE.result: 0, or minus the errno number. */
export function extendedStatus(directory: number, path: ByteString, flags: number, mask: number): number {
  if (!isRefused) {
    const result = syscall(SYS.statx, directory, cString(path), flags, mask, base + STATUS);
    if ((result !== -NOT_PERMITTED && result !== -NO_SUCH_CALL) || !refused()) return result;
  }
  const result = syscall(SYS.newfstatat, directory, cString(path), base + STATUS, flags & ~SYNC_FLAGS);
  if (result === 0) toExtended(STATUS);
  return result;
}

const NOT_PERMITTED = 1; // EPERM
const NO_SUCH_CALL = 38; // ENOSYS

let isRefused = false;

/** True if it is the call that is refused, not the file: a file system may have these errors too. */
function refused(): boolean {
  const result = syscall(SYS.statx, HERE, cString("/", PLACE.secondPath), 0, BASIC, base + STATUS);
  return isRefused = result === -NOT_PERMITTED || result === -NO_SUCH_CALL;
}

/** For tests: as if statx were refused, or as it is. */
export function pretendRefused(refused: boolean): void {
  isRefused = refused;
}

/** What the last successful call has returned. */
export function lastStatus(): FileStatus {
  return new LastStatus();
}

/**
 * True if the last call says that a file system begins there, or does not say whether: Linux before 5.8 tells no
 * STATX_ATTR_MOUNT_ROOT.
 */
export function maybeMount(): boolean {
  const [attributes, told] = [view.getUint32(STATUS + 8, true), view.getUint32(STATUS + 56, true)];
  return (told & MOUNT_ROOT) === 0 || (attributes & MOUNT_ROOT) !== 0;
}

/** What the last call tells the file system of a file by: its mount, or before Linux 5.8 its device. */
export function lastMount(): number {
  const hasMount = (view.getUint32(STATUS, true) & MOUNT) !== 0;
  if (hasMount) return readNumber(STATUS + 144);
  return view.getUint32(STATUS + 136, true) * 0x100000 + view.getUint32(STATUS + 140, true);
}

/** What the last call for a status left. A class, as an object with getters of its own would cost a type of its own. */
class LastStatus implements FileStatus {
  readonly kind: FileStatus["kind"];
  readonly mode = view.getUint16(STATUS + 28, true) & 0o7777;
  readonly links = view.getUint32(STATUS + 16, true);
  readonly uid = view.getUint32(STATUS + 20, true);
  readonly gid = view.getUint32(STATUS + 24, true);
  readonly inode = readNumber(STATUS + 32);
  readonly size = readNumber(STATUS + 40);
  readonly device = view.getUint32(STATUS + 136, true) * 0x100000 + view.getUint32(STATUS + 140, true);
  private readonly accessedSeconds = readSeconds(STATUS + 64);
  private readonly accessedRest = view.getUint32(STATUS + 72, true);
  private readonly modifiedSeconds = readSeconds(STATUS + 112);
  private readonly modifiedRest = view.getUint32(STATUS + 120, true);

  constructor() {
    this.kind = KINDS[view.getUint16(STATUS + 28, true) >> 12] ?? "file";
  }

  get accessed(): bigint {
    return nanoseconds(this.accessedSeconds, this.accessedRest);
  }

  get modified(): bigint {
    return nanoseconds(this.modifiedSeconds, this.modifiedRest);
  }
}

/** An unsigned 64-bit number. Not by way of a bigint, which costs more than the rest of a status. */
function readNumber(at: number): number {
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * 0x1_0000_0000;
}

/** The seconds of a struct statx_timestamp. */
function readSeconds(at: number): number {
  return view.getUint32(at, true) + view.getInt32(at + 4, true) * 0x1_0000_0000;
}

function nanoseconds(seconds: number, rest: number): bigint {
  return BigInt(seconds) * 1_000_000_000n + BigInt(rest);
}
