// Random logging scripts, and something to log. What differs on purpose is not tried: a last line without an end, a
// directory named twice, sizes of files that are written in bursts. Where files are rotated, what they hold together
// counts, so nothing may be removed, and scripts with a processor there are not compared with the newest
// (tests/rows/versions.ts).

import type { ByteString } from "../../lib/bytes.ts";
import type { Case } from "../rows/harness.ts";
import type { Random } from "../random/random.ts";
import type { Part } from "./parts.ts";

// What a logger with a wrong script has touched is ignored.
const RUN = `
show() { echo "== $1"; sed -E 's/@[0-9a-f]{24} /@STAMP /g; s/[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}\\.[0-9]{9}/LOCAL/g'; }
umask $1; shift
how=$1; shift
if [ $how = pipe ]; then cat in | { s6-log "$@"; echo $? >code; } >out 2>err
else s6-log "$@" <in >out 2>err; echo $? >code; fi
cat code
if [ $(cat code) = 0 ]; then
  show out <out
  for file in f?; do if [ -f $file ]; then show $file <$file; stat -c %a $file; fi; done
  for directory in d?; do
    if [ -d $directory ]; then
      cat $directory/@* $directory/current 2>/dev/null | show $directory
      ls -l $directory | sed -E 's/^(.{10}).* /\\1 /; s/@.*\\.s/@.s/' | grep -v '^total' | sort -u
    fi
  done
fi
show err <err >&2
rm -rf in out err code f? d?`;

/** With stamps on every line, cut as they may be, inputs stay below the size at which a file is rotated untold. */
const MOST_BYTES = 30_000;
const MOST_LINES = 300;

const WORDS = [
  "ERROR",
  "DEBUG",
  "note",
  "a",
  "b",
  "aab",
  "x=1",
  "  ",
  "\t",
  "\r",
  "\xe9",
  "\xff\x80",
  "\x01",
  "@4",
  "[]",
];
const ATOMS = [
  ...[
    "a",
    "b",
    "ab",
    "E",
    "R",
    "DEBUG",
    ".",
    ".",
    "\\.",
    "[ab]",
    "[^a]",
    "[a-z]",
    "[[:alpha:]]",
    "[^[:space:]]",
    "[]]",
  ],
  ...[
    "(a|b)",
    "(ab)",
    "()",
    "\\w",
    "\\<",
    "\\b",
    "^",
    "$",
    "|",
    "\xe9",
    "[\xe0-\xff]",
    "x=",
    "\\",
    "1",
    "\t",
    "[[:foo:]]",
  ],
  ...["(", ")", "[", "]", "{", "}", "\\S", "\\W", "\\`", "\\'", "[[.a.]]", "[[=b=]]", "[^\xff]", "{1}"],
];
const REPEATS = [
  ...["", "", "", "", "", "", "?", "{2}", "{,2}", "{0,3}", "{0}", "{", "{3,2}", "??"],
  ...["*", "+", "{1,}", "+?", "{0,}"],
];

function expression(random: Random): ByteString {
  if (random.chance(0.15)) return "";
  if (random.chance(0.3)) return random.pick(["ERROR", "^DEBUG", "o", "a$", "^$", "^a*b", "[[:upper:]]{5}"]);
  const length = 1 + random.below(4);
  return Array.from({ length }, () => random.pick(ATOMS) + random.pick(REPEATS)).join("");
}

/** A directive that is not about how much is kept. */
function directive(random: Random, fresh: () => number): ByteString {
  const kinds: (() => ByteString)[] = [
    () => random.pick(["+", "-"]) + expression(random),
    () => random.pick(["+", "-"]) + expression(random),
    () => "f",
    () => "1",
    () => "2",
    () => `=f${random.below(2)}`,
    () => `./d${fresh()}`,
    () => random.pick(["t", "T"]),
    () => random.pick(["p", "pa", "p[x y]", "p\xe9", "p\t"]),
    () => random.pick(["E0", "E1", "E5", "E200", "E4294967295"]),
    () => random.pick(["^0", "^1", "^7", "^50", "^2000"]),
    () => random.pick(["r1", "r0", "n5000", "S0"]),
    () => random.pick(["?", "!", "?cat", "!cat", "?exec cat", "!sed -n p"]),
  ];
  return random.pick(kinds)();
}

const WRONG = ["", "x", "n", "s1x", "1 ", "ff", "=", "tt", "l60000", "n99999999999", "d", "~", "\xe9", "E-1", "^ 1"];

interface Script {
  readonly words: readonly ByteString[];
  /** Files are rotated through a processor. */
  readonly varies: boolean;
}

function script(random: Random): Script {
  let directories = 0;
  const made = Array.from({ length: 1 + random.below(8) }, () => directive(random, () => directories++));
  if (random.chance(0.03)) made.splice(random.below(made.length + 1), 0, random.pick(WRONG));
  made.push(random.pick(["2", "=f2", `./d${directories}`, "+", "n3"]));
  const sizes = random.pick([[], [], ["n0"], ["n1", "S5"], ["s268435455"], ...ROTATING]);
  const isProcessed = made.some((word) => /^[?!]./.test(word));
  return { words: [...sizes, ...made], varies: isProcessed && ROTATING.some((rotating) => rotating === sizes) };
}

const ROTATING = [
  ["n100000", "s4096", "l0"],
  ["n100000", "s4096", "l2048"],
  ["n100000", "s0", "l1000"],
  ["n100000", "s5000", "l2500", "s4096"],
];

const OPTIONS = [[], [], [], [], ["-b"], ["-p"], ["-q"], ["-v"], ["-l", "1"], ["-l", "60"], ["-l0"], ["-bql", "100"]];

function line(random: Random): ByteString {
  const kind = random.next();
  const end = random.chance(0.97) ? "\n" : "\0";
  if (kind < 0.1) return end;
  if (kind < 0.15) return random.pick(WORDS).repeat(random.below(3000)).slice(0, 20_000) + end;
  if (kind < 0.2) {
    return "y".repeat(random.pick([47, 48, 49, 60, 96, 100, 203, 204, 4095, 4096, 8191, 8192, 8193])) + end;
  }
  return Array.from({ length: 1 + random.below(5) }, () => random.pick(WORDS)).join(random.pick([" ", "", "-"])) + end;
}

function input(random: Random): ByteString[] {
  const lines = random.chance(0.1) ? MOST_LINES : random.below(40);
  let room = MOST_BYTES;
  return Array.from({ length: lines }, () => line(random)).filter((text) => (room -= text.length) > 0);
}

/** A script and its input, as one tree of two blocks, so that either can be made smaller. */
export function loggingSample(
  random: Random,
): { parts: readonly Part[]; varies: boolean; row(parts: readonly Part[]): Case } {
  const options = random.pick(OPTIONS);
  const mask = random.pick(["022", "022", "077", "0", "027"]);
  const how = random.pick(["pipe", "file"]);
  const asParts = (texts: readonly ByteString[]): Part[] => texts.map((text) => ({ before: "", text }));
  const textsIn = (parts: readonly Part[], name: string): ByteString[] =>
    parts.flatMap((block) => "parts" in block && block.before === name ? block.parts : [])
      .flatMap((part) => "text" in part ? [part.text] : []);
  const { words, varies } = script(random);
  return {
    varies,
    parts: [{ before: "script", parts: asParts(words) }, { before: "input", parts: asParts(input(random)) }],
    row: (left) => ({
      name: "a logging script",
      // Without a word the usage is printed, which is another.
      argv: ["sh", "run", mask, how, ...options, "--", ...textsIn(left, "script"), "1"],
      files: { run: RUN, in: textsIn(left, "input").join("") },
      stderr: true,
    }),
  };
}
