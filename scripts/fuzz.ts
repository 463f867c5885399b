// Random scripts and inputs on ours and on an original, many of them: `deno task fuzz [--version installed|newest]
// [--seed N] [--family NAME] [--inputs N] [--index N]`. A difference is printed with what replays it. It needs the
// originals and dist/local.

import { parseArgs } from "node:util";
import { check, type Oracle } from "../tests/rows/harness.ts";
import { originals } from "../tests/rows/originals.ts";
import { type Family, PROPERTY_FAMILIES } from "../tests/property/families.ts";
import { type Finding, judgeBy, search } from "../tests/property/search.ts";

const INPUTS = "20000";
/** Inputs between two lines that tell how far it got. */
const STEP = 2000;

interface Range {
  readonly seed: number;
  readonly first: number;
  readonly end: number;
}

async function fuzz(family: Family, oracle: Oracle, { seed, first, end }: Range): Promise<number> {
  const started = performance.now();
  const inputs = (end - first) * family.size;
  let differences = 0;
  const say = (text: string): void => {
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    console.log(`fuzz: ${family.name}, ${oracle.version}, seed ${seed}: ${text}, ${seconds} s`);
  };
  await search(family, { seed, first, end }, judgeBy((row) => check(row, [oracle])), {
    found: (finding) => {
      differences++;
      print(family, oracle, seed, finding);
    },
    tried: (count) => {
      const done = count * family.size;
      if (done % STEP < family.size && done < inputs) say(`${done} of ${inputs} inputs`);
    },
  });
  say(`${inputs} inputs, ${differences} differ`);
  return differences;
}

function print(
  { name }: Family,
  { version }: Oracle,
  seed: number,
  { index, text, row, reason }: Finding,
): void {
  const replay = `--version ${version} --seed ${seed} --family ${name} --index ${index}`;
  console.log(`fuzz: differs, replayed by ${replay}; smallest:`);
  console.log(text);
  console.log(JSON.stringify({ ...row, files: undefined, text }));
  console.log(`${reason}\n`);
}

if (import.meta.main) {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      version: { type: "string", default: "installed" },
      seed: { type: "string", default: String(Date.now() % 1_000_000) },
      family: { type: "string" },
      inputs: { type: "string", default: INPUTS },
      index: { type: "string" },
    },
  });
  const oracle = (await originals()).find(({ version }) => version === values.version);
  if (oracle === undefined) throw new Error(`there is no s6 and execline here that is the ${values.version}`);
  const families = PROPERTY_FAMILIES.filter(({ name }) => values.family === undefined || values.family === name);
  if (families.length === 0) throw new Error(`no such family: ${PROPERTY_FAMILIES.map(({ name }) => name).join(", ")}`);
  let differences = 0;
  for (const family of families) {
    const first = Number(values.index ?? 0);
    const end = values.index === undefined ? Math.ceil(Number(values.inputs) / family.size) : first + 1;
    differences += await fuzz(family, oracle, { seed: Number(values.seed), first, end });
  }
  if (differences > 0) Deno.exit(1);
}
