// What Debian has no original of, but programs of its own that do the same: ours and theirs on random inputs.

import { deepEqual } from "node:assert/strict";
import type { ByteString } from "../../lib/bytes.ts";
import { run } from "../rows/harness.ts";
import { Random } from "../random/random.ts";
import { amount } from "../random/amount.ts";

const OURS = `${new URL("../../dist/local/command", import.meta.url).pathname}:/usr/bin:/bin`;
const THEIRS = "/usr/bin:/bin";
const SAMPLES = amount(15, 3);
const LENGTH = 200;

/** One of our programs, another that does the same with the same words, and something to try on both. */
interface Witness {
  readonly ours: string;
  readonly theirs: readonly string[];
  sample(random: Random): Sample;
}

interface Sample {
  /** What the program is called with; undefined where it is called with the words of each line of the input. */
  readonly words?: readonly string[];
  readonly stdin?: ByteString;
}

const CHARS = ["a", "b", "B", "z", ":", " ", "\t", ".", "0", "7", "\xe9", "\xff"];

function text(random: Random, end = "\n"): ByteString {
  const line = (): string => Array.from({ length: random.below(9) }, () => random.pick(CHARS)).join("");
  return Array.from({ length: random.below(LENGTH) }, () => line() + end).join("");
}

function list(random: Random): string {
  const range = (): string => {
    const [low, high] = [1 + random.below(7), random.below(5)];
    return random.pick([`${low}`, `${low}-`, `-${low}`, `${low}-${low + high}`]);
  };
  return Array.from({ length: 1 + random.below(3) }, range).join(",");
}

function path(random: Random): string {
  return Array.from({ length: 1 + random.below(7) }, () => random.pick(["/", "a", ".", ".b", "//", "..", "bc"])).join(
    "",
  );
}

/**
 * Words of an expression, right for the most part. None of our operands is a string, and nothing is divided by zero.
 */
function expression(random: Random, depth = 3): string[] {
  if (depth === 0 || random.chance(0.2)) return [`${random.below(2000) - 1000}`];
  if (random.chance(0.2)) return ["(", ...expression(random, depth - 1), ")"];
  const operator = random.pick(["|", "&", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%"]);
  const divides = operator === "/" || operator === "%";
  const right = divides ? [`${1 + random.below(50)}`] : expression(random, depth - 1);
  return [...expression(random, depth - 1), operator, ...right];
}

/** Both programs once for each of many command lines: a line for what is printed, a line for the exit code. */
const MANY = 'while read -r line; do eval "set -- $line"; "$program" "$@" 2>/dev/null; echo "$?"; done';

function many(random: Random, words: (random: Random) => readonly string[]): ByteString {
  const quoted = (): string => words(random).map((word) => `'${word}'`).join(" ");
  return Array.from({ length: 6 }, () => `${quoted()}\n`).join("");
}

const quantity = (random: Random): string => random.pick(["0", "1", "2", "7", "19", "150", "4000"]);
const EXPRESSIONS = ["a", "^a", "b$", "a*b", "[^a-z]", "z.*z", "^$", "[[:digit:]]", "B\\{2\\}", "\\(a\\)\\1", "\\."];
const EXTENDED = ["a+b?", "^(a|b)+", "z{2}", "(a|B):", "[ab]{2,3}$", "()", "a|b|\\."];

const WITNESSES: readonly Witness[] = [
  {
    ours: "s6-sort",
    theirs: ["sort", "-s"],
    sample: (random) => {
      const words = ["-r", "-u"].filter(() => random.chance(0.3));
      return { words, stdin: text(random) };
    },
  },
  {
    ours: "s6-cut",
    theirs: ["cut"],
    sample: (random) => {
      const stdin = text(random);
      if (random.chance(0.5)) return { words: ["-b", list(random)], stdin };
      const words = ["-f", list(random), "-d", random.pick([":", " ", "a"]), ...random.chance(0.3) ? ["-s"] : []];
      return { words, stdin };
    },
  },
  {
    ours: "s6-head",
    theirs: ["head"],
    sample: (random) => ({ words: [random.pick(["-n", "-c"]), quantity(random)], stdin: text(random) }),
  },
  {
    ours: "s6-tail",
    theirs: ["tail"],
    sample: (random) => ({
      words: [random.pick(["-n", "-c"]), random.pick(["", "+", "-"]) + quantity(random)],
      stdin: text(random) + random.pick(["", "x"]),
    }),
  },
  {
    ours: "s6-grep",
    theirs: ["grep", "-a"],
    sample: (random) => {
      const extended = random.chance(0.4);
      const pattern = random.pick(extended ? EXTENDED : EXPRESSIONS);
      const options = ["-i", "-n", "-v", "-c"].filter(() => random.chance(0.25));
      return { words: [...extended ? ["-E"] : [], ...options, pattern], stdin: text(random) };
    },
  },
  {
    ours: "s6-seq",
    theirs: ["seq"],
    sample: (random) => ({
      words: [
        ...random.chance(0.4) ? ["-w"] : [],
        `${random.below(30)}`,
        `${1 + random.below(9)}`,
        `${random.below(300)}`,
      ],
    }),
  },
  {
    ours: "s6-expr",
    theirs: ["expr"],
    sample: (random) => ({ stdin: many(random, expression) }),
  },
  {
    ours: "s6-dirname",
    theirs: ["dirname"],
    // Of several slashes in a row ours keeps all but one.
    sample: (random) => ({ stdin: many(random, (random) => [path(random).replace(/\/+/g, "/")]) }),
  },
  {
    ours: "s6-basename",
    theirs: ["basename"],
    sample: (random) => ({
      stdin: many(
        random,
        (random) => [path(random), ...random.chance(0.5) ? [random.pick([".b", "bc", "a", ""])] : []],
      ),
    }),
  },
];

async function print(program: readonly string[], PATH: string, { words, stdin = "" }: Sample): Promise<unknown> {
  const argv = words === undefined ? ["sh", "-c", MANY] : [...program, ...words];
  const { stdout, code } = await run({ name: "", argv, stdin, env: { LC_ALL: "C", program: program[0]! } }, PATH);
  return { stdout, code };
}

for (const { ours, theirs, sample } of WITNESSES) {
  Deno.test(`${ours} does as ${theirs[0]} on random inputs`, async () => {
    for (let seed = 0; seed < SAMPLES; seed++) {
      const input = sample(new Random(seed));
      const [one, other] = await Promise.all([print([ours], OURS, input), print(theirs, THEIRS, input)]);
      deepEqual(one, other, `${ours} ${(input.words ?? []).join(" ")}, seed ${seed}`);
    }
  });
}
