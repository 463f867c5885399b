// The rows that there is time for before a commit, and the memory of how they stand.

import type { Case } from "./harness.ts";
import { chooseRows } from "./row_choice.ts";
import { RowMemory, type RowStanding } from "./row_memory.ts";
import { programStates, rowState } from "./row_states.ts";

const MEMORY = new URL("../../dist/cache/rows.json", import.meta.url).pathname;

interface ChosenRows<T> {
  readonly rows: readonly T[];
  /** Takes in how a row has ended. */
  ended(row: T, standing: RowStanding): void;
}

/** Chooses, and prints how many of which, and the seed. How the rows stand is kept when this process ends. */
export async function chosenRows<T extends { readonly row: Case }>(
  rows: readonly T[],
  most: number,
  seed: number = crypto.getRandomValues(new Uint32Array(1))[0]!,
): Promise<ChosenRows<T>> {
  const programs = await programStates();
  const states = await Promise.all(rows.map(({ row }) => rowState(row, programs)));
  const memory = new RowMemory(MEMORY);
  const standings = states.map((state) => memory.standing(state));
  const places = new Set(chooseRows(standings, most, seed));
  const tally = (standing: RowStanding | undefined): string => {
    const all = [...standings.keys()].filter((place) => standings[place] === standing);
    return `${all.filter((place) => places.has(place)).length} of ${all.length} ${standing ?? "new"}`;
  };
  console.log(
    `rows: ${places.size} of ${rows.length}, ROWS_SEED=${seed}: ` +
      ([undefined, "failed", "waiting", "passed"] as const).map(tally).join(", "),
  );
  for (const [place, state] of states.entries()) {
    if (standings[place] === undefined && !places.has(place)) memory.note(state, "waiting");
  }
  globalThis.addEventListener("unload", () => memory.keep());
  const stateOf = new Map([...places].map((place) => [rows[place], states[place]!]));
  return { rows: [...stateOf.keys()] as T[], ended: (row, standing) => memory.note(stateOf.get(row)!, standing) };
}
