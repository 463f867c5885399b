// The order in which longruns are laid: each behind what it needs, and what the boot does not need last.

import { deepEqual, ok } from "node:assert/strict";
import type { AtomicService, Graph } from "../../../lib/rc/graph.ts";
import { startOrder } from "../../../lib/rc/start_order.ts";
import { Random } from "../../random/random.ts";

/** Services by number, each with what it needs; those that are named are oneshots. */
function graphOf(needs: readonly (readonly number[])[], oneshots: readonly number[], top: readonly number[]): Graph {
  const services = needs.map((those, number): AtomicService => {
    const neededBy = needs.flatMap((others, other) => others.includes(number) ? [other] : []);
    const atomic = { name: `${number}`, essential: false, recommended: false, timeoutUp: 0, timeoutDown: 0 };
    const common = { ...atomic, needs: those, neededBy };
    return oneshots.includes(number)
      ? { ...common, kind: "oneshot", up: [], down: [], reload: [] }
      : { ...common, kind: "longrun", consumer: undefined, producers: [] };
  });
  return { services, bundles: new Map([["top", top]]) };
}

Deno.test("what needs nothing comes first, and what the bundle does not need last", () => {
  deepEqual(startOrder(graphOf([[1], [4], [], [], []], [4], [0, 3]), "top"), [3, 1, 0, 2]);
  deepEqual(startOrder(graphOf([[1], []], [], []), "no such bundle"), [1, 0]);
});

Deno.test("in a thousand random graphs each longrun is behind those that it needs", () => {
  const random = new Random(1);
  for (let run = 0; run < 1000; run++) {
    const count = 1 + random.below(30);
    const needs = Array.from({ length: count }, (_, at) => {
      const later = Array.from({ length: count - at - 1 }, (_, more) => at + 1 + more);
      return later.filter(() => random.chance(0.2));
    });
    const order = startOrder(graphOf(needs, [], needs.map((_, at) => at).filter(() => random.chance(0.5))), "top");
    deepEqual([...order].sort((a, b) => a - b), needs.map((_, at) => at));
    for (const [place, number] of order.entries()) {
      ok(needs[number]!.every((other) => order.indexOf(other) < place), `${run}: ${order}`);
    }
  }
});
