// The event loop: one epoll on the main thread, one signalfd in it, deadlines by its timeout. The wait blocks the
// thread, so no other one has to be woken for an event. Promises do not settle while it runs: code under the loop is made
// of callbacks and awaits nothing.

import type { Cancel, Clocks, Reactor } from "./os.ts";
import { ERROR_OR_END, Poller, READ, type Ready, WRITE } from "./poller.ts";
import { QuietTime } from "./quiet.ts";
import { SignalSource } from "./signal_source.ts";

type Direction = "read" | "write";
const BIT: Readonly<Record<Direction, number>> = { read: READ, write: WRITE };

/** The most that epoll takes, in milliseconds: 24 days. */
const LONGEST_WAIT = 0x7fffffff;
/** Milliseconds between two looks for signals, where no descriptor tells of them. */
const SIGNALS_EVERY = 20;
/** Milliseconds for which a watch rests whose callback has thrown: at first, and at most if it goes on like that. */
const REST = { first: 10, most: 1000 };
/** Milliseconds until an error is reported again, and how many are remembered. */
const TELL_AGAIN = 60_000;
const MOST_TOLD = 100;

interface Watched {
  read?: (() => void) | undefined;
  write?: (() => void) | undefined;
  /** Bits of the directions that rest, and how often in a row a callback has thrown. */
  resting: number;
  failures: number;
}

interface Deadline {
  readonly time: number;
  readonly callback: () => void;
}

interface Ticker {
  readonly every: number;
  readonly callback: () => void;
  next: number;
}

export class EpollReactor implements Reactor {
  private readonly poller = new Poller((error) => this.tell(error));
  private readonly signals: SignalSource;
  private readonly watched = new Map<number, Watched>();
  private readonly deadlines: Deadline[] = [];
  private readonly tickers = new Set<Ticker>();
  private readonly listeners = new Map<number, Set<(signal: number) => void>>();
  private unwatchSignals: Cancel | undefined;
  private onError: ((error: unknown) => void) | undefined;
  /** When which error was reported. */
  private readonly told = new Map<string, number>();
  private readonly quiet = new QuietTime(() => this.clock.monotonic());
  private stopped = false;

  /** @param clock tells the time; @param block blocks the signals of the mask on this thread, besides those blocked */
  constructor(private readonly clock: Pick<Clocks, "monotonic">, block: (mask: bigint) => void) {
    this.signals = new SignalSource(block);
  }

  watch(fd: number, direction: Direction, callback: () => void): Cancel {
    const entry = this.watched.get(fd) ?? { resting: 0, failures: 0 };
    entry[direction] = callback;
    entry.resting &= ~BIT[direction];
    this.watched.set(fd, entry);
    try {
      this.want(fd, entry);
    } catch (error) {
      entry[direction] = undefined;
      if (entry.read === entry.write) this.watched.delete(fd);
      throw error;
    }
    let cancelled = false;
    return () => {
      if (cancelled) return;
      cancelled = true;
      if (entry[direction] === callback) this.unwatch(fd, direction, entry);
    };
  }

  private unwatch(fd: number, direction: Direction, entry: Watched): void {
    entry[direction] = undefined;
    // By the time of a late cancel the number may belong to another watch.
    if (this.watched.get(fd) !== entry) return;
    if (entry.read === entry.write) this.watched.delete(fd);
    this.want(fd, entry);
  }

  private want(fd: number, { read, write, resting }: Watched): void {
    this.poller.want(fd, ((read ? READ : 0) | (write ? WRITE : 0)) & ~resting);
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

  afterWork(every: number, callback: () => void): Cancel {
    const ticker = { every, callback, next: this.clock.monotonic() + every };
    this.tickers.add(ticker);
    return () => void this.tickers.delete(ticker);
  }

  onSignal(signal: number, callback: (signal: number) => void): Cancel {
    const callbacks = this.listeners.get(signal) ?? new Set();
    callbacks.add(callback);
    this.listeners.set(signal, callbacks);
    this.signals.add(signal);
    const { descriptor } = this.signals;
    if (descriptor >= 0) this.unwatchSignals ??= this.watch(descriptor, "read", () => this.readSignals());
    return () => callbacks.delete(callback);
  }

  private readSignals(): void {
    const arrived = this.signals.read();
    if (this.signals.descriptor < 0) this.unwatchSignals?.();
    this.deliver(arrived);
  }

  private deliver(signals: readonly number[]): void {
    for (const signal of signals) {
      for (const callback of [...this.listeners.get(signal) ?? []]) this.guarded(() => callback(signal));
    }
  }

  run(): void {
    while (!this.stopped) {
      const ready = this.poller.wait(this.quiet.shorten(this.timeout()));
      if (this.signals.mustBeAsked) this.deliver(this.signals.take());
      this.dispatch(ready);
      const work = ready.length + this.runDeadlines();
      this.quiet.worked(work);
      if (work > 0 && this.tickers.size > 0) this.tick();
    }
    this.stopped = false;
  }

  stop(): void {
    this.stopped = true;
  }

  private timeout(): number {
    const first = this.deadlines[0];
    const left = first === undefined
      ? -1
      : Math.min(Math.max(0, Math.ceil(first.time - this.clock.monotonic())), LONGEST_WAIT);
    if (!this.signals.mustBeAsked) return left;
    return left < 0 ? SIGNALS_EVERY : Math.min(left, SIGNALS_EVERY);
  }

  private dispatch(ready: readonly Ready[]): void {
    const entries = ready.map(({ fd }) => this.watched.get(fd));
    ready.forEach(({ fd, events }, index) => {
      const entry = entries[index];
      if (entry === undefined) return;
      if (events & (READ | ERROR_OR_END)) this.call(fd, "read", entry);
      if (events & (WRITE | ERROR_OR_END)) this.call(fd, "write", entry);
    });
  }

  /** @param entry what watched the descriptor when it became ready: an earlier callback may have closed it since */
  private call(fd: number, direction: Direction, entry: Watched): void {
    // What is left over by a stop is still ready in the next run.
    if (this.stopped || this.watched.get(fd) !== entry) return;
    const callback = entry[direction];
    if (callback === undefined || (entry.resting & BIT[direction]) !== 0) return;
    if (this.guarded(callback)) entry.failures = 0;
    // What made it fail is still there to be read or written: it would fail without a pause.
    else if (entry[direction] === callback) this.rest(fd, direction, entry);
  }

  private rest(fd: number, direction: Direction, entry: Watched): void {
    const callback = entry[direction];
    entry.resting |= BIT[direction];
    // The descriptor may be closed by now.
    this.guarded(() => this.want(fd, entry));
    this.after(Math.min(REST.most, REST.first * 2 ** entry.failures++), () => {
      if (this.watched.get(fd) !== entry || entry[direction] !== callback) return;
      entry.resting &= ~BIT[direction];
      this.want(fd, entry);
    });
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
      this.tell(error);
      return false;
    }
  }

  private tell(error: unknown): void {
    const kind = error instanceof Error ? error.message : String(error);
    const now = this.clock.monotonic();
    if (now - (this.told.get(kind) ?? -Infinity) < TELL_AGAIN) return;
    if (this.told.size >= MOST_TOLD) this.told.clear();
    this.told.set(kind, now);
    try {
      this.onError?.(error);
    } catch {
      // What reports errors is the last that could report this one.
    }
  }

  /** Returns how many there were to run. */
  private runDeadlines(): number {
    if (this.deadlines.length === 0) return 0;
    const now = this.clock.monotonic();
    let count = 0;
    for (; !this.stopped && this.deadlines.length > 0 && this.deadlines[0]!.time <= now; count++) {
      this.guarded(this.deadlines.shift()!.callback);
    }
    return count;
  }

  private tick(): void {
    const now = this.clock.monotonic();
    for (const ticker of [...this.tickers]) {
      if (now < ticker.next) continue;
      ticker.next = now + ticker.every;
      this.guarded(ticker.callback);
    }
  }
}
