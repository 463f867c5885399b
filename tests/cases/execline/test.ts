// Rows for cli/execline/test.ts.

import type { Case } from "../../rows/harness.ts";

function test(expression: string): Case {
  const words = expression.split(" ").map((word) => word === "''" ? "" : word);
  return {
    name: `eltest ${expression}`,
    argv: ["eltest", ...words],
    env: { A: "1", E: "" },
    files: {
      f: "x",
      e: "",
      d: { directory: 0o1755 },
      s: { content: "", mode: 0o6755 },
      l: { link: "f" },
      b: { link: "nope" },
    },
  };
}

/** Whether a file that was just written is newer than its last reading depends on the tick of the clock. */
const OF_THE_MOMENT = new Set(["-N f", "-N l"]);

const UNARY = [..."bcdefghLkprSsuwxNOUG"].flatMap((letter) =>
  ["f", "e", "d", "s", "l", "b", "nope"].map((path) => `-${letter} ${path}`)
).filter((expression) => !OF_THE_MOMENT.has(expression));

export const cases: readonly Case[] = [
  {
    ...test("f -ef nope"),
    exception: "the original takes a file that does not exist for the first one",
    expect: { stdout: "", code: 1 },
  },
  { name: "eltest of nothing", argv: ["eltest"] },
  ...["@1", "@2", "@3"].map((read): Case => ({
    name: `eltest -N of what was written at @2 and read at ${read}`,
    argv: ["sh", "-c", `touch -m -d @2 f; touch -a -d ${read} f; eltest -N f`],
    leaves: [],
  })),
  ...UNARY.map(test),
  ...[
    "-c /dev/null",
    "-t 0",
    "-t 77",
    "-t x",
    "-n a",
    "-n ''",
    "-z a",
    "-z ''",
    "-v A",
    "-v E",
    "-v N",
    "a",
    "''",
    "-n",
    "-f",
  ].map(test),
  ...["a = a", "a = b", "a != b", "a == a", "a < b", "b <= b", "b > a", "a >= b", "'' = ''", "a =", "= a", "= = ="].map(
    test,
  ),
  ...[
    "1 -eq 1",
    "1 -ne 1",
    "2 -gt 1",
    "1 -ge 1",
    "1 -lt 2",
    "2 -le 1",
    "-1 -lt +1",
    "5x -eq 5",
    "x -eq 1",
    "1 -eq ''",
    "007 -eq 7",
  ].map(test),
  ...["f -ef l", "f -ef e", "f -nt nope", "nope -ot f", "nope -nt f", "nope -ot nope"].map(test),
  ...[
    "abc =~ b",
    "abc =~ ^b",
    "abc =~ ^a.c$",
    "abc =~ (",
    "a =~ [[:alpha:]]",
    "1 =~ [^0-9]",
    "aa =~ ^a{2}$",
    "a+b =~ a\\+b",
  ].map(test),
  ...["\n =~ ^.$", "a\nb =~ ^b", "a\nb =~ a.b", "a\nb =~ a[^x]b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa =~ ^(a*)*b$"]
    .map(test),
  ...["\xa0 =~ [[:space:]]", "a =~ [b-a]", "abab =~ ^(ab)\\1$", "a =~ *", "a =~ a{2,1}"].map(test),
  ...["a]b =~ []]", "a-b =~ [+-]", "a =~ x|a", "ab =~ (a)(b)", "a{ =~ a\\{", "A =~ a", "a/b =~ a/b"].map(test),
  ...[
    "! a",
    "! ''",
    "! ! a",
    "a -a b",
    "a -a ''",
    "'' -o a",
    "'' -o ''",
    "a -o b -a ''",
    "( a -o b ) -a ''",
    "! a -o b",
  ].map(test),
  ...[
    "( a )",
    "( )",
    "( a",
    "a )",
    "!",
    "(",
    "-a",
    "a -a",
    "a b",
    "( a = a ) -a ! ( b = a )",
    "'' -a x -eq 1",
    "a -o x -eq 1",
  ].map(test),
  ...["\\-n = \\-n", "-n = -n", "\\! = !", "\\\\a = \\a", "\\", "-e \\f", "! -e nope", "-n -n", "-n \\-n"].map(test),
];
