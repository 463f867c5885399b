// The time that a stop has: one deadline for the whole of it, set when it begins. Grace times are parts of it and not
// added up anew by each step; the container's finish scripts have bounds of their own, and their time counts beside it.

/** Milliseconds for what comes behind the last grace time: killed processes that end, a logger that empties its input. */
export const AFTERMATH = 1000;

/** Milliseconds for all that is done between the waits: it is not to be taken from the last grace time. */
const BETWEEN = 500;

export interface GraceTimes {
  /** For services to end, from the moment that they were told to. */
  readonly services: number;
  /** Between the TERM and the KILL signal to all processes. */
  readonly kill: number;
}

export class StopTime {
  private readonly begin: number;
  /** What finish scripts have taken, and since when one runs. */
  private beside = 0;
  private pausedSince: number | undefined;

  /** @param now a clock that only moves forward, in milliseconds */
  constructor(private readonly now: () => number, private readonly grace: GraceTimes) {
    this.begin = now();
  }

  /** What is left of the services' time, in milliseconds; 0 if nothing is. */
  get forServices(): number {
    return Math.max(0, this.begin + this.grace.services - this.now());
  }

  /** How long there is between TERM and KILL if TERM is sent now. */
  get beforeKill(): number {
    return Math.max(0, Math.min(this.grace.kill, this.left));
  }

  /** Until the KILL signal is due, whatever has been done by then. */
  get left(): number {
    const paused = this.pausedSince === undefined ? 0 : this.now() - this.pausedSince;
    return this.begin + this.grace.services + this.grace.kill + BETWEEN + this.beside + paused - this.now();
  }

  /** From here to resume() something runs that has a bound of its own. */
  pause(): void {
    this.pausedSince ??= this.now();
  }

  resume(): void {
    if (this.pausedSince !== undefined) this.beside += this.now() - this.pausedSince;
    this.pausedSince = undefined;
  }
}
