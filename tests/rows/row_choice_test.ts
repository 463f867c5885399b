// Which rows are run where there is no time for all, and what is remembered of them.

import { deepEqual, equal, notDeepEqual } from "node:assert/strict";
import { chooseRows } from "./row_choice.ts";
import { RowMemory, type RowStanding } from "./row_memory.ts";

const MANY = Array<RowStanding>(100).fill("passed");

Deno.test("new rows and failed ones come first, then those that were left out, then those that have passed", () => {
  const standings = ["passed", "waiting", "failed", undefined, "passed", "waiting"] as const;
  deepEqual(chooseRows(standings, 2, 1), [2, 3]);
  deepEqual(chooseRows(standings, 4, 1), [1, 2, 3, 5]);
  const five = chooseRows(standings, 5, 1);
  deepEqual([five.length, new Set([1, 2, 3, 5]).isSubsetOf(new Set(five))], [5, true]);
  deepEqual(chooseRows(standings, 100, 1), [0, 1, 2, 3, 4, 5]);
});

Deno.test("among equals a seed chooses, the same each time, and another one others", () => {
  deepEqual(chooseRows(MANY, 10, 7), chooseRows(MANY, 10, 7));
  notDeepEqual(chooseRows(MANY, 10, 7), chooseRows(MANY, 10, 8));
});

Deno.test("what is left out has its turn later, until every row has passed", () => {
  const standings: (RowStanding | undefined)[] = Array(95).fill(undefined);
  for (let turn = 0; turn < 10; turn++) {
    const chosen = chooseRows(standings, 10, turn);
    for (const place of standings.keys()) standings[place] ??= "waiting";
    for (const place of chosen) standings[place] = "passed";
  }
  equal(standings.every((standing) => standing === "passed"), true);
});

Deno.test("how a row stands is remembered as it was noted last, and a damaged memory is an empty one", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const memory = new RowMemory(`${directory}/rows.json`);
    memory.note("a", "waiting");
    memory.note("b", "failed");
    memory.note("a", "passed");
    memory.keep();
    const again = new RowMemory(`${directory}/rows.json`);
    deepEqual(["a", "b", "c"].map((state) => again.standing(state)), ["passed", "failed", undefined]);
    deepEqual([...Deno.readDirSync(directory)].map(({ name }) => name), ["rows.json"]);
    Deno.writeTextFileSync(`${directory}/rows.json`, '[["a", "pa');
    equal(new RowMemory(`${directory}/rows.json`).standing("a"), undefined);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
