// What s6-svwait and s6-svlisten wait for, as a value: fed with the status of each service and then with the events
// each one sends, it says when the wait is over. No process, no clock: the driver is await_services.ts.

import type { ByteString } from "../bytes.ts";
import { type Goal, hasReached, isUpward, type Standing } from "./goal.ts";
import { isUp, type Status } from "./status.ts";

/** A service as its events show it. */
interface Shown extends Standing {
  /** It will not reach the goal by itself: it failed for good, or its supervisor ended. */
  readonly failed: boolean;
}

const STATE_LETTERS: Readonly<Record<string, Standing>> = {
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
    private readonly services: readonly Shown[],
  ) {}

  /**
   * @param goals reached in this order; those but the last by all services at once
   * @param any the last goal is reached when one service has reached it, not all at once
   */
  static of(goals: readonly Goal[], any: boolean, statuses: readonly Status[]): Expectation {
    const services = statuses.map((status) => ({ up: isUp(status), ready: status.ready, failed: false }));
    return new Expectation(goals, any, services).advanced();
  }

  /** Nothing is left to wait for. */
  get over(): boolean {
    return this.goals.length === 0;
  }

  /** How many services failed for good before they reached the goal. */
  get failures(): number {
    return this.services.filter(({ failed }) => failed).length;
  }

  /** After events of one service. They count one by one: a goal passed through is a goal reached. */
  after(service: number, letters: ByteString): Expectation {
    return Array.from(letters).reduce(
      (expectation: Expectation, letter) => expectation.afterOne(service, letter),
      this,
    );
  }

  private afterOne(service: number, letter: string): Expectation {
    const shown = this.services[service];
    if (this.over || shown === undefined) return this;
    const next = this.stepped(shown, letter);
    return new Expectation(this.goals, this.any, this.services.with(service, next)).advanced();
  }

  private stepped(shown: Shown, letter: string): Shown {
    const goal = this.goals[0]!;
    const ends = letter === "x" || letter === "O" && isUpward(goal);
    if (ends && !hasReached(goal, shown)) return { ...shown, failed: true };
    return { ...shown, ...STATE_LETTERS[letter] };
  }

  private advanced(): Expectation {
    const [goal, ...later] = this.goals;
    if (goal === undefined) return this;
    const settled = (shown: Shown): boolean => shown.failed || hasReached(goal, shown);
    const reached = this.any && later.length === 0 ? this.services.some(settled) : this.services.every(settled);
    return reached ? new Expectation(later, this.any, this.services).advanced() : this;
  }
}
