// Random scripts and inputs, run on ours and on the originals: the same every time. `deno task fuzz` tries many more, with
// other seeds.

import { fail } from "node:assert/strict";
import { check, type Oracle } from "../rows/harness.ts";
import { amount } from "../random/amount.ts";
import { originals } from "../rows/originals.ts";
import { type Family, PROPERTY_FAMILIES } from "./families.ts";
import { type Finding, judgeBy, judging, search } from "./search.ts";

const SEED = 1;
const INPUTS = { installed: amount(70, 15), newest: amount(30, 6) };
const oracles = await originals();

/** Fails with all samples of the family on which this original does something else. */
async function compare(family: Family, oracle: Oracle): Promise<void> {
  const found: Finding[] = [];
  const end = Math.ceil(INPUTS[oracle.version] / family.size);
  const judge = judgeBy((row, sample) => check(row, judging(sample, [oracle])));
  await search(family, { seed: SEED, end }, judge, { found: (finding) => found.push(finding) });
  if (found.length === 0) return;
  const texts = found.map(({ index, text, reason }) =>
    `deno task fuzz --version ${oracle.version} --seed ${SEED} --family ${family.name} --index ${index}\n${text}\n${reason}`
  );
  fail(texts.join("\n\n"));
}

for (const version of ["installed", "newest"] as const) {
  const oracle = oracles.find((one) => one.version === version);
  for (const family of PROPERTY_FAMILIES) {
    Deno.test({
      name: `${family.name}: what is random does as on the ${version} original`,
      ignore: oracle === undefined,
      fn: () => compare(family, oracle!),
    });
  }
}
