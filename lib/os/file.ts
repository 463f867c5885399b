// Files and directories. Every call is an *at call relative to the working directory: the only ones that both
// architectures have.

import { type ByteString, byteString, rawBytes } from "../bytes.ts";
import { isErrno, OsError } from "../report.ts";
import { directories } from "./directory.ts";
import { checked } from "./failed_call.ts";
import { addressOf, base, BUFFER_SIZE, cString, memory, PLACE, syscall, view } from "./libc.ts";
import { actualPath, moveState } from "./moved.ts";
import type { FileStatus } from "./file_status.ts";
import { HERE, OPEN, OPEN_FLAGS } from "./open_flags.ts";
import type { OpenFlag } from "./operands.ts";
import type { Files } from "./os.ts";
import { lastStatus, readFileStatus, status } from "./status.ts";
import { SYS } from "./syscall_numbers.ts";

/** A string can have no more than twice as many bytes. */
const LONGEST_TEXT = 2 ** 28;
const ENOENT = 2;
const ENOTDIR = 20;
const NOFOLLOW = 0x100; // AT_SYMLINK_NOFOLLOW
const EMPTY_PATH = 0x1000; // AT_EMPTY_PATH
const BAD_DESCRIPTOR = 9; // EBADF
const NOT_IMPLEMENTED = 38; // ENOSYS

function openAt(directory: number, path: ByteString, flags: readonly OpenFlag[], mode = 0o666): number {
  const bits = flags.reduce<number>((sum, flag) => sum | OPEN_FLAGS[flag], OPEN.closeOnExec);
  return checked(syscall(SYS.openat, directory, cString(path), bits, mode), "open", path);
}

function open(path: ByteString, flags: readonly OpenFlag[], mode?: number): number {
  return openAt(HERE, path, flags, mode);
}

function close(fd: number): void {
  syscall(SYS.close, fd);
}

function read(fd: number, into: Uint8Array<ArrayBuffer>): number {
  return checked(syscall(SYS.read, fd, addressOf(into), into.length), "read");
}

function write(fd: number, from: Uint8Array<ArrayBuffer>): number {
  return checked(syscall(SYS.write, fd, addressOf(from), from.length), "write");
}

function writeAll(fd: number, from: Uint8Array<ArrayBuffer>): void {
  for (let at = 0; at < from.length;) {
    try {
      at += write(fd, from.subarray(at));
    } catch (error) {
      // Another process may have made our standard output non-blocking: wait a little, as nothing may be lost here.
      if (!isErrno(error, "EAGAIN")) throw error;
      pause();
    }
  }
}

function pause(): void {
  view.setBigInt64(PLACE.result, 0n, true);
  view.setBigInt64(PLACE.result + 8, 1_000_000n, true);
  syscall(SYS.nanosleep, base + PLACE.result, 0);
}

function readFile(path: ByteString): ByteString {
  const fd = open(path, ["read"]);
  try {
    let text = "";
    for (;;) {
      const got = checked(syscall(SYS.read, fd, base + PLACE.buffer, BUFFER_SIZE), "read", path);
      if (got === 0) return text;
      if (text.length > LONGEST_TEXT) throw new OsError("read", path, "EFBIG", "File too large");
      text += byteString(memory.subarray(PLACE.buffer, PLACE.buffer + got));
    }
  } finally {
    close(fd);
  }
}

function writeFile(path: ByteString, content: ByteString, mode = 0o666): void {
  writeAndClose(open(path, ["write", "create", "truncate"], mode), path, content);
}

function writeAndClose(fd: number, path: ByteString, content: ByteString): void {
  try {
    const bytes = rawBytes(content);
    // No other process can have made this descriptor non-blocking: whatever fails is an error.
    for (let at = 0; at < bytes.length;) {
      at += checked(syscall(SYS.write, fd, addressOf(bytes) + at, bytes.length - at), "write", path);
    }
  } finally {
    close(fd);
  }
}

function replaceFile(path: ByteString, content: ByteString, mode = 0o666): void {
  const temporary = `${path}.new`;
  try {
    // The directory may be another user's: what lies there is not written to, nor what it leads to.
    syscall(SYS.unlinkat, HERE, cString(temporary), 0);
    writeAndClose(open(temporary, ["write", "create", "exclusive"], mode), temporary, content);
    rename(temporary, path);
  } catch (error) {
    syscall(SYS.unlinkat, HERE, cString(temporary), 0);
    throw error;
  }
}

function find(path: ByteString): FileStatus | undefined {
  const result = readFileStatus(HERE, path, 0);
  // No error is made for what is asked about most: which directory of PATH has a file.
  if (result === -ENOENT || result === -ENOTDIR) return undefined;
  checked(result, "stat", path);
  return lastStatus();
}

function rename(from: ByteString, to: ByteString): void {
  const target = cString(to, PLACE.secondPath);
  checked(syscall(SYS.renameat, HERE, cString(from), HERE, target), "rename", `${from} to ${to}`);
}

function fchown(fd: number, uid: number, gid: number): void {
  // Unlike fchown(2) this takes "path" descriptors too.
  checked(syscall(SYS.fchownat, fd, cString(""), uid, gid, EMPTY_PATH), "chown");
}

function fchmod(fd: number, mode: number): void {
  let result = syscall(SYS.fchmod, fd, mode);
  // A "path" descriptor; and for it Linux before 6.6, or a filter of system calls that does not know the new one.
  if (result === -BAD_DESCRIPTOR) result = syscall(SYS.fchmodat2, fd, cString(""), mode, EMPTY_PATH);
  if (result === -NOT_IMPLEMENTED) result = syscall(SYS.fchmodat, HERE, cString(`/proc/self/fd/${fd}`), mode);
  checked(result, "chmod");
}

export const files: Files = {
  moveState,
  actualPath,
  here: HERE,
  ...directories,
  open,
  openAt,
  close,
  read,
  write,
  writeAll,
  readFile,
  writeFile,
  replaceFile,
  stat: (path) => status(HERE, path, 0),
  lstat: (path) => status(HERE, path, NOFOLLOW),
  lstatAt: (directory, path) => status(directory, path, NOFOLLOW),
  fstat: (fd) => status(fd, "", EMPTY_PATH),
  find,
  makeDirectory: (path, mode = 0o777) => directories.makeDirectoryAt(HERE, path, mode),
  removeDirectory: (path) => directories.removeAt(HERE, path, "directory"),
  unlink: (path) => void checked(syscall(SYS.unlinkat, HERE, cString(path), 0), "unlink", path),
  rename,
  link: (existing, path) => {
    const target = cString(path, PLACE.secondPath);
    checked(syscall(SYS.linkat, HERE, cString(existing), HERE, target, 0), "link", `${existing} to ${path}`);
  },
  symlink: (target, path) => directories.symlinkAt(target, HERE, path),
  readLink: (path) => directories.readLinkAt(HERE, path),
  makeFifo: (path, mode = 0o666) => directories.makeFifoAt(HERE, path, mode),
  chmod: (path, mode) => void checked(syscall(SYS.fchmodat, HERE, cString(path), mode), "chmod", path),
  fchmod,
  chown: (path, uid, gid) => void checked(syscall(SYS.fchownat, HERE, cString(path), uid, gid, 0), "chown", path),
  fchown,
  touch: (fd) => void checked(syscall(SYS.utimensat, fd, 0, 0, 0), "set the times of descriptor", `${fd}`),
  fsync: (fd) => void checked(syscall(SYS.fsync, fd), "fsync"),
  truncate: (fd, size) => void checked(syscall(SYS.ftruncate, fd, size), "truncate"),
  mayExecute: (path) => syscall(SYS.faccessat, HERE, cString(path), 1) === 0,
  mayRead: (path) => syscall(SYS.faccessat, HERE, cString(path), 4) === 0,
  mayWrite: (path) => syscall(SYS.faccessat, HERE, cString(path), 2) === 0,
  sync: () => void syscall(SYS.sync),
};
