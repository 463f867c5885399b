// A logger that is killed, at each of its calls and at random ones, again and again: what it had written is there once
// the next logger has started, each line once.

import { deepEqual, equal, ok } from "node:assert/strict";
import { Random } from "../random/random.ts";
import { amount } from "../random/amount.ts";
import { countCalls, CrashSession, type Kill, runTasks } from "./crash.ts";

const SEED = 1;
/** How many loggers are killed at random; CRASHES says another number. */
const RANDOM_KILLS = Number(Deno.env.get("CRASHES") ?? amount(60, 16));
const LINES = 30;
/** Two of each kind: both rotations of the lines, and what comes before and behind them. */
const PROCESSORS = { "without a processor": "", "with a processor": "cat; cat <&4 >&5; echo x >&5" };

/** Kills loggers, lets another put things right, and tells what is wrong then. */
async function fault(
  processor: string,
  kills: readonly Kill[],
  died: (count: number) => void,
): Promise<string | undefined> {
  const session = new CrashSession(processor);
  try {
    for (const kill of kills) await session.run(LINES, kill);
    await session.run(1);
    died(session.deaths);
    const reason = session.fault();
    return reason && `${kills.map(({ call, when }) => `${call} ${when}`).join(", ")}: ${reason}`;
  } finally {
    session.end();
  }
}

async function callsOf(processor: string): Promise<string[]> {
  const session = new CrashSession(processor);
  try {
    const calls = await session.run(LINES);
    equal(session.fault(), undefined);
    return calls;
  } finally {
    session.end();
  }
}

for (const [kind, processor] of Object.entries(PROCESSORS)) {
  Deno.test(`nothing written is lost when a logger ${kind} is killed at any of its calls`, async () => {
    const counts = countCalls(await callsOf(processor));
    const kills = [...counts].flatMap(([call, count]) =>
      Array.from({ length: count }, (_, at): Kill => ({ call, when: at + 1 }))
    );
    equal(kills.length > 40, true, "the calls were seen");
    const tried = kills.filter((_, at) => at % amount(1, 8) === 0);
    const faults: string[] = [];
    let deaths = 0;
    await runTasks(tried.map((kill) => async () => {
      const reason = await fault(processor, [kill], (count) => deaths += count);
      if (reason !== undefined) faults.push(reason);
    }));
    deepEqual(faults, []);
    equal(deaths, tried.length);
  });

  Deno.test(`nothing written is lost when loggers ${kind} are killed one after the other`, async () => {
    const counts = [...countCalls(await callsOf(processor))];
    const faults: string[] = [];
    let planned = 0;
    let deaths = 0;
    const tasks = [];
    for (let index = 0; planned < RANDOM_KILLS / 2; index++) {
      const random = new Random(Math.imul(SEED, 0x9e3779b1) ^ index);
      const kills = Array.from({ length: 3 + random.below(6) }, (): Kill => {
        const [call, count] = random.pick(counts);
        return { call, when: 1 + random.below(count) };
      });
      planned += kills.length;
      tasks.push(async () => {
        const reason = await fault(processor, kills, (count) => deaths += count);
        if (reason !== undefined) faults.push(`${index}: ${reason}`);
      });
    }
    await runTasks(tasks);
    deepEqual(faults, []);
    // Some end before the call at which they were to die.
    ok(deaths > planned / 2, `${deaths} of ${planned}`);
  });
}

/** The calls that matter for what a crash of the machine leaves, in short. */
async function order(processor: string): Promise<string[]> {
  const calls = await callsOf(processor);
  const told = calls.flatMap((call) => {
    const [, name] =
      /^(fsync|fchmod|fchmodat|chmod|link|linkat|unlink|unlinkat|rename|renameat|renameat2)\(/.exec(call) ?? [];
    if (name === undefined || !call.endsWith(" = 0")) return [];
    const files = [...call.matchAll(/\/d\/([^">]+)[">]/g)].map(([, file]) => file!.replace(/@\w+/, "@"));
    return [`${name.replace(/at2?$/, "").replace("fch", "ch")} ${files.join(" ")}`];
  });
  return told.slice(told.indexOf("fsync current"));
}

const ROTATION = ["fsync current", "rename current previous", "chmod previous"];
const END = ["fsync current", "chmod current"];

Deno.test("a file is on the disk before it is moved, marked, or goes", async () => {
  const plain = [...ROTATION, "link previous @.s", "unlink previous"];
  deepEqual(await order(""), [...plain, ...plain, ...END]);
  const processed = [
    ...[...ROTATION, "fsync processed", "chmod processed", "fsync newstate", "unlink previous"],
    ...["rename newstate state", "link processed @.s", "unlink processed"],
  ];
  deepEqual(await order("cat"), [...processed, ...processed, ...END]);
});
