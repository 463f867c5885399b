// What an update comes down to, as tables: two databases, what is up, what the conversion file says, and what follows.

import { deepEqual, equal, throws } from "node:assert/strict";
import type { Graph } from "../../../../lib/rc/graph.ts";
import { conversionsIn } from "../../../../lib/rc/update/conversion.ts";
import { planUpdate, type UpdatePlan } from "../../../../lib/rc/update/update_plan.ts";
import { Failure } from "../../../../lib/report.ts";
import { graphIn } from "../graphs.ts";

function planOf(before: Graph, after: Graph, up: string, conversions = ""): UpdatePlan {
  const isUp = new Set(up.split(" "));
  return planUpdate({
    before,
    after,
    isUp: (service) => isUp.has(before.services[service]!.name),
    conversions: conversionsIn(conversions),
    live: "live",
    database: "new",
  });
}

interface Told {
  /** What is named to be stopped; what goes down; what goes on; what is named to be started. */
  readonly stops: string;
  readonly down: string;
  readonly goesOn: string;
  readonly starts: string;
}

function told(before: Graph, after: Graph, plan: UpdatePlan): Told {
  const oldNames = before.services.map(({ name }) => name);
  const newNames = after.services.map(({ name }) => name);
  return {
    stops: plan.stops.map((number) => oldNames[number]).join(" "),
    down: oldNames.filter((_, number) => plan.goesDown[number] === 1).join(" "),
    goesOn: plan.successors.flatMap(({ isUp, from }, number) =>
      isUp ? [newNames[number] === oldNames[from!] ? newNames[number]! : `${oldNames[from!]}=${newNames[number]}`] : []
    ).join(" "),
    starts: plan.starts.map((number) => newNames[number]).join(" "),
  };
}

const OLD = graphIn({ a: "", b: "a", c: "b", alone: "", "~once": "" }, { both: "alone once", single: "a" });

type Row = readonly [name: string, after: Graph, up: string, conversions: string, told: Told];

const ROWS: readonly Row[] = [
  ["nothing changes", OLD, "a b c alone once", "", { stops: "", down: "", goesOn: "a b c alone once", starts: "" }],
  ["what is down stays down", OLD, "a", "once restart", { stops: "", down: "", goesOn: "a", starts: "" }],
  [
    "what is gone stops, and what depends on it is started again",
    graphIn({ b: "", c: "b", alone: "" }),
    "a b c alone once",
    "",
    { stops: "once a", down: "a b c once", goesOn: "alone", starts: "c b" },
  ],
  [
    "what is gone and down is nothing",
    graphIn({ b: "", c: "b", alone: "" }),
    "b c",
    "",
    { stops: "", down: "", goesOn: "b c", starts: "" },
  ],
  [
    "a dependency that was up already is no reason",
    graphIn({ a: "", b: "a alone", c: "b", alone: "", "~once": "" }),
    "a b c alone",
    "",
    { stops: "", down: "", goesOn: "a b c alone", starts: "" },
  ],
  [
    "a new dependency restarts, and what depends on it",
    graphIn({ a: "", b: "a new", c: "b", alone: "", new: "", "~once": "" }),
    "a b c alone",
    "",
    { stops: "c b", down: "b c", goesOn: "a alone", starts: "c b" },
  ],
  [
    "a restart makes restarts in another place of the new order, until all is at rest",
    graphIn({ a: "", b: "", c: "", alone: "c", "~once": "alone" }),
    "a b c alone once",
    "a restart",
    { stops: "once alone a", down: "a b c alone once", goesOn: "", starts: "once alone c b a" },
  ],
  [
    "another type is a restart",
    graphIn({ b: "", c: "b", alone: "", once: "", "~a": "" }),
    "a once",
    "",
    { stops: "once a", down: "a once", goesOn: "", starts: "a once" },
  ],
  [
    "a name is another one",
    graphIn({ z: "", b: "z", c: "b", alone: "", "~once": "" }),
    "a b",
    "a -> z",
    { stops: "", down: "", goesOn: "a=z b", starts: "" },
  ],
  [
    "two names are exchanged",
    graphIn({ a: "", b: "", c: "", alone: "", "~once": "" }),
    "a alone",
    "a -> alone\nalone -> a",
    { stops: "", down: "", goesOn: "alone=a a=alone", starts: "" },
  ],
  [
    "another name, and a restart",
    graphIn({ z: "", b: "z", c: "b", alone: "", "~once": "" }),
    "a b",
    "a -> z restart",
    { stops: "a", down: "a b", goesOn: "", starts: "b z" },
  ],
  [
    "the only member of a bundle is meant by its name",
    OLD,
    "a",
    "single restart",
    { stops: "a", down: "a", goesOn: "", starts: "a" },
  ],
  [
    "a service becomes a bundle, whose members start",
    graphIn({ a: "", b: "a", c: "b", x: "", y: "", "~once": "" }, { alone: "x y" }),
    "a alone",
    "",
    { stops: "alone", down: "alone", goesOn: "a", starts: "y x" },
  ],
  [
    "a service becomes a bundle of one, and goes on in it",
    graphIn({ a: "", b: "a", c: "b", x: "", "~once": "" }, { alone: "x" }),
    "alone",
    "",
    { stops: "", down: "", goesOn: "alone=x", starts: "" },
  ],
  [
    "a service becomes an empty bundle, and stops",
    graphIn({ a: "", b: "a", c: "b", "~once": "" }, { alone: "" }),
    "alone",
    "",
    { stops: "alone", down: "alone", goesOn: "", starts: "" },
  ],
];

for (const [name, after, up, conversions, expected] of ROWS) {
  Deno.test(`update: ${name}`, () => {
    deepEqual(told(OLD, after, planOf(OLD, after, up, conversions)), expected);
  });
}

const FAULTS: readonly (readonly [conversions: string, code: number, text: string])[] = [
  ["nobody restart", 3, "unknown identifier in live/compiled/resolve.cdb: nobody"],
  ["both restart", 5, "identifier both does not represent an atomic service in live/compiled"],
  ["a -> nobody", 4, "bad conversion file: new service nobody is undefined in database new"],
  ["a\nsingle", 6, "service a appears more than once in conversion file"],
  [
    "a -> b",
    6,
    "unable to convert database: new service b is a target for more than one conversion, including old service a",
  ],
  ["a foo", 100, "unknown keyword in conversion file: foo"],
  ["nobody foo", 3, "unknown identifier in live/compiled/resolve.cdb: nobody"],
  ["nobody\n}", 3, "unknown identifier in live/compiled/resolve.cdb: nobody"],
  ["a\n}", 100, "mismatched braces in conversion file: }"],
  ["a {", 100, "mismatched braces in conversion file: a {"],
  ['a "b', 100, 'syntax error in conversion file: a "b'],
];

for (const [conversions, code, text] of FAULTS) {
  Deno.test(`a conversion file with ${JSON.stringify(conversions)}`, () => {
    throws(() => planOf(OLD, OLD, "", conversions), new Failure(code, text));
  });
}

Deno.test("comments and empty lines of a conversion file mean nothing, and the last line needs no newline", () => {
  deepEqual([...conversionsIn("# one\n\n \t\na restart # two\nb -> c restart restart")], [
    { from: "a", to: undefined, keywords: ["restart"] },
    { from: "b", to: "c", keywords: ["restart", "restart"] },
  ]);
});

Deno.test("a restart goes through two thousand services that have come to depend on one another", () => {
  const names = Array.from({ length: 2000 }, (_, at) => `s${at}`);
  const before = graphIn(Object.fromEntries(names.map((name) => [name, ""])));
  const after = graphIn(Object.fromEntries(names.map((name, at) => [name, names[at - 1] ?? ""])));
  const plan = planOf(before, after, names.join(" "), "s0 restart");
  equal(plan.goesDown.every((down) => down === 1), true);
  equal(plan.starts.length, names.length);
});
