// The guarded door, for changing: entries of held directories, of which no link is followed. Modes are set on
// descriptors, so that the umask of process 1 stays as it is.

import { type ByteString, rawBytes } from "../bytes.ts";
import { OsError } from "../report.ts";
import { directories } from "./directory.ts";
import type { Door, WritingDoor } from "./door_port.ts";
import { checked } from "./failed_call.ts";
import type { FileStatus } from "./file_status.ts";
import { addressOf, cString, PLACE, syscall } from "./libc.ts";
import { HERE, OPEN } from "./open_flags.ts";
import { ERROR, OF_DESCRIPTOR, openWithin, RESOLVE } from "./path_walk.ts";
import { look, openKind, point, refusal } from "./pointing.ts";
import { status } from "./status.ts";
import { SYS } from "./syscall_numbers.ts";

const WITHIN = RESOLVE.noOtherMount | RESOLVE.noLinks;
const QUIETLY = OPEN.nonblocking | OPEN.noTerminal | OPEN.nofollow;
const EMPTY_PATH = 0x1000; // AT_EMPTY_PATH
const EXCHANGE = 2; // RENAME_EXCHANGE
/** None but ours may open what is about to get its mode. */
const PRIVATE = 0o600;

function entry(name: ByteString): ByteString {
  if (name !== "" && name !== "." && name !== ".." && !name.includes("/")) return name;
  throw new OsError("change", name, "EINVAL", "it is no name of an entry");
}

function makeDirectory(name: ByteString, mode: number, directory: number, gid = -1): boolean {
  const made = syscall(SYS.mkdirat, directory, cString(entry(name)), 0o700);
  if (made === -ERROR.EEXIST) return false;
  checked(made, "mkdir", name);
  const fd = openWithin(directory, name, OPEN.read | OPEN.directory | QUIETLY, WITHIN);
  if (fd < 0) throw refusal("open", name, fd);
  try {
    // A filter of system calls may refuse a change to what is so already.
    const isToChange = gid !== -1 && status(fd, "", OF_DESCRIPTOR).gid !== gid;
    if (isToChange) checked(syscall(SYS.fchownat, fd, cString(""), -1, gid, EMPTY_PATH), "chown", name);
    checked(syscall(SYS.fchmod, fd, mode), "chmod", name);
  } finally {
    syscall(SYS.close, fd);
  }
  return true;
}

function provideFifo(name: ByteString, mode: number, directory: number): number {
  const made = syscall(SYS.mknodat, directory, cString(entry(name)), 0o10000 | PRIVATE, 0);
  if (made !== -ERROR.EEXIST) checked(made, "mkfifo", name);
  const { fd } = openKind("fifo", directory, name, OPEN.readwrite | QUIETLY, WITHIN);
  if (made === 0) setMode(fd, mode, name);
  return fd;
}

function setMode(fd: number, mode: number, name: ByteString): void {
  const result = syscall(SYS.fchmod, fd, mode);
  if (result < 0) syscall(SYS.close, fd);
  checked(result, "chmod", name);
}

const APPEND = OPEN.write | OPEN.append | QUIETLY;

function openFile(name: ByteString, directory: number): number {
  const { fd, status } = openKind("file", directory, entry(name), APPEND, WITHIN);
  if (status.links <= 1) return fd;
  syscall(SYS.close, fd);
  throw new OsError("open", name, "EMLINK", "it has other names too");
}

function provideFile(name: ByteString, directory: number, mode?: number): number {
  const flags = APPEND | OPEN.create | OPEN.exclusive;
  const fd = openWithin(directory, entry(name), flags, WITHIN, mode ?? 0o666);
  if (fd === -ERROR.EEXIST) return openFile(name, directory);
  if (fd < 0) throw refusal("open", name, fd);
  if (mode !== undefined) setMode(fd, mode, name);
  return fd;
}

function replace(
  name: ByteString,
  content: ByteString,
  directory: number,
  mode = 0o666,
): FileStatus["kind"] | undefined {
  const temporary = `${entry(name)}.new`;
  const { fd, displaced } = makeAnew(temporary, directory, mode);
  try {
    try {
      writeAll(fd, name, content);
    } finally {
      syscall(SYS.close, fd);
    }
    if (!exchange(temporary, name, directory)) {
      const target = cString(name, PLACE.secondPath);
      const result = syscall(SYS.renameat, directory, cString(temporary), directory, target);
      checked(result, "rename", `${temporary} to ${name}`);
    }
    return displaced;
  } catch (error) {
    syscall(SYS.unlinkat, directory, cString(temporary), 0);
    throw error;
  }
}

/**
 * Exchanges the two and removes what has the temporary name then. ext4 writes a file to the disk at once that takes the
 * place of another by a rename, and waits for it (Linux 6.18, mount option auto_da_alloc): state that ends with the
 * container need not last.
 * @returns false where nothing is to be exchanged, or the file system cannot: to be renamed
 */
function exchange(temporary: ByteString, name: ByteString, directory: number): boolean {
  const swap = (): number =>
    syscall(SYS.renameat2, directory, cString(temporary), directory, cString(name, PLACE.secondPath), EXCHANGE);
  if (swap() < 0) return false;
  if (syscall(SYS.unlinkat, directory, cString(temporary), 0) === 0) return true;
  // A directory, which stays where it was: the rename says so.
  swap();
  return false;
}

/** A file that no other process has made, and what was in its place if that was not a file. */
function makeAnew(
  name: ByteString,
  directory: number,
  mode: number,
): { fd: number; displaced: FileStatus["kind"] | undefined } {
  const flags = OPEN.write | OPEN.create | OPEN.exclusive | QUIETLY;
  let fd = openWithin(directory, name, flags, WITHIN, mode);
  let displaced: FileStatus["kind"] | undefined;
  if (fd === -ERROR.EEXIST) {
    const found = look(directory, name, WITHIN);
    if (typeof found !== "number" && found.kind !== "file") displaced = found.kind;
    checked(syscall(SYS.unlinkat, directory, cString(name), 0), "remove", name);
    fd = openWithin(directory, name, flags, WITHIN, mode);
  }
  if (fd < 0) throw refusal("open", name, fd);
  return { fd, displaced };
}

function openNull(): number {
  const path = "/dev/null";
  const fd = checked(syscall(SYS.openat, HERE, cString(path), OPEN.path | OPEN.closeOnExec), "open", path);
  const { kind } = pointOnce(fd, path);
  if (kind !== "character") throw new OsError("open", path, "EINVAL", "it is no device");
  return checked(syscall(SYS.openat, HERE, cString(path), OPEN.readwrite | OPEN.closeOnExec), "open", path);
}

function pointOnce(fd: number, path: ByteString): FileStatus {
  try {
    return point(fd, path);
  } finally {
    syscall(SYS.close, fd);
  }
}

function writeAll(fd: number, name: ByteString, content: ByteString): void {
  const bytes = rawBytes(content);
  for (let at = 0; at < bytes.length;) {
    const rest = bytes.subarray(at);
    at += checked(syscall(SYS.write, fd, addressOf(rest), rest.length), "write", name);
  }
}

export const writing: Omit<WritingDoor, keyof Door> = {
  makeDirectory,
  provideFifo,
  openFifo: (name, directory) => openKind("fifo", directory, entry(name), OPEN.write | QUIETLY, WITHIN).fd,
  openFile,
  provideFile,
  replace,
  openNull,
  remove: (name, directory) => directories.removeAt(directory, entry(name), "other"),
  readLink: (name, directory) => directories.readLinkAt(directory, entry(name)),
};
