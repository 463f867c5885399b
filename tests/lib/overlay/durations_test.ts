// Durations in words.

import { equal } from "node:assert/strict";
import { durationInWords } from "../../../lib/overlay/durations.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const DURATIONS: readonly (readonly [milliseconds: number, words: string])[] = [
  [-5, "0 ms"],
  [0, "0 ms"],
  [0.04, "0 ms"],
  [0.42, "0.4 ms"],
  [3, "3 ms"],
  [9.94, "9.9 ms"],
  [9.96, "10 ms"],
  [120.4, "120 ms"],
  [999.4, "999 ms"],
  [999.6, "1 s"],
  [1230, "1.23 s"],
  [1500, "1.5 s"],
  [3 * SECOND, "3 s"],
  [9994, "9.99 s"],
  [9996, "10 s"],
  [12_340, "12.3 s"],
  [59_940, "59.9 s"],
  [59_960, "1 min"],
  [MINUTE, "1 min"],
  [123_400, "2 min 3 s"],
  [HOUR - SECOND, "59 min 59 s"],
  [HOUR - 1, "1 h"],
  [2 * HOUR + 5 * MINUTE + 59 * SECOND, "2 h 5 min"],
  [DAY - SECOND, "23 h 59 min"],
  [DAY - 1, "1 d"],
  [4 * DAY + 5 * HOUR + 59 * MINUTE, "4 d 5 h"],
  [1000 * DAY, "1000 d"],
];

Deno.test("a duration has three digits below a minute, and two units from there on", () => {
  for (const [milliseconds, words] of DURATIONS) equal(durationInWords(milliseconds), words, `${milliseconds} ms`);
});

Deno.test("a longer duration is never told as a shorter one", () => {
  const unit: Readonly<Record<string, number>> = { ms: 1, s: SECOND, min: MINUTE, h: HOUR, d: DAY };
  let before = 0;
  for (let milliseconds = 0.1; milliseconds < 400 * DAY; milliseconds *= 1.001) {
    const told = durationInWords(milliseconds);
    const sum = [...told.matchAll(/([0-9.]+) (\w+)/g)].reduce((sum, [, n, name]) => sum + Number(n) * unit[name!]!, 0);
    equal(sum >= before && Math.abs(sum - milliseconds) <= Math.max(0.051, milliseconds / 20), true, told);
    before = sum;
  }
});
