// The clocks of a simulated world: one that only moves forward, with timers, and one of the day, which people set.

import assert from "node:assert/strict";
import type { Cancel, Instant } from "../../lib/os/os.ts";

/** The point of the clock of the day from its milliseconds. */
export function instantOf(wall: number): Instant {
  const seconds = Math.floor(wall / 1000);
  return { seconds, nanoseconds: Math.floor(wall - seconds * 1000) * 1_000_000 };
}

const MOST_TURNS = 100_000;

export interface Timer {
  readonly time: number;
  readonly callback: () => void;
}

export class Clock {
  private asked = 0;
  time = 1_000_000;
  wall = 1_700_000_000_000;
  readonly timers: Timer[] = [];

  /** @param ran called after each timer that has run */
  constructor(private readonly ran: (timer: Timer, when: "before" | "after") => void) {}

  at(time: number, callback: () => void): Cancel {
    assert(Number.isFinite(time), "a timer needs a time");
    const timer = { time, callback };
    this.timers.push(timer);
    return () => {
      const index = this.timers.indexOf(timer);
      if (index >= 0) this.timers.splice(index, 1);
    };
  }

  /** The time. A caller that asks without end is caught in a loop. */
  ask(): number {
    assert(++this.asked < MOST_TURNS, "the time is asked for without end");
    return this.time;
  }

  /** Moves the clock, and does what falls due on the way; `late` does it only in the end, as on a machine that slept. */
  pass(milliseconds: number, late = false): void {
    const end = this.time + milliseconds;
    if (late) this.advance(milliseconds);
    for (let turns = 0;; turns++) {
      assert(turns < MOST_TURNS, "the clock stands still: a deadline renews itself");
      const due = this.first();
      if (due === undefined || due.time > end) break;
      this.timers.splice(this.timers.indexOf(due), 1);
      if (due.time > this.time) this.advance(due.time - this.time);
      this.ran(due, "before");
      due.callback();
      this.ran(due, "after");
    }
    this.advance(end - this.time);
  }

  now(): Instant {
    return instantOf(this.wall);
  }

  /** Of those due at the same time, the one that was set first. */
  private first(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.timers) if (first === undefined || timer.time < first.time) first = timer;
    return first;
  }

  private advance(milliseconds: number): void {
    this.time += milliseconds;
    this.wall += milliseconds;
  }
}
