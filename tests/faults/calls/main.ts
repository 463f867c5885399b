// Every call that process 1 makes in a boot, a restart and a stop fails in turn, with every error, each in a container
// of its own: `deno run -A tests/faults/calls/main.ts [CONTAINERS-AT-ONCE] [PATTERN] [TIMES]`. The pattern picks calls
// by their phase and name, as in "stop write"; TIMES calls made for the same reason fail in a row, one if not given.
// What is wrong is printed.

import { faultyRoot } from "./container.ts";
import { count, describe, everyCall, sweepCalls } from "./sweep.ts";

const [atOnce = `${navigator.hardwareConcurrency}`, pattern = "", times = "1"] = Deno.args;

await using root = await faultyRoot();
const usual = await count(root);
const wanted = new RegExp(pattern);
const plan = everyCall(usual.made.filter(({ phase, name }) => wanted.test(`${phase} ${name}`)), Number(times));
console.log(`${usual.made.length} calls, ${plan.length} containers`);
let [done, met, faults] = [0, 0, 0];
await sweepCalls(root, plan, usual, Number(atOnce), (judged) => {
  done++;
  if (judged.life.made.length > 0) met++;
  if (judged.fault !== undefined) {
    faults++;
    console.log(describe(judged));
  }
  if (done % 100 === 0 || done === plan.length) console.log(`${done} done, ${met} met, ${faults} at fault`);
});
Deno.exit(faults > 0 ? 1 : 0);
