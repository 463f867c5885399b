// The table of a container's life in words, for the documentation.

import { cannotHappen, LIFE, type LifeEvent, type LifeState } from "./life.ts";

/** One line of the printed table. */
interface LifeRow {
  readonly state: LifeState;
  readonly event: LifeEvent["on"];
  readonly effect: string;
  /** The state it leads to, where it leads elsewhere. */
  readonly to: LifeState | undefined;
}

type InWords = Readonly<Record<LifeEvent["on"], Pick<LifeRow, "to"> & { readonly says: string }>>;

/** The whole table. What cannot happen is left out. */
export function lifeRows(): LifeRow[] {
  return (Object.keys(LIFE) as LifeState[]).flatMap((state) =>
    Object.entries(LIFE[state] as InWords)
      .map(([event, { says, to }]) => ({ state, event: event as LifeEvent["on"], effect: says, to }))
      .filter(({ event }) => !cannotHappen(state, event))
  );
}
