// What a boot of generation 3 took its time for, by when transitions began and ended.

import { deepEqual } from "node:assert/strict";
import { bootPath } from "../../../../lib/overlay/rc/boot_path.ts";
import type { Graph } from "../../../../lib/rc/graph.ts";

/** 2 needs 0 and 1, 3 needs 2, 4 needs nothing. */
const NEEDS = [[], [], [0, 1], [2], []];
const GRAPH: Graph = {
  services: NEEDS.map((needs, number) => ({
    kind: "oneshot",
    name: `s${number}`,
    essential: false,
    recommended: false,
    timeoutUp: 0,
    timeoutDown: 0,
    needs,
    neededBy: [],
    up: [],
    down: [],
    reload: [],
  })),
  bundles: new Map(),
};

const ROWS: readonly [string, readonly (readonly [from: number, to?: number] | undefined)[], readonly number[]][] = [
  ["nothing has begun", [], []],
  ["it leads through what ended last of what was needed", [[0, 5], [0, 9], [9, 20], [20, 30], [0, 25]], [1, 2, 3]],
  ["what nothing needs may be all of it", [[0, 5], [0, 9], [9, 20], [20, 30], [0, 35]], [4]],
  ["what goes on is waited for", [[0, 5], [0, 9], [9, undefined!], undefined, [0, 25]], [1, 2]],
  ["several that were given up together are all of it", [[0, 5], [0, 9], [9, 40], undefined, [0, 40]], [4, 1, 2]],
  ["what was passed over takes no time", [[0, 5], undefined, [5, 20], [20, 30], undefined], [0, 2, 3]],
];

for (const [name, moments, path] of ROWS) {
  Deno.test(`the path of a boot: ${name}`, () => {
    const transitions = moments.flatMap((moment, number) =>
      moment === undefined ? [] : [[number, { from: moment[0], to: moment[1] }] as const]
    );
    deepEqual(bootPath(GRAPH, new Map(transitions)), path);
  });
}
