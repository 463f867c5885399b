// Ticks, as people read them.

import { deepEqual, ok } from "node:assert/strict";
import { ticksOf } from "../../../../lib/overlay/timeline/axis.ts";

const AXES: readonly (readonly [length: number, most: number, labels: readonly string[]])[] = [
  [1, 5, ["0", "1 ms"]],
  [52, 6, ["0", "10 ms", "20 ms", "30 ms", "40 ms", "50 ms"]],
  [1300, 3, ["0", "500 ms", "1 s"]],
  [3980, 9, ["0", "500 ms", "1 s", "1.5 s", "2 s", "2.5 s", "3 s", "3.5 s"]],
  [100_000, 5, ["0", "30 s", "1 min", "1 min 30 s"]],
  [400_000, 4, ["0", "2 min", "4 min", "6 min"]],
  [30_000_000, 4, ["0", "3 h", "6 h"]],
  [400_000_000, 2, ["0", "3 d"]],
];

Deno.test("an axis has round ticks, and no more than there is room for", () => {
  for (const [length, most, labels] of AXES) {
    const ticks = ticksOf(length, most);
    deepEqual(ticks.map(({ label }) => label), labels);
    ok(ticks.length <= most + 1 && ticks.at(-1)!.at <= length);
  }
});
