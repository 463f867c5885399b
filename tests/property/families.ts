// What is compared with the original on random inputs: families of samples. A sample is a tree of parts and the row that
// a tree makes, so that any part of it can be left out. Small inputs are tried many to a row: to start a process for
// each would take longer than to try it.

import type { ByteString } from "../../lib/bytes.ts";
import type { Case, Given } from "../rows/harness.ts";
import { Random } from "../random/random.ts";
import { language } from "./language.ts";
import { loggingSample } from "./logging.ts";
import { type Block, type Part, write } from "./parts.ts";
import { nearScript, nearVariables } from "./soup.ts";

/** Inputs in a row of many. */
const BATCH = 40;

export interface Sample {
  readonly parts: readonly Part[];
  /** It has what the newest does otherwise (tests/rows/versions.ts), and is not compared with it. */
  readonly varies?: boolean;
  row(parts: readonly Part[]): Case;
}

export interface Family {
  readonly name: string;
  /** Inputs in a sample. */
  readonly size: number;
  sample(random: Random): Sample;
}

const FILES: Readonly<Record<string, Given>> = {
  "a.txt": "alpha\nbeta\n\ngamma",
  "b.txt": { content: "b", mode: 0o600 },
  "e.txt": "",
  "d/c.txt": "in d\n",
  "vars": 'A = from file\nB="q\\tr\\x41"\n1x=\nC=\\\n  d\n',
};

/** No program has this name, as a script may run ${0}. */
const SCRIPT = "the-script";

const PASSING = ["-P", "-P", "", "", "-p", "-S0", "-S0", "-S1", "-S2", "-s1", "-WS1", "-qs2"];
const ARGUMENTS = ["one", "two words", "", "-a", "-b", "x:y", "\xe9", "$a", " ", "--"];
const VALUES = ["bee", "bee buzz", "", "\xff", "1:x,2:yz,", "a:b::c", "$a"];
const INPUTS = ["", "l1\nl2\n\nl3", "one two\n", "1:a,2:bc,", "a:b:", "x\0y\n"];

/** A whole script, with arguments, an environment, an input and files. */
function scriptSample(random: Random): Sample {
  const varies = random.chance(0.1);
  const parts = language.grow("program", 1 + random.below(7), random, varies ? [] : ["varies"]);
  const passing = random.pick(PASSING);
  const args = Array.from({ length: random.below(5) }, () => random.pick(ARGUMENTS));
  const env: Record<string, string> = {};
  for (const name of ["A", "B", "\xe9", "1", "?"]) if (random.chance(0.5)) env[name] = random.pick(VALUES);
  if (random.chance(0.1)) env["#"] = random.pick(["1", "2", "x"]);
  if (random.chance(0.15)) env.EXECLINE_STRICT = random.pick(["0", "1", "2", "x"]);
  const stdin = random.pick(INPUTS);
  const inFile = random.chance(0.8);
  const options = passing === "" ? [] : [passing];
  return {
    parts,
    varies,
    row: (left) => {
      const text = write(left);
      return {
        name: "a script",
        argv: inFile
          ? ["execlineb", ...options, SCRIPT, ...args]
          : ["execlineb", ...options, "-c", text, "--", ...args],
        stdin,
        env,
        files: inFile ? { ...FILES, [SCRIPT]: `#!/usr/bin/execlineb ${passing}\n${text}` } : FILES,
      };
    },
  };
}

/** Many texts, each in a file of its own, and the command that runs one. The exit codes are printed at the end. */
function batch(
  grow: (random: Random) => readonly Part[],
  command: (name: string) => string,
  prefix: ByteString = "",
): (random: Random) => Sample {
  return (random) => ({
    parts: Array.from({ length: BATCH }, (): Block => ({ before: "\n", parts: grow(random) })),
    row: (left) => {
      const texts = left.map((part) => prefix + write("parts" in part ? part.parts : [part]));
      const runs = texts.map((_, at) => `foreground { ${command(`t${at}`)} } importas code${at} ?`);
      const codes = texts.map((_, at) => `t${at}: \${code${at}}`).join(" ");
      return {
        name: "many texts",
        argv: ["execlineb", "-P", "all"],
        env: { A: "1" },
        files: {
          ...FILES,
          ...Object.fromEntries(texts.map((text, at) => [`t${at}`, text])),
          all: `${runs.join("\n")}\nexeclineb -c dollarat -- ${codes}\n`,
        },
        unordered: true,
      };
    },
  });
}

function ofRule(rule: string, depth: number): (random: Random) => Sample {
  return batch((random) => language.grow(rule, depth, random), (name) => `execlineb -P ${name}`);
}

export const PROPERTY_FAMILIES: readonly Family[] = [
  { name: "scripts", size: 1, sample: scriptSample },
  {
    name: "lexer",
    size: BATCH,
    // The words are shown as netstrings.
    sample: batch(nearScript, (name) => `execlineb -P ${name}`, 'execlineb -c "dollarat -d \\"\\"" -- '),
  },
  { name: "substitution", size: BATCH, sample: ofRule("substitution", 3) },
  { name: "eltest", size: BATCH, sample: ofRule("expression", 4) },
  {
    name: "envfile",
    size: BATCH,
    sample: batch(nearVariables, (name) => `envfile ${name} env -u PATH`),
  },
  { name: "logging", size: 1, sample: loggingSample },
];

/** The sample of this number in a run with this seed. */
export function sampleOf(family: Family, seed: number, index: number): Sample {
  return family.sample(new Random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)));
}
