// Expressions over lines in one pass: that each line is judged as if it were matched alone, whatever stands around it.

import { deepEqual, throws } from "node:assert/strict";
import { rawBytes } from "../../../lib/bytes.ts";
import { BadPattern } from "../../../lib/regexp/bracket.ts";
import { type Judge, LineMatcher } from "../../../lib/regexp/line_matcher.ts";
import { regularExpression } from "../../../lib/regexp/pattern.ts";
import { parseExpression, type Tree } from "../../../lib/regexp/syntax.ts";
import { Random } from "../../random/random.ts";

const SYNTAX = { extended: true, ignoreCase: false, byLine: true };

function treeOf(pattern: string): Tree {
  return parseExpression(pattern, SYNTAX).tree;
}

/** A verdict that tells which expressions match, as bits: it is not known before all are. */
const allBits: Judge = (matches) =>
  matches.includes(undefined) ? undefined : matches.reduce((bits, match, at) => match ? bits | 1 << at : bits, 0);

/** The verdicts on the lines. */
function verdicts(matcher: LineMatcher, lines: readonly string[]): number[] {
  const found: number[] = [];
  let end = 0;
  matcher.read(rawBytes(lines.map((line) => `${line}\n`).join("")), {
    add: (place, verdict) => {
      end += lines[found.length]!.length + 1;
      deepEqual(place, end);
      found.push(verdict);
    },
  });
  return found;
}

/** Pattern, lines it matches, lines it does not. */
const MATCHES: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["ERR", ["an ERROR"], ["an error", ""]],
  ["^a", ["ab"], ["ba", "\ra"]],
  ["a$", ["ba"], ["ab", "a\r"]],
  ["^$", [""], ["a"]],
  ["a.b", ["a b", "a\rb", "a\xffb"], ["ab"]],
  ["a+?b", ["ab", "b"], ["a"]],
  ["^(ab){2}$", ["abab"], ["ab", "ababab"]],
  ["^a{,2}$", ["", "aa"], ["aaa"]],
  ["^a{2,}$", ["aa", "aaa"], ["a"]],
  ["[]a]", ["]", "a"], ["["]],
  ["[^]a]", ["b"], ["]", "a", ""]],
  ["[a-]", ["-"], ["b"]],
  ["[\\]", ["\\"], ["]"]],
  ["[[:digit:][:space:]]", ["1", " ", "\t"], ["a", ""]],
  ["^[^[:alnum:]]+$", ["-_-"], ["a-", ""]],
  ["[[.-.]]", ["-"], ["."]],
  ["[[=a=]]", ["a"], ["b"]],
  ["[\x03-\x20]", [" ", "\x03"], ["a", ""]],
  ["a|b|", ["a", "", "c"], []],
  ["\\.", ["."], ["a"]],
  ["\\n", ["n"], ["x", ""]],
  ["a\nb", [], ["ab", "a", "b"]],
  ["\\<ab\\>", ["x ab y"], ["xab", "abx"]],
  ["^\\w+\\W\\w+$", ["a b"], ["ab"]],
  ["a)", ["a)"], ["a"]],
  ["a]}", ["a]}"], ["a"]],
];

for (const [pattern, yes, no] of MATCHES) {
  Deno.test(`the expression ${JSON.stringify(pattern)} matches what it should among other lines`, () => {
    const lines = [...yes, "\x02", ...no, "\x02", ...yes];
    deepEqual(
      verdicts(new LineMatcher([treeOf(pattern)], allBits), lines).filter((_, at) => lines[at] !== "\x02"),
      [...yes.map(() => 1), ...no.map(() => 0), ...yes.map(() => 1)],
    );
  });
}

const WRONG = [
  ...["(", "(a", "a{", "a{x}", "a{3,2}", "a{32768}", "*", "a|*", "(*a)", "^*", "+", "?", "{1}", "\\", "a\\", "\\1"],
  ...["(a\\1)", "[", "[a", "[]", "[z-a]", "[[:foo:]]", "[[:alpha:]-z]", "[a-b-c]", "[[.ab.]]", "[a-[:digit:]]", "$*"],
];

for (const pattern of WRONG) {
  Deno.test(`${JSON.stringify(pattern)} is no regular expression`, () => {
    throws(() => treeOf(pattern), BadPattern);
  });
}

const ATOMS = ["a", "b", ".", "[ab]", "[^a]", "(a|bc)", "(ab)*", "(|c)", "\\<", "\\>", "\\b", "\\B", "\\w", " ", "c"];
const REPEATS = ["", "", "", "*", "+", "?", "{2}", "{0,2}"];

function randomPattern(random: Random): string {
  const parts = Array.from({ length: random.below(4) }, () => {
    const atom = random.pick(ATOMS);
    return atom.startsWith("\\") && atom !== "\\w" ? atom : atom + random.pick(REPEATS);
  });
  return (random.below(4) === 0 ? "^" : "") + parts.join("") + (random.below(4) === 0 ? "$" : "");
}

Deno.test("several expressions at once find what each finds by itself", () => {
  const random = new Random(1);
  for (let round = 0; round < 500; round++) {
    const patterns = Array.from({ length: 1 + random.below(4) }, () => randomPattern(random));
    const lines = Array.from({ length: 20 }, () => {
      return Array.from({ length: random.below(9) }, () => random.pick(["a", "b", "c", " ", "."])).join("");
    });
    const alone = patterns.map((pattern) => regularExpression(pattern, SYNTAX));
    const expected = lines.map((line) => alone.reduce((bits, each, at) => each.test(line) ? bits | 1 << at : bits, 0));
    deepEqual(verdicts(new LineMatcher(patterns.map(treeOf), allBits), lines), expected, JSON.stringify(patterns));
  }
});

Deno.test("a line that is decided is left at once", () => {
  const asked: number[] = [];
  const first: Judge = (matches) => {
    asked.push(matches.length);
    return matches[0] === true ? 1 : matches[0] === false ? 0 : undefined;
  };
  const matcher = new LineMatcher([treeOf("a"), treeOf("^x")], first);
  deepEqual(verdicts(matcher, ["a" + "b".repeat(1000), "bab", "bbb", ""]), [1, 1, 0, 0]);
  // Each row of the table is filled in once for all bytes that do the same.
  deepEqual(asked.length < 30, true);
});

Deno.test("more states than the table has room for are made again and again, and nothing is wrong", () => {
  const pattern = "^[ab]*a[ab]{12}$";
  const random = new Random(2);
  const lines = Array.from({ length: 200 }, () => {
    return Array.from({ length: 40 }, () => random.pick(["a", "b"])).join("");
  });
  const expected = lines.map((line) => line.at(-13) === "a" ? 1 : 0);
  deepEqual(verdicts(new LineMatcher([treeOf(pattern)], allBits), lines), expected);
});

Deno.test("no line holds it up, whatever the expression", () => {
  const line = "a".repeat(100_000);
  const patterns = ["(a+)+$", "(a|a)*b", "^(a*)*$", "((a?){30})*b"];
  deepEqual(verdicts(new LineMatcher(patterns.map(treeOf), allBits), [line, `${line}!`]), [5, 0]);
});
