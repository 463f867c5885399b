// What work on the data of others costs, told while it is done: patterns and their likes tell it, and whoever has them
// work may refuse to go on.

/** Counts work. */
export interface Meter {
  /** So many steps more, each of about half a microsecond; throws once there are too many. */
  steps(count: number): void;
}

/** For those who may work as long as they like. */
export const UNMETERED: Meter = { steps: () => {} };
