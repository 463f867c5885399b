import { equal } from "node:assert/strict";
import { durationInWords, processorTimeInWords, sizeInWords } from "../../../../lib/overlay/status/quantities.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const DURATIONS: readonly (readonly [number, string])[] = [
  [-5, "0 s"],
  [0, "0 s"],
  [999, "0 s"],
  [3 * SECOND, "3 s"],
  [MINUTE - 1, "59 s"],
  [MINUTE, "1 min"],
  [5 * MINUTE + 59 * SECOND, "5 min"],
  [HOUR - 1, "59 min"],
  [2 * HOUR, "2 h"],
  [DAY - 1, "23 h"],
  [4 * DAY + 5 * HOUR, "4 d"],
  [1000 * DAY, "1000 d"],
];

Deno.test("a duration has one unit", () => {
  for (const [milliseconds, words] of DURATIONS) equal(durationInWords(milliseconds), words, `${milliseconds} ms`);
});

const SIZES: readonly (readonly [number, string])[] = [
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1.0 kB"],
  [4200, "4.2 kB"],
  [9949, "9.9 kB"],
  [9950, "10 kB"],
  [999_499, "999 kB"],
  [999_500, "1.0 MB"],
  [34_000_000, "34 MB"],
  [2_560_000_000, "2.6 GB"],
  [5e15, "5000 TB"],
];

Deno.test("a size has three digits at most", () => {
  for (const [bytes, words] of SIZES) equal(sizeInWords(bytes), words, `${bytes} bytes`);
});

Deno.test("short processor times have hundredths, long ones a unit", () => {
  equal(processorTimeInWords(0.25), "0.25 s");
  equal(processorTimeInWords(12.7), "12 s");
  equal(processorTimeInWords(7300), "2 h");
});
