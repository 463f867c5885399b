// Descriptors: pipes, copies, flags and record locks.

import { checked } from "./failed_call.ts";
import { base, PLACE, syscall, view } from "./libc.ts";
import { OPEN } from "./open_flags.ts";
import type { Descriptors, LockWish } from "./os.ts";
import { ownDescriptorLimit } from "./resource.ts";
import { SYS } from "./syscall_numbers.ts";

const F = {
  getFlags: 1,
  setFlags: 2,
  getStatus: 3,
  setStatus: 4,
  getLock: 5,
  setLock: 6,
  awaitLock: 7,
  copyCloseOnExec: 1030,
};
const READ_LOCK = 0;
const WRITE_LOCK = 1;
const UNLOCKED = 2;
const POLL_WRITABLE = 4; // POLLOUT
const TERMINAL_GET = 0x5401; // TCGETS
const TERMINAL_SIZE = 0x5413; // TIOCGWINSZ

function pipe(): { read: number; write: number } {
  checked(syscall(SYS.pipe2, base + PLACE.result, OPEN.closeOnExec), "make a pipe");
  return { read: view.getInt32(PLACE.result, true), write: view.getInt32(PLACE.result + 4, true) };
}

// struct flock: type 2, whence 2, padding 4, start 8, length 8, pid 4
function lockCall(fd: number, command: number, kind = WRITE_LOCK): number {
  view.setInt16(PLACE.result, kind, true);
  view.setInt16(PLACE.result + 2, 0, true);
  view.setBigInt64(PLACE.result + 8, 0n, true);
  view.setBigInt64(PLACE.result + 16, 0n, true);
  view.setInt32(PLACE.result + 24, 0, true);
  return syscall(SYS.fcntl, fd, command, base + PLACE.result);
}

function lock(fd: number, { shared = false, wait = false }: LockWish = {}): boolean {
  const kind = shared ? READ_LOCK : WRITE_LOCK;
  let result = lockCall(fd, wait ? F.awaitLock : F.setLock, kind);
  while (wait && result === -4) result = lockCall(fd, F.awaitLock, kind); // EINTR: stopped and continued
  if (result === -11 || result === -13) return false; // EAGAIN, EACCES: held by another process
  checked(result, "lock");
  return true;
}

function setNonBlocking(fd: number, on: boolean): void {
  const status = checked(syscall(SYS.fcntl, fd, F.getStatus), "read descriptor flags");
  const wanted = on ? status | OPEN.nonblocking : status & ~OPEN.nonblocking;
  if (wanted !== status) checked(syscall(SYS.fcntl, fd, F.setStatus, wanted), "set descriptor flags");
}

// struct pollfd: descriptor 4, wanted events 2, events 2; struct timespec of zero: do not wait
function isWritable(fd: number): boolean {
  view.setInt32(PLACE.result, fd, true);
  view.setInt16(PLACE.result + 4, POLL_WRITABLE, true);
  view.setInt16(PLACE.result + 6, 0, true);
  view.setBigInt64(PLACE.result + 8, 0n, true);
  view.setBigInt64(PLACE.result + 16, 0n, true);
  return syscall(SYS.ppoll, base + PLACE.result, 1, base + PLACE.result + 8, 0) !== 0;
}

/** What starting a child and reading the files of its environment take at a time, and some more. */
const ROOM = 16;

// A new descriptor has the lowest number that is free: whatever is left lies above it.
function leavesRoom(newest: number): boolean {
  const limit = ownDescriptorLimit();
  return newest < limit - Math.min(ROOM, limit / 8);
}

export const descriptors: Descriptors = {
  pipe,
  leavesRoom,
  duplicate: (fd, least = 3) =>
    checked(syscall(SYS.fcntl, fd, F.copyCloseOnExec, least), "duplicate descriptor", `${fd}`),
  duplicateOnto: (from, to) => {
    if (from === to) checked(syscall(SYS.fcntl, from, F.setFlags, 0), "use descriptor", `${from}`);
    else checked(syscall(SYS.dup3, from, to, 0), "move descriptor", `${from} to ${to}`);
  },
  setCloseOnExec: (fd, on) => void checked(syscall(SYS.fcntl, fd, F.setFlags, on ? 1 : 0), "set descriptor flags"),
  setNonBlocking,
  shutDown: (fd, direction) =>
    void checked(syscall(SYS.shutdown, fd, direction === "read" ? 0 : 1), "shut down descriptor", `${fd}`),
  isInherited: (fd) => syscall(SYS.fcntl, fd, F.getFlags) === 0,
  isOpen: (fd) => syscall(SYS.fcntl, fd, F.getFlags) >= 0,
  isTerminal: (fd) => syscall(SYS.ioctl, fd, TERMINAL_GET, base + PLACE.result) === 0,
  terminalColumns: (fd) => {
    // struct winsize: rows 2, columns 2, and both in pixels. A terminal that was not told its size has 0 of them.
    if (syscall(SYS.ioctl, fd, TERMINAL_SIZE, base + PLACE.result) !== 0) return undefined;
    return view.getUint16(PLACE.result + 2, true) || undefined;
  },
  isWritable,
  lock,
  lockOwner: (fd) => {
    checked(lockCall(fd, F.getLock), "query lock");
    return view.getInt16(PLACE.result, true) === UNLOCKED ? undefined : view.getInt32(PLACE.result + 24, true);
  },
};
