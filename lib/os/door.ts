// The guarded door, for looking: files are pointed at first (O_PATH), which no fifo, device or lease answers to, and
// opened only if they are regular files; non-blocking, and compared with what was pointed at.

import { type ByteString, byteString } from "../bytes.ts";
import { OsError } from "../report.ts";
import { readEntries } from "./directory.ts";
import type { Door, Reach, WritingDoor } from "./door_port.ts";
import { writing } from "./door_writing.ts";
import type { FileStatus } from "./file_status.ts";
import { base, BUFFER_SIZE, cString, memory, PLACE, syscall } from "./libc.ts";
import { HERE, OPEN } from "./open_flags.ts";
import { ERROR, openWithin, RESOLVE } from "./path_walk.ts";
import { look, openKind, point, refusal } from "./pointing.ts";
import { lastStatus, readFileStatus } from "./status.ts";
import { SYS } from "./syscall_numbers.ts";

const EXECUTE = 1; // X_OK
const NO_SYNC = 0x4000; // AT_STATX_DONT_SYNC
const EMPTY_PATH = 0x1000; // AT_EMPTY_PATH
const READ = OPEN.read | OPEN.nonblocking | OPEN.noTerminal;

function hold(path: ByteString, directory?: number, reach: Reach = {}): number {
  const { links = "follow", mounts = directory === undefined ? "cross" : "refuse" } = reach;
  const resolve = (links === "refuse" ? RESOLVE.noLinks : 0) | (mounts === "refuse" ? RESOLVE.noOtherMount : 0);
  const fd = openWithin(directory ?? HERE, path, OPEN.path | OPEN.directory, resolve);
  if (fd < 0) throw refusal("open", path, fd);
  return fd;
}

function find(
  path: ByteString,
  directory = HERE,
  { links = "follow" }: Pick<Reach, "links"> = {},
): FileStatus | undefined {
  const found = look(directory, path, RESOLVE.noOtherMount | (links === "refuse" ? RESOLVE.noLinks : 0));
  if (typeof found !== "number") return found;
  if (found === -ERROR.ENOENT || found === -ERROR.ENOTDIR) return undefined;
  throw refusal("look at", path, found);
}

/** Root has chosen the path: it is followed wherever it leads, but no server is asked. */
function leadsTo(path: ByteString, { device, inode }: Pick<FileStatus, "device" | "inode">): boolean {
  if (readFileStatus(HERE, path, NO_SYNC) < 0) return false;
  const found = lastStatus();
  return found.device === device && found.inode === inode;
}

function isThere(path: ByteString): boolean {
  return readFileStatus(HERE, path, NO_SYNC) >= 0;
}

function pathOf(directory: number): ByteString | undefined {
  const room = PLACE.secondPath - PLACE.path;
  const length = syscall(SYS.readlinkat, HERE, cString(`/proc/self/fd/${directory}`), base + PLACE.secondPath, room);
  return length < 0 ? undefined : byteString(memory.subarray(PLACE.secondPath, PLACE.secondPath + length));
}

function mayExecute(path: ByteString, directory = HERE): boolean {
  const fd = openWithin(directory, path, OPEN.path, RESOLVE.noOtherMount);
  if (fd === -ERROR.ENOENT || fd === -ERROR.ENOTDIR) return false;
  if (fd < 0) throw refusal("look at", path, fd);
  try {
    const { kind, mode } = point(fd, path);
    return kind === "file" && isExecutable(fd, mode);
  } finally {
    syscall(SYS.close, fd);
  }
}

/** What the descriptor points at, a file of that mode. */
function isExecutable(fd: number, mode: number): boolean {
  let result = syscall(SYS.faccessat2, fd, cString(""), EXECUTE, EMPTY_PATH);
  // Before Linux 5.8, or with a filter of system calls that does not know the call.
  if (result === -ERROR.ENOSYS || result === -ERROR.EPERM) {
    result = syscall(SYS.faccessat, HERE, cString(`/proc/self/fd/${fd}`), EXECUTE);
  }
  return result === -ERROR.ENOENT ? (mode & 0o111) !== 0 : result === 0;
}

function open(path: ByteString, directory: number, links: Reach["links"] = "follow"): ReturnType<typeof openKind> {
  const resolve = RESOLVE.noOtherMount | (links === "refuse" ? RESOLVE.noLinks : 0);
  return openKind("file", directory, path, READ, resolve);
}

/** Reads up to this many bytes; the end of the file may come earlier. */
function readUpTo(fd: number, path: ByteString, size: number): ByteString {
  let text = "";
  while (text.length < size) {
    const room = Math.min(BUFFER_SIZE, size - text.length);
    const got = syscall(SYS.read, fd, base + PLACE.buffer, room);
    if (got < 0) throw refusal("read", path, got);
    if (got === 0) break;
    text += byteString(memory.subarray(PLACE.buffer, PLACE.buffer + got));
  }
  return text;
}

function readHead(path: ByteString, size: number, directory = HERE): ByteString {
  const { fd } = open(path, directory);
  try {
    return readUpTo(fd, path, size);
  } finally {
    syscall(SYS.close, fd);
  }
}

function readProgram(
  path: ByteString,
  size: number,
  directory = HERE,
): { readonly head: ByteString; readonly mayExecute: boolean } {
  const { fd, status } = open(path, directory);
  try {
    return { head: readUpTo(fd, path, size), mayExecute: isExecutable(fd, status.mode) };
  } finally {
    syscall(SYS.close, fd);
  }
}

function readOwned(
  path: ByteString,
  most: number,
  directory = HERE,
  { links }: Pick<Reach, "links"> = {},
): { readonly content: ByteString; readonly status: FileStatus } {
  const { fd, status } = open(path, directory, links);
  try {
    const content = status.size > most ? undefined : readUpTo(fd, path, most + 1);
    if (content !== undefined && content.length <= most) return { content, status };
    throw new OsError("read", path, "EFBIG", `it has more than ${most} bytes`);
  } finally {
    syscall(SYS.close, fd);
  }
}

/** Up to `most` names and, if there are more, one more than that at least. */
function names(path: ByteString, most: number, directory: number): ByteString[] {
  const fd = openWithin(directory, path, READ | OPEN.directory, RESOLVE.noOtherMount);
  if (fd < 0) throw refusal("open", path, fd);
  try {
    const found: ByteString[] = [];
    for (let some = readEntries(fd, path); some !== undefined; some = readEntries(fd, path)) {
      for (const name of some.names) found.push(name);
      if (found.length > most) break;
    }
    return found;
  } finally {
    syscall(SYS.close, fd);
  }
}

function list(path: ByteString, most: number, directory = HERE): ByteString[] {
  const found = names(path, most, directory);
  if (found.length > most) throw new OsError("read directory", path, "EFBIG", `it holds more than ${most} entries`);
  return found;
}

const looking: Door = {
  hold,
  find,
  leadsTo,
  isThere,
  pathOf,
  mayExecute,
  readProgram,
  readHead,
  readWhole: (path, most, directory, reach) => readOwned(path, most, directory, reach).content,
  readOwned,
  list,
  listHead: (path, most, directory = HERE) => names(path, most, directory).slice(0, most),
};

export const door: WritingDoor = { ...looking, ...writing };
