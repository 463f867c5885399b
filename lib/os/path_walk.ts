// Opening a file without leaving its file system, and without following links where that is not wished: openat2(2), and
// for kernels before 5.6 and old filters of system calls a walk from one directory to the next instead.

import { type ByteString, byteString } from "../bytes.ts";
import { base, cString, memory, PLACE, syscall, view } from "./libc.ts";
import { actualPath } from "./moved.ts";
import { HERE, OPEN } from "./open_flags.ts";
import { lastMount, readFileStatus } from "./status.ts";
import { SYS } from "./syscall_numbers.ts";

/** How a path is resolved: bits of openat2(2). */
export const RESOLVE = { noOtherMount: 1, noMagicLinks: 2, noLinks: 4 } as const;

/** Error numbers that are answered here. */
export const ERROR = {
  EPERM: 1,
  ENOENT: 2,
  EEXIST: 17,
  EXDEV: 18,
  ENOTDIR: 20,
  EINVAL: 22,
  ENOSYS: 38,
  ELOOP: 40,
} as const;

const EMPTY_PATH = 0x1000; // AT_EMPTY_PATH
/** What is known already, so that no server is asked: AT_STATX_DONT_SYNC. */
export const OF_DESCRIPTOR: number = EMPTY_PATH | 0x4000;
const HOW_SIZE = 24;
const MOST_LINKS = 40;

let known: "openat2" | "walk" | undefined;

/** A new descriptor, or minus the errno number. `resolve` holds bits of RESOLVE; links of /proc/PID are never followed. */
export function openWithin(directory: number, path: ByteString, flags: number, resolve: number, mode = 0): number {
  known ??= probe();
  const bits = flags | OPEN.closeOnExec;
  if (known === "openat2") return openat2(directory, path, bits, resolve | RESOLVE.noMagicLinks, mode);
  // Word by word it would not be known for a path in the state directory.
  return walk(directory, actualPath(path), bits, resolve, mode);
}

/** For tests: as if the kernel had no openat2, or what it has. */
export function pretend(way: "walk" | undefined): void {
  known = way;
}

function probe(): "openat2" | "walk" {
  const fd = openat2(HERE, "/", OPEN.path | OPEN.closeOnExec, RESOLVE.noMagicLinks, 0);
  if (fd >= 0) syscall(SYS.close, fd);
  return fd === -ERROR.ENOSYS || fd === -ERROR.EPERM ? "walk" : "openat2";
}

// struct open_how: flags 8, mode 8, resolve 8
function openat2(directory: number, path: ByteString, flags: number, resolve: number, mode: number): number {
  const how = PLACE.result2;
  view.setUint32(how, flags, true);
  view.setUint32(how + 4, 0, true);
  view.setUint32(how + 8, mode, true);
  view.setUint32(how + 12, 0, true);
  view.setUint32(how + 16, resolve, true);
  view.setUint32(how + 20, 0, true);
  return syscall(SYS.openat2, directory, cString(path), base + how, HOW_SIZE);
}

function openat(directory: number, path: ByteString, flags: number, mode = 0): number {
  return syscall(SYS.openat, directory, cString(path), flags | OPEN.nofollow | OPEN.closeOnExec, mode);
}

const POINT = OPEN.path;

/** One word of the path after the other; the text of a link takes its place. */
function walk(directory: number, path: ByteString, flags: number, resolve: number, mode: number): number {
  let words = path.split("/");
  let at = path.startsWith("/") ? openat(HERE, "/", POINT) : openat(directory, ".", POINT);
  if (at < 0 || path === "") return at < 0 ? at : closing(at, -ERROR.ENOENT);
  const mount = mountOf(at);
  for (let links = 0;;) {
    words = words.filter((word) => word !== "" && word !== ".");
    const word = words.shift();
    if (word === undefined) return closing(at, openat(at, ".", flags, mode));
    const isLast = words.length === 0;
    const next = openat(at, word, POINT);
    if (next === -ERROR.ENOENT && isLast && (flags & OPEN.create) !== 0) {
      return closing(at, openat(at, word, flags, mode));
    }
    if (next < 0) return closing(at, next);
    if ((resolve & RESOLVE.noOtherMount) !== 0 && mountOf(next) !== mount) {
      return closing(at, closing(next, -ERROR.EXDEV));
    }
    const target = isLink(next) ? readLink(next) : undefined;
    const isToStay = isLast && (flags & OPEN.nofollow) !== 0;
    if (target === undefined || isToStay) {
      if (isLast) return closing(at, closing(next, openat(at, word, flags, mode)));
      syscall(SYS.close, at);
      at = next;
      continue;
    }
    syscall(SYS.close, next);
    if ((resolve & RESOLVE.noLinks) !== 0 || ++links > MOST_LINKS) return closing(at, -ERROR.ELOOP);
    words = [...target.split("/"), ...words];
    if (!target.startsWith("/")) continue;
    syscall(SYS.close, at);
    at = openat(HERE, "/", POINT);
    if ((resolve & RESOLVE.noOtherMount) !== 0 && mountOf(at) !== mount) return closing(at, -ERROR.EXDEV);
  }
}

function closing(fd: number, result: number): number {
  syscall(SYS.close, fd);
  return result;
}

function mountOf(fd: number): number {
  return readFileStatus(fd, "", OF_DESCRIPTOR) < 0 ? -1 : lastMount();
}

function isLink(fd: number): boolean {
  return readFileStatus(fd, "", OF_DESCRIPTOR) >= 0 && (view.getUint16(PLACE.result + 28, true) >> 12) === 0o12;
}

function readLink(fd: number): ByteString {
  const length = syscall(SYS.readlinkat, fd, cString(""), base + PLACE.result, 4096);
  return byteString(memory.subarray(PLACE.result, PLACE.result + Math.max(length, 0)));
}
