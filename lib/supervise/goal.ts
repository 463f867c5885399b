// The states of a service that can be waited for, and which of them it has reached: for waits in the process of its
// supervisor (condition.ts), and for those that follow its events (expectation.ts).

/**
 * up: `run` is alive. ready: and it has notified readiness. down: `run` is not alive (`finish` may be).
 * finished: down, and `finish` has ended.
 */
export type Goal = "up" | "ready" | "down" | "finished";

/** Where a service stands. */
export interface Standing {
  /** `run` is alive. */
  readonly up: boolean;
  /** Up: it has notified readiness. Down: its finish script has ended too. */
  readonly ready: boolean;
}

/** The service is up where it has reached one of these goals. */
export function isUpward(goal: Goal): boolean {
  return goal === "up" || goal === "ready";
}

const REACHED: Readonly<Record<Goal, (standing: Standing) => boolean>> = {
  up: ({ up }) => up,
  ready: ({ up, ready }) => up && ready,
  down: ({ up }) => !up,
  finished: ({ up, ready }) => !up && ready,
};

/** A service that stands so has reached the goal. */
export function hasReached(goal: Goal, standing: Standing): boolean {
  return REACHED[goal](standing);
}
