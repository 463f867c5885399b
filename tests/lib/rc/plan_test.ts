// What a wish comes down to: tables of small graphs, and large ones for what they cost.

import assert from "node:assert/strict";
import type { AtomicService, Graph } from "../../../lib/rc/graph.ts";
import { namesOf, numbersIn, Pass, passesOf, type Wish } from "../../../lib/rc/plan.ts";

const NOTHING = { named: [], alsoUp: false, prune: false, stopsEssentials: false };

/** Services by name: those it needs; a name with "!" is essential. */
function graphOf(needs: Readonly<Record<string, string>>): Graph {
  const names = Object.keys(needs).map((name) => name.replace("!", ""));
  const lists = Object.values(needs).map((list) => list.split(" ").filter(Boolean).map((name) => names.indexOf(name)));
  const neededBy: number[][] = names.map(() => []);
  lists.forEach((list, number) => list.forEach((other) => neededBy[other]!.push(number)));
  const services = Object.keys(needs).map((name, number): AtomicService => ({
    kind: "oneshot",
    name: names[number]!,
    essential: name.endsWith("!"),
    recommended: false,
    timeoutUp: 0,
    timeoutDown: 0,
    needs: lists[number]!,
    neededBy: neededBy[number]!,
    up: [],
    down: [],
    reload: [],
  }));
  return { services, bundles: new Map([["all", names.map((_, number) => number)]]) };
}

const DIAMOND = graphOf({ "base!": "", left: "base", right: "base", top: "left right", alone: "" });

/** Passes played to their ends: what begins together stands together. */
function played(graph: Graph, up: string, wish: Partial<Wish> & Pick<Wish, "direction">, names: string): string[] {
  const numberOf = namesOf(graph);
  const numbers = (text: string): number[] => text.split(" ").filter(Boolean).flatMap((name) => numberOf(name) ?? []);
  const isUp = new Set(numbers(up));
  const told: string[] = [];
  for (const plan of passesOf(graph, { ...NOTHING, ...wish, named: numbers(names) }, (one) => isUp.has(one))) {
    const pass = new Pass(graph, plan, (one) => isUp.has(one));
    const sign = { begin: plan.direction === "up" ? "+" : "-", already: "=", spared: "!" };
    let steps = pass.begin();
    while (steps.length > 0) {
      told.push(steps.map(({ service, kind }) => sign[kind] + graph.services[service]!.name).join(" "));
      const begun = steps.filter(({ kind }) => kind === "begin").map(({ service }) => service);
      for (const one of begun) plan.direction === "up" ? isUp.add(one) : isUp.delete(one);
      steps = begun.flatMap((one) => pass.done(one));
    }
  }
  return told;
}

const ROWS: readonly [name: string, up: string, wish: Parameters<typeof played>[2], names: string, told: string[]][] = [
  ["dependencies come first, all that can begin do", "", { direction: "up" }, "top", ["+base", "+right +left", "+top"]],
  ["what is up counts as done", "base left", { direction: "up" }, "top", ["=base +right =left", "+top"]],
  ["dependents are stopped first", "base left right top", { direction: "down" }, "left", ["-top", "-left"]],
  ["an essential service is spared", "base left", { direction: "down" }, "base", ["=top =right -left", "!base"]],
  [
    "an essential service is stopped on demand",
    "base left",
    { direction: "down", stopsEssentials: true },
    "base",
    ["=top =right -left", "-base"],
  ],
  ["pruning stops all others first", "base alone", { direction: "up", prune: true }, "left", [
    "-alone =top =right",
    "=base +left",
  ]],
  ["pruning downwards starts all others", "alone", { direction: "down", prune: true }, "left", [
    "=top =left",
    "=alone +base",
    "+right",
  ]],
  ["what is up is selected too", "left", { direction: "up", alsoUp: true }, "alone", ["+alone +base", "=left"]],
  ["no name selects nothing", "base", { direction: "up" }, "", []],
];

for (const [name, up, wish, names, told] of ROWS) {
  Deno.test(`plan: ${name}`, () => assert.deepEqual(played(DIAMOND, up, wish, names), told));
}

Deno.test("a failure names what is not started because of it, once", () => {
  const [plan] = passesOf(DIAMOND, { ...NOTHING, direction: "up", named: [3] }, () => false);
  const pass = new Pass(DIAMOND, plan!, () => false);
  pass.begin();
  pass.done(0);
  assert.deepEqual([pass.barredBy(1), pass.barredBy(2)], [[3], []]);
});

Deno.test("a chain of a hundred thousand services is no deeper than one of two", () => {
  const names = Array.from({ length: 100_000 }, (_, number) => `s${number}`);
  const chain = graphOf(Object.fromEntries(names.map((name) => [name, ""])));
  const services = chain.services.map((service, number) => ({
    ...service,
    needs: number === 0 ? [] : [number - 1],
    neededBy: number === names.length - 1 ? [] : [number + 1],
  }));
  const graph = { ...chain, services };
  const wish: Wish = { ...NOTHING, direction: "up", named: [names.length - 1] };
  const [plan] = passesOf(graph, wish, () => true);
  assert.equal(numbersIn(plan!.selected).length, names.length);
  assert.equal(new Pass(graph, plan!, () => true).begin().length, names.length);
});
