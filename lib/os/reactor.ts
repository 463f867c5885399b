// The event loop: one epoll on the main thread, one signalfd in it, deadlines by its timeout. The wait blocks the
// thread, so no other one has to be woken for an event. Promises do not settle while it runs: code under the loop is made
// of callbacks and awaits nothing.

import { check } from "./errno.ts";
import { base, PLACE, syscall, view } from "./libc.ts";
import type { Cancel, Clocks, Reactor } from "./os.ts";
import { QuietTime } from "./quiet.ts";
import { SYS } from "./syscall_numbers.ts";

const CLOSE_ON_EXEC = 0o2000000;
const NON_BLOCKING = 0o4000;
const CONTROL = { add: 1, remove: 2, change: 3 };
const READ = 0x001;
const WRITE = 0x004;
const ERROR_OR_END = 0x018; // EPOLLERR, EPOLLHUP
const MOST_EVENTS = 64;
// struct epoll_event is packed on x86_64 only.
const EVENT_SIZE = Deno.build.arch === "aarch64" ? 16 : 12;
const DATA = EVENT_SIZE - 8;
const SIGNAL_RECORD = 128;
/** The most that epoll takes, in milliseconds: 24 days. */
const LONGEST_WAIT = 0x7fffffff;

interface Watched {
  read?: (() => void) | undefined;
  write?: (() => void) | undefined;
}

interface Deadline {
  readonly time: number;
  readonly callback: () => void;
}

export class EpollReactor implements Reactor {
  private readonly epoll = check(syscall(SYS.epoll_create1, CLOSE_ON_EXEC), "create an epoll");
  private readonly watched = new Map<number, Watched>();
  private readonly deadlines: Deadline[] = [];
  private readonly listeners = new Map<number, Set<(signal: number) => void>>();
  private signalDescriptor = -1;
  private onError: ((error: unknown) => void) | undefined;
  private readonly quiet = new QuietTime(() => this.clock.monotonic());
  private stopped = false;

  /** @param clock tells the time; @param block blocks the signals of the mask on this thread, besides those blocked */
  constructor(private readonly clock: Pick<Clocks, "monotonic">, private readonly block: (mask: bigint) => void) {}

  watch(fd: number, direction: "read" | "write", callback: () => void): Cancel {
    const entry = this.watched.get(fd) ?? {};
    const fresh = entry.read === undefined && entry.write === undefined;
    entry[direction] = callback;
    this.watched.set(fd, entry);
    this.control(fd, fresh ? CONTROL.add : CONTROL.change, entry);
    let cancelled = false;
    return () => {
      if (cancelled) return;
      cancelled = true;
      if (entry[direction] === callback) this.unwatch(fd, direction, entry);
    };
  }

  private unwatch(fd: number, direction: "read" | "write", entry: Watched): void {
    entry[direction] = undefined;
    // By the time of a late cancel the number may belong to another watch.
    if (this.watched.get(fd) !== entry) return;
    const empty = entry.read === undefined && entry.write === undefined;
    if (empty) this.watched.delete(fd);
    this.control(fd, empty ? CONTROL.remove : CONTROL.change, entry);
  }

  private control(fd: number, operation: number, entry: Watched): void {
    view.setUint32(PLACE.result, (entry.read ? READ : 0) | (entry.write ? WRITE : 0), true);
    view.setInt32(PLACE.result + DATA, fd, true);
    const result = syscall(SYS.epoll_ctl, this.epoll, operation, fd, base + PLACE.result);
    // A descriptor closed before its watch was cancelled has left the epoll by itself.
    if (operation !== CONTROL.remove) check(result, "watch descriptor", `${fd}`);
  }

  at(time: number, callback: () => void): Cancel {
    const deadline = { time, callback };
    const later = this.deadlines.findIndex((other) => other.time > time);
    this.deadlines.splice(later < 0 ? this.deadlines.length : later, 0, deadline);
    return () => {
      const index = this.deadlines.indexOf(deadline);
      if (index >= 0) this.deadlines.splice(index, 1);
    };
  }

  after(milliseconds: number, callback: () => void): Cancel {
    return this.at(this.clock.monotonic() + milliseconds, callback);
  }

  onSignal(signal: number, callback: (signal: number) => void): Cancel {
    const callbacks = this.listeners.get(signal) ?? new Set();
    callbacks.add(callback);
    this.listeners.set(signal, callbacks);
    this.openSignals();
    return () => callbacks.delete(callback);
  }

  private openSignals(): void {
    const mask = [...this.listeners.keys()].reduce((bits, signal) => bits | (1n << BigInt(signal - 1)), 0n);
    this.block(mask);
    view.setBigUint64(PLACE.result, mask, true);
    const flags = CLOSE_ON_EXEC | NON_BLOCKING;
    const fd = check(syscall(SYS.signalfd4, this.signalDescriptor, base + PLACE.result, 8, flags), "open a signalfd");
    if (this.signalDescriptor < 0) this.watch(fd, "read", () => this.readSignals());
    this.signalDescriptor = fd;
  }

  private readSignals(): void {
    const got = syscall(SYS.read, this.signalDescriptor, base + PLACE.buffer, 16 * SIGNAL_RECORD);
    const arrived: number[] = [];
    for (let at = 0; at < got; at += SIGNAL_RECORD) arrived.push(view.getUint32(PLACE.buffer + at, true));
    for (const signal of arrived) {
      for (const callback of [...this.listeners.get(signal) ?? []]) this.guarded(() => callback(signal));
    }
  }

  run(): void {
    while (!this.stopped) {
      const events = this.waitForEvents(this.quiet.shorten(this.timeout()));
      this.dispatch(events);
      this.quiet.worked(events.length + this.runDeadlines());
    }
    this.stopped = false;
  }

  stop(): void {
    this.stopped = true;
  }

  private timeout(): number {
    const first = this.deadlines[0];
    if (first === undefined) return -1;
    return Math.min(Math.max(0, Math.ceil(first.time - this.clock.monotonic())), LONGEST_WAIT);
  }

  private waitForEvents(timeout: number): { fd: number; events: number }[] {
    const count = syscall(SYS.epoll_pwait, this.epoll, base + PLACE.buffer, MOST_EVENTS, timeout, 0);
    return Array.from({ length: Math.max(0, count) }, (_, index) => {
      const at = PLACE.buffer + index * EVENT_SIZE;
      return { events: view.getUint32(at, true), fd: view.getInt32(at + DATA, true) };
    });
  }

  private dispatch(events: readonly { fd: number; events: number }[]): void {
    for (const { fd, events: bits } of events) {
      // Looked up anew for each direction: an earlier callback may have cancelled it.
      if (bits & (READ | ERROR_OR_END)) this.call(fd, "read");
      if (bits & (WRITE | ERROR_OR_END)) this.call(fd, "write");
    }
  }

  private call(fd: number, direction: "read" | "write"): void {
    const entry = this.watched.get(fd);
    const callback = entry?.[direction];
    if (entry === undefined || callback === undefined || this.guarded(callback)) return;
    // What made it fail is still there to be read or written: it would fail for ever.
    if (entry[direction] === callback) this.unwatch(fd, direction, entry);
  }

  survive(onError: (error: unknown) => void): void {
    this.onError = onError;
  }

  /** True if the callback has not thrown. */
  private guarded(callback: () => void): boolean {
    if (this.onError === undefined) {
      callback();
      return true;
    }
    try {
      callback();
      return true;
    } catch (error) {
      this.onError(error);
      return false;
    }
  }

  /** Returns how many there were to run. */
  private runDeadlines(): number {
    if (this.deadlines.length === 0) return 0;
    const now = this.clock.monotonic();
    let count = 0;
    for (; this.deadlines.length > 0 && this.deadlines[0]!.time <= now; count++) {
      this.guarded(this.deadlines.shift()!.callback);
    }
    return count;
  }
}
