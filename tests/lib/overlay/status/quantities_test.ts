// Sizes in words.

import { equal } from "node:assert/strict";
import { sizeInWords } from "../../../../lib/overlay/status/quantities.ts";

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
