// The unit tests run in a few isolates: each file in one of them, once.

import { deepEqual, equal } from "node:assert/strict";
import { shares } from "../../scripts/unit.ts";

Deno.test("each file is in one share, and neighbours are in different ones", () => {
  deepEqual(shares(["a", "b", "c", "d", "e"], 2), [["a", "c", "e"], ["b", "d"]]);
  const files = Array.from({ length: 150 }, (_, at) => `${at}`);
  deepEqual(shares(files, 8).flat().sort(), files.toSorted());
});

Deno.test("no share is empty", () => {
  deepEqual(shares(["a", "b"], 8), [["a"], ["b"]]);
  equal(shares([], 8).length, 0);
});
