// What the stories on all engines have shown is whole: each was played on each engine, none failed, and where one cannot be
// played there is a reason. `deno task engines --record` plays them anew.

import { deepEqual, match } from "node:assert/strict";
import { ENGINES } from "../engines/column.ts";
import { ENGINE_STORIES } from "../engines/stories.ts";
import { readEngineResults } from "./engine_record.ts";

const results = readEngineResults();

Deno.test("every story has been played on every engine, with the options that it has now", () => {
  const kept = results.stories.map(({ name, options, checks }) => ({ name, options, checks }));
  deepEqual(kept, ENGINE_STORIES.map(({ name, options, checks }) => ({ name, options, checks })));
  for (const { name, cells } of results.stories) deepEqual(Object.keys(cells), [...ENGINES], name);
  deepEqual(Object.keys(results.engines), [...ENGINES]);
});

Deno.test("no story has failed on an engine, and one that cannot be played there has a reason", () => {
  for (const { name, cells } of results.stories) {
    for (const [engine, cell] of Object.entries(cells)) {
      const what = `${name}, ${engine}`;
      match(cell.result, /^(passed|cannot)$/, what);
      if (cell.result === "cannot") match(cell.reason, /^\S+ .*\w$/, what);
    }
  }
});

Deno.test("every story has been played on an engine at least", () => {
  const never = results.stories.filter(({ cells }) => !Object.values(cells).some(({ result }) => result === "passed"));
  deepEqual(never.map(({ name }) => name), []);
});
