// Random scripts and inputs, run on ours and on the original: the same every time. `deno task fuzz` tries many more, with
// other seeds.

import { fail } from "node:assert/strict";
import { check, haveOriginals } from "../rows/harness.ts";
import { amount } from "../random/amount.ts";
import { originals } from "../rows/originals.ts";
import { PROPERTY_FAMILIES } from "./families.ts";
import { type Finding, judgeBy, search } from "./search.ts";

const SEED = 1;
const INPUTS = amount(200, 80);
const installed = (await originals()).slice(0, 1);

for (const family of PROPERTY_FAMILIES) {
  Deno.test({
    name: `${family.name}: what is random does as on the original`,
    ignore: !haveOriginals,
    fn: async () => {
      const found: Finding[] = [];
      const end = Math.ceil(INPUTS / family.size);
      await search(
        family,
        { seed: SEED, end },
        judgeBy((row) => check(row, installed)),
        {
          found: (finding) => found.push(finding),
        },
      );
      if (found.length === 0) return;
      const texts = found.map(({ index, text, reason }) =>
        `deno task fuzz --seed ${SEED} --family ${family.name} --index ${index}\n${text}\n${reason}`
      );
      fail(texts.join("\n\n"));
    },
  });
}
