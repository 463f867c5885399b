// Room for objects that are gone again soon. V8 uses all that it may have for them, 8 MB here, before it collects any, and a
// process that has gone on from a checkpoint never gives that back (quiet.ts). A server that starts a program for each
// connection collects them earlier: a start leaves many, and keeps next to none. Other work does not: it would pay for
// collections (of process 1 as it answers calls, 2 ms each), and what is in use would become old, which is hardly ever
// collected.

import { isKept } from "./checkpoint.ts";

/** Starts of children between two collections. */
const BETWEEN = 8;
/** The first one comes later: most boots are over before. */
const BEFORE_FIRST = 20;

/** The collector that V8 offers a program started with --expose-gc. */
interface YoungCollector {
  readonly gc?: (how: { type: "minor" }) => void;
}

export class YoungObjects {
  private left = BEFORE_FIRST;

  constructor(private readonly collect: () => void) {}

  /** To be called for each start of a child. */
  started(): void {
    if (--this.left > 0) return;
    this.left = BETWEEN;
    this.collect();
  }
}

/** Those of this process. */
export const YOUNG_OBJECTS: YoungObjects = new YoungObjects(() => {
  if (isKept()) (globalThis as YoungCollector).gc?.({ type: "minor" });
});
