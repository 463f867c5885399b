// Random scripts and inputs on ours and on the originals, many of them: `deno task fuzz [--version installed|newest]
// [--seed N] [--family NAME] [--inputs N] [--index N] [--record]`, with both originals unless one is named. A difference
// is printed with what replays it. With --record it goes on where tests/recorded/fuzz.json stops, and writes down there
// how far it came. It needs the originals and dist/local.

import { parseArgs } from "node:util";
import { check, type Oracle } from "../tests/rows/harness.ts";
import { originals } from "../tests/rows/originals.ts";
import { type Family, PROPERTY_FAMILIES } from "../tests/property/families.ts";
import { type Finding, judgeBy, judging, search } from "../tests/property/search.ts";
import { FuzzRecord } from "../tests/recorded/fuzz_record.ts";

const INPUTS = "20000";
/** Inputs between two lines that tell how far it got. */
const STEP = 200;

interface Range {
  readonly seed: number;
  readonly first: number;
  readonly end: number;
}

class Fuzzer {
  private differences = 0;
  private readonly started = performance.now();

  constructor(
    private readonly family: Family,
    private readonly oracles: readonly Oracle[],
    private readonly seed: number,
    private readonly record: FuzzRecord | undefined,
  ) {}

  /** @returns the number of samples that differ */
  async run(range: Range): Promise<number> {
    const { family, seed } = this;
    const samples = Math.ceil(STEP / family.size);
    for (let first = range.first; first < range.end; first += samples) {
      const end = Math.min(first + samples, range.end);
      await search(family, { seed, first, end }, this.judge, { found: (finding) => this.found(finding) });
      this.record?.passed(family, end);
      const seconds = ((performance.now() - this.started) / 1000).toFixed(0);
      console.log(
        `fuzz: ${family.name}, seed ${seed}: ${end * family.size} of ${range.end * family.size} inputs, ` +
          `${this.differences} differ, ${seconds} s`,
      );
    }
    return this.differences;
  }

  // What the originals do with them is not remembered: they are too many.
  private readonly judge = judgeBy((row, sample) =>
    check(row, judging(sample, this.oracles).map(({ known: _, ...oracle }) => oracle))
  );

  private found(finding: Finding): void {
    const { index, text, row, reason, first } = finding;
    this.differences++;
    this.record?.found(this.family, finding);
    console.log(
      `fuzz: differs, replayed by --seed ${this.seed} --family ${this.family.name} --index ${index}; smallest:`,
    );
    console.log(text);
    console.log(JSON.stringify({ ...row, files: undefined, text }));
    console.log(first === reason ? `${reason}\n` : `${reason}\nThe whole: ${first}\n`);
  }
}

if (import.meta.main) {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      version: { type: "string" },
      seed: { type: "string" },
      family: { type: "string" },
      inputs: { type: "string", default: INPUTS },
      index: { type: "string" },
      record: { type: "boolean", default: false },
    },
  });
  const oracles = (await originals()).filter(({ version }) => [version, undefined].includes(values.version as never));
  if (oracles.length === 0) {
    throw new Error(`there is no s6 and execline here${values.version ? " of that version" : ""}`);
  }
  const families = PROPERTY_FAMILIES.filter(({ name }) => values.family === undefined || values.family === name);
  if (families.length === 0) throw new Error(`no such family: ${PROPERTY_FAMILIES.map(({ name }) => name).join(", ")}`);
  if (values.record && oracles.length < 2) throw new Error("what is recorded is of both originals");
  const record = values.record ? await FuzzRecord.open(oracles) : undefined;
  const seed = record?.seed ?? Number(values.seed ?? Date.now() % 1_000_000);
  let differences = 0;
  for (const family of families) {
    const first = record?.next(family) ?? Number(values.index ?? 0);
    const end = values.index === undefined ? Math.ceil(Number(values.inputs) / family.size) : first + 1;
    differences += await new Fuzzer(family, oracles, seed, record).run({ seed, first, end });
  }
  if (differences > 0) Deno.exit(1);
}
