// Registers every row of tests/cases as a test. Rows are independent: while one is reported, rows behind it run. ROWS in
// the environment is a pattern for the titles of those that are wanted: a filter of the runner would have them run too.
// MOST_ROWS is how many there is time for before a commit; ROWS_SEED repeats what was chosen then (row_choice.ts).

import { chosenRows } from "./rows/chosen_rows.ts";
import { canCheck, type Case, check, type Oracle } from "./rows/harness.ts";
import { originals } from "./rows/originals.ts";
import { CrowdSize, type ProcessorTime, processorTime, RowRunner } from "./rows/row_runner.ts";
import { versionOf } from "./rows/versions.ts";

interface TitledRow {
  readonly title: string;
  readonly row: Case;
}

const MOST = Deno.env.get("MOST_ROWS");
const SEED = Deno.env.get("ROWS_SEED");

/** The last come first: rows of s6 wait for what services do, and those of execline compute meanwhile. */
async function rows(directory: URL, prefix: string): Promise<TitledRow[]> {
  const found: TitledRow[] = [];
  const entries = [...Deno.readDirSync(directory)].sort((a, b) => a.name < b.name ? 1 : -1);
  for (const { name, isDirectory } of entries) {
    if (isDirectory) found.push(...await rows(new URL(`${name}/`, directory), `${prefix}${name}/`));
    else if (name.endsWith(".ts")) {
      const { cases } = await import(new URL(name, directory).href) as { cases: readonly Case[] };
      found.push(...cases.map((row) => ({ title: `${prefix}${name.slice(0, -3)}: ${row.name}`, row })));
    }
  }
  return found;
}

function processors(): ProcessorTime | undefined {
  try {
    return processorTime(Deno.readTextFileSync("/proc/stat"));
  } catch {
    return undefined;
  }
}

const oracles = await originals();

/** Those that a row is to be compared with. */
function judgesOf(title: string): readonly Oracle[] {
  const meant = versionOf(title);
  return meant === undefined ? oracles : oracles.filter(({ version }) => version === meant);
}

const wanted = new RegExp(Deno.env.get("ROWS") ?? "");
const all = (await rows(new URL("./cases/", import.meta.url), "")).filter(({ title }) => wanted.test(title));
const able = all.filter(({ row, title }) => canCheck(row, judgesOf(title)));
const { rows: checked, ended } = MOST === undefined
  ? { rows: able, ended: () => {} }
  : await chosenRows(able, Number(MOST), SEED === undefined ? undefined : Number(SEED));
const crowd = new CrowdSize(2 * navigator.hardwareConcurrency, 12 * navigator.hardwareConcurrency);
const runner = new RowRunner(checked.length, (at) => checkAt(at), crowd, processors);

async function checkAt(at: number): Promise<void> {
  const { row, title } = checked[at]!;
  try {
    await check(row, judgesOf(title));
  } catch (failure) {
    ended(checked[at]!, "failed");
    throw failure;
  }
  ended(checked[at]!, "passed");
}

for (const [at, { title }] of checked.entries()) {
  Deno.test({ name: title, sanitizeOps: false, sanitizeResources: false, fn: () => runner.result(at) });
}

for (const { title, row } of all) {
  if (!canCheck(row, judgesOf(title))) Deno.test.ignore(title, () => {});
}
