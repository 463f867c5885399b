// Which of many descriptors can be read or written: an epoll tells. Where that fails, for whatever reason, ppoll(2) stands
// in for it, which needs no descriptor and keeps nothing in the kernel, until there is an epoll again.

import { checked } from "./failed_call.ts";
import { base, BUFFER_SIZE, PLACE, syscall, view } from "./libc.ts";
import { OPEN } from "./open_flags.ts";
import { OF_DESCRIPTOR } from "./path_walk.ts";
import { readFileStatus } from "./status.ts";
import { SYS } from "./syscall_numbers.ts";

/** What can be wanted of a descriptor, and what comes unasked: the same bits in both calls. */
export const READ = 0x001;
export const WRITE = 0x004;
export const ERROR_OR_END = 0x018; // EPOLLERR, EPOLLHUP
const NOT_OPEN = 0x020; // POLLNVAL

export interface Ready {
  readonly fd: number;
  readonly events: number;
}

const CONTROL = { add: 1, remove: 2, change: 3 };
const INTERRUPTED = -4;
const BAD_DESCRIPTOR = -9;
const EXISTS = -17;
const NO_ENTRY = -2;
/** A kind of file that an epoll does not take, or a filter of system calls. */
const NOT_PERMITTED = -1;
/** Files, directories and devices, such as /dev/null: file types in a mode. */
const NOT_TAKEN: ReadonlySet<number> = new Set([0o10, 0o4, 0o2, 0o6]);
/** The number is no longer that of our epoll: another part of the process may use it. */
const NOT_OURS: ReadonlySet<number> = new Set([BAD_DESCRIPTOR, -22]);
const MOST_EVENTS = 64;
/** One that is interrupted so often in a row tells of nothing else. */
const MOST_INTERRUPTIONS = 100;
// struct epoll_event is packed on x86_64 only.
const EVENT_SIZE = Deno.build.arch === "aarch64" ? 16 : 12;
const DATA = EVENT_SIZE - 8;
const POLL_SIZE = 8; // struct pollfd: descriptor 4, wanted events 2, events 2
const MOST_POLLED = Math.floor(BUFFER_SIZE / POLL_SIZE);
/** Milliseconds until an epoll is tried again, and between two looks where ppoll fails too. */
const AGAIN = 1000;
const PAUSE = 20;

export class Poller {
  private epoll: number;
  private readonly wanted = new Map<number, number>();
  /** How often in a row waiting was interrupted. */
  private interruptions = 0;
  /** There is no epoll to rely on. */
  private isBroken = false;

  /** @param onTrouble learns why there is no epoll to rely on any more. @throws OsError if there is none to begin with */
  constructor(private readonly onTrouble: (error: unknown) => void) {
    this.epoll = checked(create(), "create an epoll");
  }

  /**
   * Sets what is wanted of a descriptor, 0 for nothing any more.
   * @throws OsError if it cannot be watched
   */
  want(fd: number, bits: number): void {
    const before = this.wanted.get(fd);
    if (bits === 0) this.wanted.delete(fd);
    else this.wanted.set(fd, bits);
    if (this.isBroken || before === undefined && bits === 0) return;
    const result = this.tellEpoll(fd, bits, before === undefined);
    if (result >= 0) return;
    if (result === NOT_PERMITTED ? NOT_TAKEN.has(typeOf(fd)) : result === BAD_DESCRIPTOR && !isOpen(fd)) {
      this.wanted.delete(fd);
      checked(result, "watch descriptor", `${fd}`);
    }
    this.breakDown(result);
  }

  private tellEpoll(fd: number, bits: number, isNew: boolean): number {
    // A descriptor that was closed before its watch was cancelled has left the epoll by itself, whatever has the number
    // now.
    if (bits === 0) return Math.max(0, this.control(fd, CONTROL.remove, bits));
    const result = this.control(fd, isNew ? CONTROL.add : CONTROL.change, bits);
    if (result === EXISTS || result === NO_ENTRY) return this.control(fd, isNew ? CONTROL.change : CONTROL.add, bits);
    return result;
  }

  private control(fd: number, operation: number, bits: number): number {
    view.setUint32(PLACE.result, bits, true);
    view.setInt32(PLACE.result + DATA, fd, true);
    return syscall(SYS.epoll_ctl, this.epoll, operation, fd, base + PLACE.result);
  }

  /**
   * What is ready, after the given number of milliseconds at the latest; -1 is without limit. It may come back early
   * with nothing.
   */
  wait(timeout: number): readonly Ready[] {
    if (!this.isBroken) {
      const count = syscall(SYS.epoll_pwait, this.epoll, base + PLACE.buffer, MOST_EVENTS, timeout, 0);
      this.interruptions = count === INTERRUPTED ? this.interruptions + 1 : 0;
      if (count >= 0) {
        return Array.from({ length: count }, (_, index) => {
          const at = PLACE.buffer + index * EVENT_SIZE;
          return { events: view.getUint32(at, true), fd: view.getInt32(at + DATA, true) };
        });
      }
      if (count === INTERRUPTED && this.interruptions < MOST_INTERRUPTIONS) return [];
      this.breakDown(count);
    }
    const ready = this.poll(timeout < 0 ? AGAIN : Math.min(timeout, AGAIN));
    if (ready.length === 0) this.repair();
    return ready;
  }

  private breakDown(result: number): void {
    this.isBroken = true;
    if (NOT_OURS.has(result)) this.epoll = -1;
    try {
      checked(result, "wait for events");
    } catch (error) {
      this.onTrouble(error);
    }
  }

  /** In a quiet moment: a new epoll with everything that is wanted. */
  private repair(): void {
    const epoll = create();
    if (epoll < 0) return;
    if (this.epoll >= 0) syscall(SYS.close, this.epoll);
    this.epoll = epoll;
    this.isBroken = [...this.wanted].some(([fd, bits]) => this.control(fd, CONTROL.add, bits) < 0 && isOpen(fd));
  }

  private poll(timeout: number): Ready[] {
    const polled = [...this.wanted].slice(0, MOST_POLLED);
    polled.forEach(([fd, bits], index) => {
      view.setInt32(PLACE.buffer + POLL_SIZE * index, fd, true);
      view.setUint32(PLACE.buffer + POLL_SIZE * index + 4, bits, true);
    });
    setDuration(timeout);
    const count = syscall(SYS.ppoll, base + PLACE.buffer, polled.length, base + PLACE.result, 0);
    if (count < 0) {
      setDuration(Math.min(timeout, PAUSE));
      syscall(SYS.nanosleep, base + PLACE.result, 0);
      return [];
    }
    const ready: Ready[] = [];
    polled.forEach(([fd], index) => {
      const events = view.getUint16(PLACE.buffer + POLL_SIZE * index + 6, true);
      if (events & NOT_OPEN) this.wanted.delete(fd);
      else if (events !== 0) ready.push({ fd, events });
    });
    return ready;
  }
}

function create(): number {
  return syscall(SYS.epoll_create1, OPEN.closeOnExec);
}

/** The four bits of its type. */
function typeOf(fd: number): number {
  return readFileStatus(fd, "", OF_DESCRIPTOR) < 0 ? 0 : view.getUint16(PLACE.result + 28, true) >> 12;
}

function isOpen(fd: number): boolean {
  return syscall(SYS.fcntl, fd, 1) >= 0; // F_GETFD
}

/** Puts a struct timespec into place. */
function setDuration(milliseconds: number): void {
  view.setBigInt64(PLACE.result, BigInt(Math.floor(milliseconds / 1000)), true);
  view.setBigInt64(PLACE.result + 8, BigInt(Math.floor(milliseconds % 1000) * 1_000_000), true);
}
