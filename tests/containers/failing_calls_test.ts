// Of the calls that process 1 makes in a boot, a restart and a stop, one fails in each of many containers: it goes on or
// ends in time, with the right exit code, and where something is not done a line says why. For every call there is with
// every error, which takes hours: `deno run -A tests/faults/calls/main.ts`.

import { ok } from "node:assert/strict";
import { canIsolate } from "../surroundings/namespace.ts";
import { faultyRoot } from "../faults/calls/container.ts";
import { count, describe, someCalls, sweepCalls } from "../faults/calls/sweep.ts";

const AT_ONCE = 2 * navigator.hardwareConcurrency;

Deno.test({
  name: "whatever call of process 1 fails, the container ends in time and in order, or says why not",
  ignore: !canIsolate,
  fn: async () => {
    await using root = await faultyRoot();
    const usual = await count(root);
    const plan = someCalls(usual.made);
    const faults: string[] = [];
    let met = 0;
    await sweepCalls(root, plan, usual, AT_ONCE, (judged) => {
      if (judged.life.made.length > 0) met++;
      if (judged.fault !== undefined) faults.push(describe(judged));
    });
    ok(faults.length === 0, `${faults.length} of ${plan.length}:\n${faults.join("\n")}`);
    // What comes at another moment than it did when calls were counted is not met.
    ok(plan.length > 50 && met > 0.8 * plan.length, `${met} of ${plan.length} calls were met`);
  },
});
