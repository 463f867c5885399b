// What work on the data of others costs, counted while it is done: patterns and their likes report it, and their caller
// may refuse to go on.

/** Counts work. */
export interface Meter {
  /** This many steps more, each of about half a microsecond; throws once there are too many. */
  steps(count: number): void;
}

/** For callers that may work without limit. */
export const UNMETERED: Meter = { steps: () => {} };
