// What `deno task fuzz --record` has found, kept in fuzz.json: how many inputs of each kind did the same on ours and on the
// originals, and what did not: the first of each known kind, and each that is of none, whose reason is written by hand.

import { output } from "../../scripts/command.ts";
import { newestVersions } from "../../scripts/newest.ts";
import { type Family, sampleOf } from "../property/families.ts";
import type { Finding } from "../property/search.ts";
import type { Oracle } from "../rows/harness.ts";

const FILE = new URL("./fuzz.json", import.meta.url);

interface FuzzDifference {
  readonly family: string;
  readonly index: number;
  /** As small as it gets. */
  readonly text: string;
  readonly says: string;
  /** Why it is left as it is. */
  readonly why: string;
  /** How many inputs of the family have shown it. */
  readonly inputs: number;
}

interface FuzzResults {
  readonly command: string;
  readonly seed: number;
  /** Packages and versions of each original. */
  readonly originals: Readonly<Record<string, readonly string[]>>;
  /** How many inputs of each kind were tried on the installed original. */
  readonly inputs: Readonly<Record<string, number>>;
  /** Those of them that have nothing which the newest is known to do otherwise were tried on it, too. */
  readonly onNewest: Readonly<Record<string, number>>;
  readonly differences: readonly FuzzDifference[];
}

export function readFuzzResults(): FuzzResults | undefined {
  try {
    return JSON.parse(Deno.readTextFileSync(FILE));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** What was looked into before. */
const KNOWN: readonly { readonly text: RegExp; readonly says: RegExp; readonly why: string }[] = [
  {
    text: /./,
    says: /differs from the original; ours [^]*fdswap: fatal: unable to use fd [0-9]+: Bad file descriptor/,
    why: "as in 2.9.9: a descriptor that is not open cannot be swapped, with itself neither",
  },
  {
    text: /fdmove/,
    says: /differs from the newest original[^]*theirs: .*"code":111/,
    why: "as in 2.9.3: what is moved to itself stays as it is, open or not",
  },
];

async function versionsOf({ version }: Oracle): Promise<readonly string[]> {
  const wanted = /^(s6|execline)\t/;
  const installed = async (): Promise<string> =>
    await output(["dpkg-query", "-W", "-f", "${Package}\\t${Version}\\n", "execline", "s6"]);
  const text = version === "newest" ? newestVersions() : await installed();
  return text.split("\n").filter((line) => wanted.test(line)).map((line) => line.replace("\t", " "));
}

export class FuzzRecord {
  private constructor(private results: FuzzResults) {}

  /** What is there is gone on with where it was found with the same originals. */
  static async open(oracles: readonly Oracle[]): Promise<FuzzRecord> {
    const versions = await Promise.all(oracles.map(async (oracle) => [oracle.version, await versionsOf(oracle)]));
    const originals = Object.fromEntries(versions);
    const known = readFuzzResults();
    if (known !== undefined && JSON.stringify(known.originals) === JSON.stringify(originals)) {
      return new FuzzRecord(known);
    }
    return new FuzzRecord({
      command: "deno task fuzz --record",
      seed: 1,
      originals,
      inputs: {},
      onNewest: {},
      differences: [],
    });
  }

  get seed(): number {
    return this.results.seed;
  }

  /** The first sample that has not been tried. */
  next({ name, size }: Family): number {
    return Math.floor((this.results.inputs[name] ?? 0) / size);
  }

  found({ name }: Family, { index, text, reason }: Finding): void {
    const why = KNOWN.find((known) => known.text.test(text) && known.says.test(reason))?.why ?? "";
    const isSame = (one: FuzzDifference): boolean =>
      one.family === name && (one.index === index || why !== "" && one.why === why);
    const known = this.results.differences.find(isSame);
    const added: FuzzDifference = known === undefined
      ? { family: name, index, text, says: reason, why, inputs: 1 }
      : { ...known, inputs: known.inputs + (known.index === index ? 0 : 1) };
    const others = this.results.differences.filter((one) => !isSame(one));
    this.results = { ...this.results, differences: [...others, added] };
  }

  /** All samples up to, not including, this one have been tried. */
  passed(family: Family, end: number): void {
    const { name, size } = family;
    const onBoth = Array.from({ length: end }, (_, index) => sampleOf(family, this.seed, index))
      .filter(({ varies }) => varies !== true);
    this.results = {
      ...this.results,
      inputs: { ...this.results.inputs, [name]: end * size },
      onNewest: { ...this.results.onNewest, [name]: onBoth.length * size },
    };
    Deno.writeTextFileSync(FILE, `${JSON.stringify(this.results, undefined, 2)}\n`);
  }
}
