// Moving bytes between pipes inside the kernel, and looking at them while they stay where they are. Follows splice(2),
// tee(2) and pipe(7).

import { checked } from "./failed_call.ts";
import { addressOf, base, cString, PLACE, syscall, view } from "./libc.ts";
import { OPEN } from "./open_flags.ts";
import type { PipeEnds, Pipes } from "./parts.ts";
import { SYS } from "./syscall_numbers.ts";

const UNIX = 1; // AF_UNIX
const MESSAGES = 5; // SOCK_SEQPACKET
const CLOSE_ON_EXEC = 1; // MFD_CLOEXEC
const SET_SIZE = 1031; // F_SETPIPE_SZ
const GET_SIZE = 1032; // F_GETPIPE_SZ
const NOW = 2; // SPLICE_F_NONBLOCK
const NOW_AS_SIXTH = new Uint8Array(new BigUint64Array([BigInt(NOW)]).buffer);
const HELD = 0x541b; // FIONREAD
const HUNG_UP = 0x10; // POLLHUP

function openPair(): [number, number] {
  const kind = MESSAGES | OPEN.closeOnExec | OPEN.nonblocking;
  checked(syscall(SYS.socketpair, UNIX, kind, 0, base + PLACE.result), "make a pair of sockets");
  return [view.getInt32(PLACE.result, true), view.getInt32(PLACE.result + 4, true)];
}

function enlarge(fd: number, size: number): number {
  const granted = syscall(SYS.fcntl, fd, SET_SIZE, size);
  return granted >= 0 ? granted : checked(syscall(SYS.fcntl, fd, GET_SIZE), "learn the size of a pipe");
}

function look(from: number, through: PipeEnds, into: Uint8Array<ArrayBuffer>): number {
  const size = checked(syscall(SYS.tee, from, through.write, into.length, NOW), "look into a pipe");
  const address = addressOf(into);
  for (let at = 0; at < size;) at += checked(syscall(SYS.read, through.read, address + at, size - at), "read a pipe");
  return size;
}

function writePieces(fd: number, from: Uint8Array<ArrayBuffer>, ends: readonly number[]): void {
  const address = addressOf(from);
  let at = 0;
  for (const end of ends) {
    while (at < end) at += checked(syscall(SYS.write, fd, address + at, end - at), "write to a pipe");
  }
}

// struct pollfd: descriptor 4, wanted events 2, events 2; struct timespec of zero: do not wait
function hasWriter(fd: number): boolean {
  view.setInt32(PLACE.result, fd, true);
  view.setInt32(PLACE.result + 4, 0, true);
  view.setBigInt64(PLACE.result + 8, 0n, true);
  view.setBigInt64(PLACE.result + 16, 0n, true);
  const count = syscall(SYS.ppoll, base + PLACE.result, 1, base + PLACE.result + 8, 0);
  return count <= 0 || (view.getInt16(PLACE.result + 6, true) & HUNG_UP) === 0;
}

function held(fd: number): number {
  checked(syscall(SYS.ioctl, fd, HELD, base + PLACE.result), "learn what a pipe holds");
  return view.getInt32(PLACE.result, true);
}

export const pipes: Pipes = {
  openPair,
  openMark: () => checked(syscall(SYS.memfd_create, cString("mark"), CLOSE_ON_EXEC), "make a memory file"),
  enlarge,
  move: (from, to, most) => checked(syscall(SYS.splice, from, 0, to, 0, most, NOW_AS_SIXTH), "move what a pipe holds"),
  look,
  writePieces,
  readAt: (fd, into, place) =>
    checked(syscall(SYS.pread64, fd, addressOf(into), into.length, place), "read a memory file"),
  held,
  hasWriter,
};
