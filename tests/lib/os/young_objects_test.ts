// When young objects are collected: not in what is over soon, and then each time that some more children were started.

import { deepEqual } from "node:assert/strict";
import { YoungObjects } from "../../../lib/os/young_objects.ts";

/** Behind how many starts there was a collection. */
function collections(starts: number): number[] {
  const found: number[] = [];
  let start = 0;
  const objects = new YoungObjects(() => found.push(start));
  for (start = 1; start <= starts; start++) objects.started();
  return found;
}

Deno.test("a program that is over soon has no collection", () => {
  deepEqual(collections(19), []);
});

Deno.test("one that goes on starting children has them at equal intervals", () => {
  deepEqual(collections(44), [20, 28, 36, 44]);
});
