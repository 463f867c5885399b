// What the boot has not brought up, by what has failed and by what is up now.

import { deepEqual } from "node:assert/strict";
import { failureInWords, notStartedOf } from "../../../../lib/overlay/rc/not_started.ts";
import { failing } from "../../../../lib/rc/ending.ts";
import type { AtomicService, Graph } from "../../../../lib/rc/graph.ts";

/** By name, what needs each. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  prepare: ["db", "elsewhere"],
  db: ["web"],
  web: [],
  elsewhere: [],
};
const NAMES = Object.keys(NEEDED);

const GRAPH = {
  services: NAMES.map((name) => ({
    name,
    kind: name === "prepare" ? "oneshot" : "longrun",
    neededBy: NEEDED[name]!.map((one) => NAMES.indexOf(one)),
  } as unknown as AtomicService)),
} as unknown as Graph;
const SELECTED = Uint8Array.from(NAMES, (name) => Number(name !== "elsewhere"));

function told(failed: Readonly<Record<string, string>>, ...up: readonly string[]): string[] {
  const failures = new Map(Object.entries(failed).map(([name, why]) => [NAMES.indexOf(name), why]));
  return notStartedOf(GRAPH, failures, SELECTED, (number) => up.includes(NAMES[number]!))
    .map(({ name, kind, why }) => `${kind} ${name} ${why}`);
}

Deno.test("what has failed is named, with what needs it and was to come up", () => {
  deepEqual(told({ prepare: "exited 1" }), [
    "oneshot prepare exited 1",
    "longrun db was kept back by prepare",
    "longrun web was kept back by db",
  ]);
  deepEqual(told({}), []);
});

Deno.test("what is up by now is not, and what it kept back still is", () => {
  deepEqual(told({ prepare: "exited 1" }, "prepare"), [
    "longrun db was kept back by prepare",
    "longrun web was kept back by db",
  ]);
  deepEqual(told({ prepare: "exited 1" }, "prepare", "db"), ["longrun web was kept back by db"]);
  deepEqual(told({ prepare: "exited 1" }, "prepare", "db", "web"), []);
});

Deno.test("why something has failed, as the rest of a sentence", () => {
  const [prepare, db] = GRAPH.services as [AtomicService, AtomicService];
  deepEqual(failureInWords(prepare, { how: "failed", code: 126 }), "exited 126");
  deepEqual(failureInWords(db, { how: "failed", code: 1 }), "has failed for good");
  deepEqual(failureInWords(db, { how: "crashed", signal: 15 }), "was not up when the time for the start was over");
  deepEqual(failureInWords(db, failing("s6-rc", "no supervisor")), "has failed: no supervisor");
});
