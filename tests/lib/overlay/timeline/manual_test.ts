// docs/timeline.md describes each field of the JSON, and no other.

import { deepEqual, ok } from "node:assert/strict";
import { timelineOf } from "../../../../lib/overlay/timeline/timeline.ts";
import { RICH } from "./boots.ts";

const PAGE = await Deno.readTextFile(new URL("../../../../docs/timeline.md", import.meta.url));
const fieldsBehind = (heading: string): string[] => {
  const [, table = ""] = PAGE.split(heading);
  return [...table.split("\n\n")[1]!.matchAll(/^\| `(\w+)`/gm)].map(([, field]) => field!).sort();
};

Deno.test("each field of the JSON is described, and each value that is a word", () => {
  const timeline = timelineOf(RICH);
  deepEqual(fieldsBehind("by a clock that\nis never set."), Object.keys(timeline).sort());
  deepEqual(fieldsBehind("A row:"), Object.keys(timeline.rows[0]!).sort());
  for (const { kind, state } of timeline.rows) {
    for (const word of [kind, state]) ok(PAGE.includes(`\`${word}\``), word);
  }
});
