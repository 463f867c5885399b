// What s6-svwait and s6-svlisten wait for, as a value: fed with the status of each service and then with the events
// each one sends, it says when the wait is over. No process, no clock: the driver is await_services.ts.

import type { ByteString } from "../bytes.ts";
import { isUp, type Status } from "./status.ts";

/** A state of a service that can be waited for. */
export type Goal = "up" | "ready" | "down" | "finished";

/** A service as its events show it. */
interface Standing {
  readonly up: boolean;
  readonly ready: boolean;
  /** It will not reach the goal by itself: it failed for good, or its supervisor ended. */
  readonly failed: boolean;
}

const MET: Readonly<Record<Goal, (standing: Standing) => boolean>> = {
  up: ({ up }) => up,
  ready: ({ up, ready }) => up && ready,
  down: ({ up }) => !up,
  finished: ({ up, ready }) => !up && ready,
};

const STATE_LETTERS: Readonly<Record<string, Pick<Standing, "up" | "ready">>> = {
  u: { up: true, ready: false },
  U: { up: true, ready: true },
  d: { up: false, ready: false },
  D: { up: false, ready: true },
};

export class Expectation {
  private constructor(
    /** What is waited for, one after the other: a restart is down, then up. */
    private readonly goals: readonly Goal[],
    private readonly any: boolean,
    private readonly standings: readonly Standing[],
  ) {}

  /**
   * @param goals reached in this order; those but the last by all services at once
   * @param any the last goal is reached when one service has reached it, not all at once
   */
  static of(goals: readonly Goal[], any: boolean, statuses: readonly Status[]): Expectation {
    const standings = statuses.map((status) => ({ up: isUp(status), ready: status.ready, failed: false }));
    return new Expectation(goals, any, standings).advanced();
  }

  /** Nothing is left to wait for. */
  get over(): boolean {
    return this.goals.length === 0;
  }

  /** How many services failed for good before they reached the goal. */
  get failures(): number {
    return this.standings.filter(({ failed }) => failed).length;
  }

  /** After events of one service. They count one by one: a goal passed through is a goal reached. */
  after(service: number, letters: ByteString): Expectation {
    return Array.from(letters).reduce(
      (expectation: Expectation, letter) => expectation.afterOne(service, letter),
      this,
    );
  }

  private afterOne(service: number, letter: string): Expectation {
    const standing = this.standings[service];
    if (this.over || standing === undefined) return this;
    const next = this.stepped(standing, letter);
    return new Expectation(this.goals, this.any, this.standings.with(service, next)).advanced();
  }

  private stepped(standing: Standing, letter: string): Standing {
    const goal = this.goals[0]!;
    const wantsUp = goal === "up" || goal === "ready";
    const ends = letter === "x" || letter === "O" && wantsUp;
    if (ends && !MET[goal](standing)) return { ...standing, failed: true };
    return { ...standing, ...STATE_LETTERS[letter] };
  }

  private advanced(): Expectation {
    const [goal, ...later] = this.goals;
    if (goal === undefined) return this;
    const settled = (standing: Standing): boolean => standing.failed || MET[goal](standing);
    const reached = this.any && later.length === 0 ? this.standings.some(settled) : this.standings.every(settled);
    return reached ? new Expectation(later, this.any, this.standings).advanced() : this;
  }
}
