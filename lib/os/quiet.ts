// What a process does when it has had work and then nothing for a while: V8 keeps the memory that a busy moment took, for
// a next one, and gives it back only on request. Done once in each quiet time, so that an idle process never wakes up.

/** Work after which it is worth while: a collection takes some ms. An event, a deadline: one each. */
const WORTH_WHILE = 500;

/** Milliseconds without work that make a quiet time. */
const QUIET = 2000;

/** The collector that V8 offers a program started with --expose-gc. */
interface Collector {
  readonly gc?: (how: { type: "major"; execution: "sync"; flavor: "last-resort" }) => void;
}

export class QuietTime {
  /** Starting was work, whatever happened since. */
  private work = WORTH_WHILE;

  /** Notes so much work. */
  worked(amount: number): void {
    this.work += amount;
  }

  /** The longest to wait for the next event, in milliseconds, given what the deadlines allow; -1 is for ever. */
  shorten(timeout: number): number {
    if (this.work < WORTH_WHILE) return timeout;
    return timeout < 0 ? QUIET : Math.min(timeout, QUIET);
  }

  /** To be called when the wait has ended with no event, after so many milliseconds. */
  passed(waited: number): void {
    if (waited < QUIET || this.work < WORTH_WHILE) return;
    this.work = 0;
    (globalThis as Collector).gc?.({ type: "major", execution: "sync", flavor: "last-resort" });
  }
}
