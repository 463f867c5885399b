// Rows of scripts, expressions and patterns that are far larger, or nest far deeper, than people write them.

import type { Case } from "../../rows/harness.ts";

const TENS = '"0 1 2 3 4 5 6 7 8 9"';
const OUT_OF_STACK = "the original runs out of stack";
const OUT_OF_MEMORY = "the original runs out of stack, or of memory";

function tens(times: number): Case {
  return {
    name: `${times} lists of ten in one word`,
    argv: ["execlineb", "-Pc", `define -s X ${TENS} printf %.0s ${"${X}".repeat(times)}`],
  };
}

function nested(before: string, times: number, after = ""): string[] {
  return [...Array(times).fill(before), "a", ...Array(after === "" ? 0 : times).fill(after)];
}

function matching(name: string, pattern: string): Case {
  return { name: `eltest with ${name}`, argv: ["eltest", "a", "=~", pattern] };
}

export const cases: readonly Case[] = [
  tens(4),
  tens(5),
  tens(6),
  { ...tens(8), exception: OUT_OF_MEMORY, expect: { code: 126 } },
  {
    name: "a thousand nested blocks",
    argv: ["execlineb", "-Pc", `printf %s| ${"{ ".repeat(1000)}${"} ".repeat(1000)}`],
  },
  {
    name: "a hundred thousand nested blocks",
    argv: ["execlineb", "-P", "s"],
    files: { s: `true ${"{ ".repeat(100_000)}${"} ".repeat(100_000)}` },
    exception: "the original runs out of memory, and says so with code 111",
    expect: { code: 126 },
    leaves: [],
  },
  {
    name: "a script of megabytes that is all comment",
    argv: ["execlineb", "-P", "s"],
    files: { s: `#${"word ".repeat(400_000)}\nprintf hello` },
    leaves: [],
  },
  {
    name: "a script of more words than a command may have",
    argv: ["execlineb", "-P", "s"],
    files: { s: `true ${"word ".repeat(2_000_000)}` },
    exception: OUT_OF_STACK,
    expect: { code: 126 },
    leaves: [],
  },
  { name: "a million parameters expected", argv: ["execlineb", "-S1000000", "-qc", "printf %s| a$1 $1000000"] },
  {
    name: "elgetpositionals with ten thousand parameters expected",
    argv: ["elgetpositionals", "-P", "10000", "printf", "%s|", "a$1", "$10000"],
    env: { "#": "0", "0": "s" },
  },
  {
    name: "shift with a hundred thousand parameters claimed",
    argv: ["shift", "true"],
    env: { "#": "100000", "0": "s" },
  },
  {
    name: "elgetopt with more parameters claimed than there are",
    argv: ["elgetopt", "a", "true"],
    env: { "#": "9999" },
  },
  { name: "eltest with 5,000 negations", argv: ["eltest", ...nested("!", 5000)] },
  {
    name: "eltest with 40,000 negations",
    argv: ["eltest", ...nested("!", 40_000)],
    exception: OUT_OF_STACK,
    expect: { stdout: "", stderr: "", code: 0 },
  },
  { name: "eltest with 40,000 parentheses", argv: ["eltest", ...nested("(", 40_000, ")")] },
  { name: "eltest with 5,000 conjunctions", argv: ["eltest", ...Array(5000).fill(["a", "-a"]).flat(), "a"] },
  {
    name: "eltest with 40,000 disjunctions",
    argv: ["eltest", ...Array(40_000).fill(["a", "-o"]).flat(), "a"],
    exception: OUT_OF_STACK,
    expect: { stdout: "", stderr: "", code: 0 },
  },
  matching("1,000 nested groups", `${"(".repeat(1000)}a${")".repeat(1000)}`),
  {
    ...matching("30,000 nested groups", `${"(".repeat(30_000)}a${")".repeat(30_000)}`),
    exception: OUT_OF_STACK,
    expect: { stdout: "", stderr: "", code: 0 },
  },
  {
    ...matching("30,000 groups that are not closed", "(".repeat(30_000)),
    exception: OUT_OF_STACK,
    expect: { stdout: "", code: 100 },
  },
  matching("a long list in brackets", `[${"a-z".repeat(30_000)}]`),
  matching("repetitions of repetitions", "^a{255}{255}$"),
  matching("a repetition of as many as there may be", "a{32767}"),
  matching("an interval of a hundred thousand digits", `a{${"1".repeat(100_000)}`),
  {
    ...matching("repetitions of repetitions of repetitions", "a{255}{255}{255}"),
    exception: OUT_OF_MEMORY,
    expect: { stdout: "", code: 100 },
  },
  {
    name: "case with 1,000 nested groups",
    argv: ["case", "-N", "a", ` ${"(".repeat(1000)}a${")".repeat(1000)}`, "  printenv", "  1000", " ", "", "false"],
  },
];
