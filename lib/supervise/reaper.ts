// One reaper for every child of the process, orphans included: supervision, scripts and commands say which pids they
// wait for, and all other dead children are reaped silently, as process 1 must.

import type { Cancel, Death, Os, Reactor } from "../os/os.ts";
import { SIGNAL } from "../signals.ts";
import type { WaitStatus } from "../wait_status.ts";

type OnDeath = (status: WaitStatus) => void;

/**
 * The most that are reaped in one turn of the event loop: a program may make orphans faster than they can be reaped.
 */
const MOST_AT_ONCE = 500;
/** Milliseconds until the next try where the system did not say which child is dead. */
const AFTER_FAILURE = 100;

export class Reaper {
  private readonly expected = new Map<number, OnDeath>();
  private readonly unsubscribe: Cancel;
  private rest: Cancel | undefined;

  constructor(private readonly os: Pick<Os, "reap">, private readonly reactor: Pick<Reactor, "onSignal" | "after">) {
    this.unsubscribe = reactor.onSignal(SIGNAL.CHLD, () => this.reap());
  }

  /**
   * Calls back once, when this child has died. To be called before control returns to the reactor after the spawn,
   * or the death may already have been taken for a stranger's.
   */
  expect(pid: number, callback: OnDeath): Cancel {
    this.expected.set(pid, callback);
    return () => {
      if (this.expected.get(pid) === callback) this.expected.delete(pid);
    };
  }

  /**
   * Reaps the children that are dead by now; where there are very many, the rest in the next turn. A pid is free for
   * others only from here on, when all have been notified.
   */
  reap(): void {
    this.rest?.();
    this.rest = undefined;
    let next: number | undefined;
    try {
      for (let count = 0; count < MOST_AT_ONCE; count++) {
        next = AFTER_FAILURE;
        const death = this.os.reap();
        next = death === undefined ? undefined : 0;
        if (death === undefined) return;
        this.tell(death);
      }
    } finally {
      // No signal tells of those that are left, be it for their number or because something has thrown.
      if (next !== undefined) this.rest = this.reactor.after(next, () => this.reap());
    }
  }

  private tell({ pid, status }: Death): void {
    const callback = this.expected.get(pid);
    this.expected.delete(pid);
    callback?.(status);
  }

  /** Stops listening for deaths. */
  close(): void {
    this.rest?.();
    this.unsubscribe();
  }
}
