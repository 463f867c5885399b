// Of the calls that process 1 makes in a boot, a restart and a stop, one fails in each of many containers: it goes on or
// ends in time, with the right exit code, and where something is not done a line says why. For every call there is with
// every error, which takes hours: `deno run -A tests/faults/calls/main.ts`.

import { ok } from "node:assert/strict";
import { canIsolate } from "../surroundings/namespace.ts";
import { faultyRoot, PIPELINE } from "../faults/calls/container.ts";
import type { Made } from "../faults/calls/fault_files.ts";
import type { Root } from "../surroundings/quick.ts";
import { count, describe, someCalls, sweepCalls } from "../faults/calls/sweep.ts";

const AT_ONCE = 2 * navigator.hardwareConcurrency;

/** Has some of the calls fail, and returns how many. */
async function fail(root: Root, chosen: (made: Made) => boolean): Promise<number> {
  const usual = await count(root);
  const plan = someCalls(usual.made.filter(chosen));
  const faults: string[] = [];
  let met = 0;
  await sweepCalls(root, plan, usual, AT_ONCE, (judged) => {
    if (judged.life.made.length > 0) met++;
    if (judged.fault !== undefined) faults.push(describe(judged));
  });
  ok(faults.length === 0, `${faults.length} of ${plan.length}:\n${faults.join("\n")}`);
  // What comes at another moment than it did when calls were counted is not met.
  ok(met > 0.8 * plan.length, `${met} of ${plan.length} calls were met`);
  return plan.length;
}

Deno.test({
  name: "whatever call of process 1 fails, the container ends in time and in order, or says why not",
  ignore: !canIsolate,
  fn: async () => {
    await using root = await faultyRoot();
    ok((await fail(root, () => true)) > 50);
  },
});

/** By the names of its methods, which are as they are in its sources. */
const HOLDING = /\.\/held_pipes-|^(hold|leave|activate) \.\/later_generation-/;

Deno.test({
  name: "whatever call fails that holds pipes, they are held, or a process holds them, or a line says why not",
  ignore: !canIsolate,
  fn: async () => {
    await using root = await faultyRoot(PIPELINE);
    ok((await fail(root, ({ stack }) => stack.some((call) => HOLDING.test(call)))) > 20);
  },
});
