// Ticks and durations, as people read them.

import { deepEqual, equal, ok } from "node:assert/strict";
import { ticksOf, timeTaken } from "../../../../lib/overlay/timeline/axis.ts";

const DURATIONS: Readonly<Record<string, number>> = {
  "0 ms": 0,
  "0.4 ms": 0.42,
  "3 ms": 3,
  "9.9 ms": 9.94,
  "10 ms": 9.96,
  "999 ms": 999.4,
  "1.00 s": 999.6,
  "9.99 s": 9994,
  "10.0 s": 9996,
  "59.9 s": 59_940,
  "1 min": 59_960,
  "2 min 03 s": 123_400,
  "59 min 59 s": 3_599_000,
  "1 h": 3_600_000,
  "2 h 05 min": 7_525_000,
};

Deno.test("a duration has the digits that people can use", () => {
  for (const [text, milliseconds] of Object.entries(DURATIONS)) equal(timeTaken(milliseconds), text);
});

const AXES: readonly (readonly [length: number, most: number, labels: readonly string[]])[] = [
  [1, 5, ["0", "1 ms"]],
  [52, 6, ["0", "10 ms", "20 ms", "30 ms", "40 ms", "50 ms"]],
  [1300, 3, ["0", "500 ms", "1 s"]],
  [3980, 9, ["0", "500 ms", "1 s", "1.5 s", "2 s", "2.5 s", "3 s", "3.5 s"]],
  [100_000, 5, ["0", "30 s", "1:00 min", "1:30 min"]],
  [400_000, 4, ["0", "2 min", "4 min", "6 min"]],
  [30_000_000, 4, ["0", "3 h", "6 h"]],
  [400_000_000, 2, ["0", "72 h"]],
];

Deno.test("an axis has round ticks, and no more than there is room for", () => {
  for (const [length, most, labels] of AXES) {
    const ticks = ticksOf(length, most);
    deepEqual(ticks.map(({ label }) => label), labels);
    ok(ticks.length <= most + 1 && ticks.at(-1)!.at <= length);
  }
});
