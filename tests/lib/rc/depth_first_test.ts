// Walks through graphs that end, however deep these are, and the circles that are found.

import { deepEqual, equal } from "node:assert/strict";
import { dependencyCircle, depthFirst } from "../../../lib/rc/depth_first.ts";
import { Random } from "../../random/random.ts";

Deno.test("a walk leaves a node behind all that it leads to", () => {
  const edges = [[1, 2], [3], [3], []];
  const left: number[] = [];
  equal(depthFirst(4, [0], (node, index) => edges[node]![index], (node) => left.push(node)), undefined);
  deepEqual(left, [3, 1, 2, 0]);
});

Deno.test("a circle is told with its path and where the walk began", () => {
  const edges = [[1], [2], [3], [1]];
  deepEqual(depthFirst(4, [0], (node, index) => edges[node]![index]), { from: 0, involving: 1, path: [1, 2, 3] });
});

Deno.test("a chain of a hundred thousand does not need a deep stack", () => {
  const length = 100_000;
  const chain = Array.from({ length }, (_, node) => node === 0 ? [] : [node - 1]);
  equal(dependencyCircle(chain), undefined);
  chain[0]!.push(length - 1);
  equal(dependencyCircle(chain)?.path.length, length);
});

Deno.test("a circle is found where one is, in random graphs", () => {
  const random = new Random(3);
  for (let round = 0; round < 3000; round++) {
    const nodes = 1 + random.below(12);
    const needs = Array.from(
      { length: nodes },
      () => [...new Set(Array.from({ length: random.below(3) }, () => random.below(nodes)))].sort((a, b) => a - b),
    );
    const circle = dependencyCircle(needs);
    equal(circle !== undefined, hasCircle(needs));
    if (circle === undefined) continue;
    const steps = [...circle.path, circle.involving];
    equal(steps[0], circle.involving);
    for (const [at, node] of circle.path.entries()) equal(needs[node]!.includes(steps[at + 1]!), true);
  }
});

/** Takes away what needs nothing that is left, as long as there is any. */
function hasCircle(needs: readonly (readonly number[])[]): boolean {
  const left = new Set(needs.keys());
  for (let before = -1; before !== left.size;) {
    before = left.size;
    for (const node of left) if (!needs[node]!.some((needed) => left.has(needed))) left.delete(node);
  }
  return left.size > 0;
}
