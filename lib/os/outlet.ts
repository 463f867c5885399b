// Writing to a descriptor that is shared with others and may be made blocking or non-blocking by them at any time. What
// is written here never waits, and changes nothing for them: where the file can be opened once more, by way of a
// description of our own; else by calls that do not wait whatever the description says.

import { checked, osError } from "./failed_call.ts";
import { descriptors } from "./descriptor.ts";
import { files } from "./file.ts";
import { addressOf, base, BUFFER_SIZE, cString, PLACE, syscall, view } from "./libc.ts";
import { HERE, OPEN } from "./open_flags.ts";
import type { Outlet } from "./parts.ts";
import { SYS } from "./syscall_numbers.ts";

const PIPE_FLAGS = OPEN.nonblocking | OPEN.closeOnExec;
const WRITE_WITHOUT_WAITING = OPEN.write | OPEN.noTerminal | PIPE_FLAGS;
const DO_NOT_WAIT = 0x40; // MSG_DONTWAIT
const NO_SIGNAL = 0x4000; // MSG_NOSIGNAL
const NON_BLOCKING = 2; // SPLICE_F_NONBLOCK
/** What a pipe that has room takes without waiting. */
const PAGE = 4096;
const AGAIN = -11;
const INTERRUPTED = -4;
/** EPERM, ENOSYS. */
const REFUSED: ReadonlySet<number> = new Set([-1, -38]);

/** @param reopen opens the file of a descriptor once more; negative where that cannot be */
export function openOutlet(fd: number, reopen: (fd: number) => number = openTwin): Outlet {
  const kind = kindOf(fd);
  if (kind === "socket") return { fd, write: (from) => sendNow(fd, from) };
  if (kind === "plain") return { fd, write: (from) => writeNow(fd, from) };
  const twin = kind === "unknown" ? -1 : reopen(fd);
  if (twin >= 0) return { fd: twin, write: (from) => writeNow(twin, from) };
  const own = kind === "pipe" && mayTee() ? ownPipe() : undefined;
  if (own !== undefined) return { fd, write: (from) => pourNow(own, fd, from) };
  return { fd, write: (from) => descriptors.isWritable(fd) ? writeNow(fd, from.subarray(0, PAGE)) : 0 };
}

/** False where the system call is refused. No kernel has anything to do for these arguments. */
function mayTee(): boolean {
  return !REFUSED.has(syscall(SYS.tee, -1, -1, 0, 0));
}

/** "plain" is what a write never waits for, and has a position that a description of our own would not know. */
function kindOf(fd: number): "socket" | "pipe" | "terminal" | "plain" | "unknown" {
  if (descriptors.isTerminal(fd)) return "terminal";
  try {
    const { kind } = files.fstat(fd);
    return kind === "socket" ? "socket" : kind === "fifo" ? "pipe" : "plain";
  } catch {
    return "unknown";
  }
}

function openTwin(fd: number): number {
  const twin = syscall(SYS.openat, HERE, cString(`/proc/self/fd/${fd}`), WRITE_WITHOUT_WAITING);
  if (twin < 0 || isSameFile(fd, twin)) return twin;
  syscall(SYS.close, twin);
  return -1;
}

/** False if /proc is something else than it should be, or that is not to be learnt. */
function isSameFile(one: number, other: number): boolean {
  try {
    const [a, b] = [files.fstat(one), files.fstat(other)];
    return a.inode === b.inode && a.device === b.device;
  } catch {
    return false;
  }
}

function taken(result: number): number {
  return result === AGAIN || result === INTERRUPTED ? 0 : checked(result, "write");
}

function writeNow(fd: number, from: Uint8Array<ArrayBuffer>): number {
  return taken(syscall(SYS.write, fd, addressOf(from), from.length));
}

function sendNow(fd: number, from: Uint8Array<ArrayBuffer>): number {
  return taken(syscall(SYS.sendto, fd, addressOf(from), from.length, DO_NOT_WAIT | NO_SIGNAL));
}

interface Pipe {
  readonly read: number;
  readonly write: number;
}

function ownPipe(): Pipe | undefined {
  if (syscall(SYS.pipe2, base + PLACE.result, PIPE_FLAGS) < 0) return undefined;
  return { read: view.getInt32(PLACE.result, true), write: view.getInt32(PLACE.result + 4, true) };
}

/** Lets the pages of a pipe of our own into the other one too, then empties ours. */
function pourNow(own: Pipe, fd: number, from: Uint8Array<ArrayBuffer>): number {
  const size = writeNow(own.write, from.subarray(0, PAGE));
  const result = syscall(SYS.tee, own.read, fd, size, NON_BLOCKING);
  if (syscall(SYS.read, own.read, base + PLACE.buffer, BUFFER_SIZE) !== size) throw osError("write", "", 5);
  return taken(result);
}
