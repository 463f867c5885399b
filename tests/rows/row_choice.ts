// Which rows are run before a commit, when there is no time for all. Those come first that are new as they are now, or
// have failed so; then those that were left out before; then those that have passed. Among equals it is chance.

import { Random } from "../random/random.ts";
import type { RowStanding } from "./row_memory.ts";

/** How urgent a row is, by how it stands, the most urgent first. */
const URGENCY: Readonly<Record<RowStanding | "new", number>> = { new: 0, failed: 0, waiting: 1, passed: 2 };

/** The places of as many rows as there is time for, in order. The seed repeats what chance decides. */
export function chooseRows(
  standings: readonly (RowStanding | undefined)[],
  most: number,
  seed: number,
): readonly number[] {
  const random = new Random(seed);
  const drawn = standings.map((standing, place) => ({
    place,
    urgency: URGENCY[standing ?? "new"],
    chance: random.next(),
  }));
  return drawn.sort((a, b) => a.urgency - b.urgency || a.chance - b.chance)
    .slice(0, most).map(({ place }) => place).sort((a, b) => a - b);
}
