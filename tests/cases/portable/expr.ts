// Rows for cli/portable/expr.ts.

import type { Case } from "../../rows/harness.ts";
import { fails, prints, row } from "./rows.ts";

const VALUES: readonly [words: string, value: string][] = [
  ["1", "1"],
  ["-5", "-5"],
  ["+5", "5"],
  ["007", "7"],
  ["1 + 2 * 3", "7"],
  ["( 1 + 2 ) * 3", "9"],
  ["( ( 2 ) )", "2"],
  ["3 - 5", "-2"],
  ["5 - 3 - 1", "1"],
  ["100 / 5 / 2", "10"],
  ["7 / 2", "3"],
  ["-7 / 2", "-3"],
  ["-7 % 3", "-1"],
  ["7 % -3", "1"],
  ["0 | 5", "5"],
  ["2 | 5", "2"],
  ["2 & 3", "2"],
  ["1 | 2 & 0", "1"],
  ["1 = 1", "1"],
  ["1 != 2", "1"],
  ["1 < 2", "1"],
  ["1 < 2 < 3", "1"],
  ["2 <= 2", "1"],
  ["2 > -2", "1"],
  ["1 >= 1", "1"],
  ["1 = 2 | 5", "5"],
  ["1 + 1 = 2", "1"],
  ["9223372036854775807", "9223372036854775807"],
  ["9223372036854775807 + 1", "-9223372036854775808"],
  ["-9223372036854775808 % 10", "-8"],
];

const NONE = ["a", "a = a", "1 +", "+", "1 1", "( 1", "1 )", ")", "( )", "1 == 1", "2 : 2", "-- 1", "-n", "1 ( 2 )"];
const LOOSE = ["1x", "9223372036854775808", "-9223372036854775809"];

const invalid = (words: string): Case => fails(`s6-expr ${words}`, "s6-expr: fatal: invalid expression", 2);

export const cases: readonly Case[] = [
  ...VALUES.map(([words, value]) => prints(`s6-expr ${words}`, `${value}\n`)),
  ...["0", "2 & 0", "0 & 3", "0 | 0", "1 > 2", "3 - 3", "4294967296 * 4294967296"].map((words) =>
    prints(`s6-expr ${words}`, "0\n", 1)
  ),
  row(["s6-expr"], { stdout: "", stderr: "", code: 2 }),
  row(["s6-expr", ""], { stdout: "", stderr: "s6-expr: fatal: invalid expression\n", code: 2 }),
  ...NONE.map(invalid),
  ...LOOSE.map((words): Case => ({
    ...invalid(words),
    exception: "the original takes the digits that a word begins with, as many as fit",
  })),
  row(["s6-expr", "1 + 2"], { stdout: "", code: 2 }, { exception: "the original prints 1" }),
  ...["1 / 0", "1 % 0", "1 | 1 / 0"].map((words): Case => ({
    ...fails(`s6-expr ${words}`, "s6-expr: fatal: division by zero", 2),
    exception: "the original is killed by a signal",
  })),
  prints("s6-expr -9223372036854775808 / -1", "-9223372036854775808\n", 0, {
    exception: "the original is killed by a signal",
  }),
  row(["sh", "-c", "s6-expr $(yes '(' | head -9999) 7 $(yes ')' | head -9999)"], { stdout: "7\n", code: 0 }),
  row(["sh", "-c", "s6-expr 1 >/dev/full"], {
    stderr: "s6-expr: fatal: unable to write to stdout: No space left on device\n",
    code: 111,
  }),
];
