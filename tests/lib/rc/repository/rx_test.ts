// Which services have to follow when some of a set change, and how a set is made consistent, as tables.

import { deepEqual, equal, throws } from "node:assert/strict";
import type { Direction } from "../../../../lib/rc/plan.ts";
import {
  EVERY_RX,
  firstRx,
  fixSteps,
  misfits,
  type Rx,
  RX_NAMES,
  RX_WORDS,
  type SetContent,
} from "../../../../lib/rc/repository/rx.ts";
import { Failure } from "../../../../lib/report.ts";
import { graphIn } from "../graphs.ts";

const GRAPH = graphIn({
  "s6rc-oneshot-runner!": "",
  base: "",
  web: "base",
  "talker>listener": "listener",
  listener: "",
  "~job": "web s6rc-oneshot-runner",
});

/** Services by rx; all others are usable. */
function contentOf(lists: Partial<Record<typeof RX_NAMES[number], string>>): SetContent {
  const content = new Map<string, Rx>(["base", "web", "talker", "listener", "job"].map((name) => [name, 1]));
  for (const rx of EVERY_RX) {
    for (const name of (lists[RX_NAMES[rx]] ?? "").split(" ").filter(Boolean)) content.set(name, rx);
  }
  return content;
}

const ROWS: readonly (readonly [
  name: string,
  named: string,
  rx: typeof RX_NAMES[number],
  before: Parameters<typeof contentOf>[0],
  found: string,
])[] = [
  ["dependencies follow what becomes stronger", "job", "active", {}, "web base"],
  ["those that are strong enough do not", "job", "active", { active: "base" }, "web"],
  ["dependents follow what becomes weaker", "base", "usable", { active: "job web" }, "job web"],
  ["those that are weak enough do not", "base", "usable", { active: "job" }, "job"],
  ["what is always up is not made stronger by anybody", "base", "always", { masked: "web" }, ""],
  ["dependents of what is masked are masked", "web", "masked", {}, "job"],
  ["a pipeline is masked as a whole, upwards", "listener", "masked", {}, "talker"],
  ["a pipeline is masked as a whole, downwards", "talker", "masked", {}, "listener"],
  ["a pipeline is unmasked as a whole", "listener", "usable", { masked: "talker" }, "talker"],
  ["members of a pipeline need not be equally strong", "listener", "active", {}, ""],
];

for (const [name, named, word, before, found] of ROWS) {
  Deno.test(`set: ${name}`, () => {
    const rx = RX_NAMES.indexOf(word) as Rx;
    const content = new Map([...contentOf(before), [named, rx] as const]);
    const looksAt: Direction[] = ["down", "up"];
    equal(misfits({ graph: GRAPH, content, named: [named], rx, looksAt, where: "set" }).join(" "), found);
  });
}

Deno.test("a service of the database that the set does not have is a failure", () => {
  const content = new Map([["job", 2] as const]);
  const question = { graph: GRAPH, content, named: ["job"], rx: 2, looksAt: ["up"], where: "set s" } as const;
  throws(() => misfits(question), new Failure(111, "unable to find service web in set s"));
});

function fixed(lists: Parameters<typeof contentOf>[0], direction: Direction): string[] {
  return [...fixSteps(GRAPH, contentOf(lists), direction, "set")].map(({ rx, services }) =>
    `${services.map(({ name, rx: former }) => `${name}/${RX_NAMES[former]}`).join(" ")} to ${RX_NAMES[rx]}`
  );
}

Deno.test("a set is made consistent downwards: what needs gets as weak as what it needs", () => {
  deepEqual(fixed({ active: "job" }, "down"), ["job/active to usable"]);
  deepEqual(fixed({ masked: "base", active: "job" }, "down"), ["job/active web/usable to masked"]);
  deepEqual(fixed({ masked: "talker" }, "down"), ["listener/usable to masked"]);
  deepEqual(fixed({ active: "job web base" }, "down"), []);
});

Deno.test("a set is made consistent upwards: what is needed gets as strong as what needs it", () => {
  deepEqual(fixed({ active: "job" }, "up"), ["web/usable base/usable to active"]);
  deepEqual(fixed({ masked: "base", always: "job" }, "up"), [
    "base/masked to usable",
    "web/usable base/usable to always",
  ]);
  deepEqual(fixed({ masked: "talker" }, "up"), ["talker/masked to usable"]);
  deepEqual(fixed({ masked: "job web" }, "up"), []);
});

Deno.test("all words for an rx mean one, and new services get it by their flags", () => {
  deepEqual([...new Set(Object.values(RX_WORDS))].sort(), [...EVERY_RX]);
  for (const [rx, name] of RX_NAMES.entries()) equal(RX_WORDS[name], rx);
  deepEqual(graphIn({ "a!": "", "b?": "", c: "" }).services.map(firstRx), [3, 2, 1]);
});
