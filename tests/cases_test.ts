// Registers every row of tests/cases as a test. Rows are independent: while one is reported, rows behind it run, a
// number of them at a time, from a window that is wider than that, so that a row that only waits does not hold the
// others up.

import { canCheck, type Case, check } from "./harness.ts";

const AT_A_TIME = navigator.hardwareConcurrency * 2;
const WINDOW = 4 * AT_A_TIME;

async function rows(directory: URL, prefix: string): Promise<{ title: string; row: Case }[]> {
  const found: { title: string; row: Case }[] = [];
  const entries = [...Deno.readDirSync(directory)].sort((a, b) => a.name < b.name ? -1 : 1);
  for (const { name, isDirectory } of entries) {
    if (isDirectory) found.push(...await rows(new URL(`${name}/`, directory), `${prefix}${name}/`));
    else if (name.endsWith(".ts")) {
      const { cases } = await import(new URL(name, directory).href) as { cases: readonly Case[] };
      found.push(...cases.map((row) => ({ title: `${prefix}${name.slice(0, -3)}: ${row.name}`, row })));
    }
  }
  return found;
}

const all = await rows(new URL("./cases/", import.meta.url), "");
const results: PromiseWithResolvers<void>[] = [];
const waiting: number[] = [];
let running = 0;

/** Runs the rows of the queue, AT_A_TIME of them at once. */
function runWaiting(): void {
  while (running < AT_A_TIME && waiting.length > 0) {
    const at = waiting.shift()!;
    running++;
    check(all[at]!.row).then(results[at]!.resolve, results[at]!.reject).finally(() => {
      running--;
      runWaiting();
    });
  }
}

function result(at: number): Promise<void> {
  if (results[at] === undefined) {
    results[at] = Promise.withResolvers();
    results[at].promise.catch(() => {}); // reported by the test of that row
    waiting.push(at);
  }
  return results[at].promise;
}

all.forEach(({ title, row }, at) => {
  Deno.test({
    name: title,
    ignore: !canCheck(row),
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      for (let ahead = at; ahead < Math.min(all.length, at + WINDOW); ahead++) {
        if (canCheck(all[ahead]!.row)) result(ahead);
      }
      runWaiting();
      await result(at);
    },
  });
});
