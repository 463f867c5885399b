// Registers every row of tests/cases as a test. Rows are independent, so a few run ahead of the one being reported.

import { canCheck, type Case, check } from "./harness.ts";

const AHEAD = navigator.hardwareConcurrency * 4;

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
const running: (Promise<void> | undefined)[] = [];

function start(at: number): Promise<void> {
  const row = all[at]!.row;
  const result = running[at] ??= check(row);
  result.catch(() => {}); // reported by the test of that row
  return result;
}

all.forEach(({ title, row }, at) => {
  Deno.test({
    name: title,
    ignore: !canCheck(row),
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      for (let ahead = at + 1; ahead < Math.min(all.length, at + AHEAD); ahead++) start(ahead);
      await start(at);
    },
  });
});
