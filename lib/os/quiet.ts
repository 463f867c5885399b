// What a process does when it has had work and then next to nothing for a while: V8 keeps the memory that a busy moment
// took, for a next one, and gives it back only on request. Done once in each quiet time: an idle process never wakes up.

import { isKept } from "./checkpoint.ts";
import { trimMemory } from "./libc.ts";

/** Work after which it is worth while: a collection takes some ms. An event, a deadline: one each. */
const WORTH_WHILE = 100;

/** Milliseconds that make a quiet time, if there is little to do in them: a logger of a line each second is quiet too. */
const QUIET = 2000;
const LITTLE = 20;

/** The collector that V8 offers a program started with --expose-gc. */
interface Collector {
  readonly gc?: (how: { type: "major"; execution: "sync"; flavor: "last-resort" }) => void;
}

export class QuietTime {
  /** Starting was work, whatever happened since. */
  private work = WORTH_WHILE;
  /** When the period under observation began, and the work in it. */
  private since: number | undefined;
  private workSince = 0;

  /** @param now the time in milliseconds */
  constructor(private readonly now: () => number) {}

  /** The longest to wait for the next event, in milliseconds, given what the deadlines allow; -1 is without limit. */
  shorten(timeout: number): number {
    if (this.work < WORTH_WHILE) return timeout;
    return timeout < 0 ? QUIET : Math.min(timeout, QUIET);
  }

  /** To be called behind each wait, with the amount of work that followed. */
  worked(amount: number): void {
    this.work += amount;
    if (this.work < WORTH_WHILE) return;
    this.workSince += amount;
    const now = this.now();
    this.since ??= now;
    if (now - this.since < QUIET) return;
    const quiet = this.workSince <= LITTLE;
    this.since = quiet ? undefined : now;
    this.workSince = 0;
    if (!quiet) return;
    this.work = 0;
    collectGarbage();
  }
}

/**
 * Gives memory back. A process that has gone on from a checkpoint shares the pages of its heap with all others as long as it
 * does not write to them, and a collection writes to each: V8 collects only when it needs room.
 */
export function collectGarbage(): void {
  if (!isKept()) (globalThis as Collector).gc?.({ type: "major", execution: "sync", flavor: "last-resort" });
  trimMemory();
}
