// Directories by their descriptors: reading them, and making and removing what is in them. A descriptor stays the same
// directory when it is renamed.

import { type ByteString, byteString } from "../bytes.ts";
import { checked } from "./failed_call.ts";
import { base, BUFFER_SIZE, cString, memory, PLACE, syscall, view } from "./libc.ts";
import { HERE, OPEN } from "./open_flags.ts";
import type { Entries, Files, FreeSpace } from "./os.ts";
import { extendedStatus } from "./status.ts";
import { SYS } from "./syscall_numbers.ts";

const REMOVE_DIRECTORY = 0x200; // AT_REMOVEDIR
const ENOENT = 2;
const EMPTY_PATH = 0x1000; // AT_EMPTY_PATH
const WITH_BIRTH = 0xfff; // STATX_BASIC_STATS | STATX_BTIME
const WHENCE = { start: 0, here: 1, end: 2 } as const;
const READ_DIRECTORY = OPEN.read | OPEN.directory | OPEN.closeOnExec;

function listDirectory(path: ByteString): ByteString[] {
  const fd = checked(syscall(SYS.openat, HERE, cString(path), READ_DIRECTORY), "open", path);
  try {
    const names: ByteString[] = [];
    for (let some = readEntries(fd, path); some !== undefined; some = readEntries(fd, path)) {
      for (const name of some.names) names.push(name);
    }
    return names;
  } finally {
    syscall(SYS.close, fd);
  }
}

export function readEntries(fd: number, path: ByteString = ""): Entries | undefined {
  const got = syscall(SYS.getdents64, fd, base + PLACE.buffer, BUFFER_SIZE);
  // A directory that is removed while it is open is empty. As readdir(3) has it.
  if (got === 0 || got === -ENOENT) return undefined;
  checked(got, "read directory", path);
  const names: ByteString[] = [];
  const halves: number[] = [];
  // struct linux_dirent64: inode 8, offset 8, length of the record 2, type 1, name and NUL
  for (let at = PLACE.buffer; at < PLACE.buffer + got; at += view.getUint16(at + 16, true)) {
    const name = byteString(memory.subarray(at + 19, memory.indexOf(0, at + 19)));
    if (name === "." || name === "..") continue;
    names.push(name);
    // In halves, as a bigint for each name would cost more than the name.
    halves.push(view.getUint32(at + 8, true), view.getUint32(at + 12, true));
  }
  return { names, positions: new BigUint64Array(Uint32Array.from(halves).buffer) };
}

function identity(fd: number): string {
  checked(extendedStatus(fd, "", EMPTY_PATH, WITH_BIRTH), "stat", `descriptor ${fd}`);
  // stx_ino, stx_btime, stx_dev_major and stx_dev_minor
  const at = [32, 36, 80, 84, 88, 136, 140];
  return at.map((offset) => view.getUint32(PLACE.result + offset, true)).join(":");
}

function freeSpace(fd: number): FreeSpace {
  checked(syscall(SYS.fstatfs, fd, base + PLACE.result), "look at the file system of descriptor", `${fd}`);
  const at = (offset: number): number => Number(view.getBigUint64(PLACE.result + offset, true));
  // f_bsize, f_bavail, f_files and f_ffree
  return { bytes: at(8) * at(32), files: at(40) === 0 ? Infinity : at(48) };
}

function readLinkAt(directory: number, path: ByteString): ByteString {
  const length = syscall(SYS.readlinkat, directory, cString(path), base + PLACE.result, 4096);
  checked(length, "read link", path);
  return byteString(memory.subarray(PLACE.result, PLACE.result + length));
}

function removeAt(directory: number, name: ByteString, kind: "directory" | "other"): void {
  const [action, flags] = kind === "directory" ? ["rmdir", REMOVE_DIRECTORY] as const : ["unlink", 0] as const;
  checked(syscall(SYS.unlinkat, directory, cString(name), flags), action, name);
}

export const directories: Pick<
  Files,
  | "listDirectory"
  | "readEntries"
  | "seek"
  | "identity"
  | "freeSpace"
  | "makeDirectoryAt"
  | "makeFifoAt"
  | "symlinkAt"
  | "readLinkAt"
  | "removeAt"
> = {
  listDirectory,
  readEntries: (fd) => readEntries(fd),
  seek: (fd, position, from = "start") => checked(syscall(SYS.lseek, fd, position, WHENCE[from]), "seek"),
  identity,
  freeSpace,
  makeDirectoryAt: (directory, name, mode) =>
    void checked(syscall(SYS.mkdirat, directory, cString(name), mode), "mkdir", name),
  makeFifoAt: (directory, name, mode) =>
    void checked(syscall(SYS.mknodat, directory, cString(name), 0o10000 | mode, 0), "mkfifo", name),
  symlinkAt: (target, directory, name) =>
    void checked(syscall(SYS.symlinkat, cString(target), directory, cString(name, PLACE.secondPath)), "symlink", name),
  readLinkAt,
  removeAt,
};
