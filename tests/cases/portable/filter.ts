// Rows for cli/portable/filter.ts.

import type { Case } from "../../harness.ts";
import { prints, row } from "./rows.ts";

const TWELVE = Array.from({ length: 12 }, (_, at) => `${at + 1}\n`).join("");
const n = { files: { n: TWELVE } };
const from = (stdin: string): { stdin: string } => ({ stdin });

const LINES = "b\na\nc\na\nB\n";
const TEXT = "abc\nABC\na.c\n\nxx a\nlast";

const head: readonly Case[] = [
  prints("s6-head n", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n", 0, n),
  prints("s6-head -3 n", "1\n2\n3\n", 0, n),
  prints("s6-head -n 2 n", "1\n2\n", 0, n),
  prints("s6-head -n 99 n", TWELVE, 0, n),
  prints("s6-head -n 0 n", "", 0, n),
  prints("s6-head -c 5 n", "1\n2\n3", 0, n),
  prints("s6-head -Sc 3 n", "1\n2", 0, n),
  prints("s6-head -2 n n", "==> n <==\n1\n2\n\n==> n <==\n1\n2\n", 0, n),
  prints("s6-head -2 n nope", "==> n <==\n1\n2\n\n==> nope <==\n", 111, n),
  prints("s6-head -1 - n", "==> - <==\nx\n\n==> n <==\n1\n", 0, { ...n, stdin: "x\ny\n" }),
  prints("s6-head -n 5", "a\nb\nc", 0, from("a\nb\nc")),
  prints("s6-head -12 n", "", 100, n),
  prints("s6-head -1 -n 2 n", "", 100, n),
  prints("s6-head -n x n", "", 100, n),
  row(["sh", "-c", "cat n | { s6-head -S -2; head -1; }"], { stdout: "1\n2\n3\n", code: 0 }, n),
];

const tail: readonly Case[] = [
  prints("s6-tail n", "3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n", 0, n),
  prints("s6-tail -3", "10\n11\n12\n", 0, from(TWELVE)),
  prints("s6-tail -n 2 n", "11\n12\n", 0, n),
  prints("s6-tail -n -2 n", "11\n12\n", 0, n),
  prints("s6-tail -n +11 n", "11\n12\n", 0, n),
  prints("s6-tail -n +0 n", TWELVE, 0, n),
  prints("s6-tail -n 0 n", "", 0, n),
  prints("s6-tail -n 99 n", TWELVE, 0, n),
  prints("s6-tail -n +99 n", "", 0, n),
  prints("s6-tail -c 5 n", "1\n12\n", 0, n),
  prints("s6-tail -c +26 n", "2\n", 0, n),
  prints("s6-tail -c +0 n", TWELVE, 0, n),
  prints("s6-tail -2", "\n\n", 0, from("a\n\n\n")),
  prints("s6-tail", "", 0, from("")),
  prints("s6-tail -1", "b", 0, { ...from("a\nb"), exception: "the original loses a last line without an end" }),
  prints("s6-tail -1 -2", "", 100),
  prints("s6-tail nope", "", 111),
];

const sort: readonly Case[] = [
  prints("s6-sort", "B\na\na\nb\nc\n", 0, from(LINES)),
  prints("s6-sort -u", "B\na\nb\nc\n", 0, from(LINES)),
  prints("s6-sort -r", "c\nb\na\na\nB\n", 0, from(LINES)),
  prints("s6-sort -f", "a\na\nb\nB\nc\n", 0, from(LINES)),
  prints("s6-sort -fu", "a\nB\nc\n", 0, from(LINES)),
  prints("s6-sort -b", "B\na\na\n b\n  c\n", 0, from(" b\na\n  c\na\nB\n")),
  prints("s6-sort", "a\nb\n", 0, from("b\na")),
  prints("s6-sort", "", 0, from("")),
  prints("s6-sort", "\na\naa\n\xff\n", 0, from("\xff\naa\na\n\n")),
  prints("s6-sort -c", "", 1, from("b\na\n")),
  prints("s6-sort -c", "", 0, from("a\na\nb")),
  prints("s6-sort -cu", "", 1, from("a\na\n")),
  prints("s6-sort -cr", "", 0, from("b\na\n")),
  prints("s6-sort -0", "a\0b\0", 0, from("b\0a\0")),
  prints("s6-sort -x", "", 100),
];

const grep: readonly Case[] = [
  prints("s6-grep a.c", "abc\na.c\n", 0, from(TEXT)),
  prints("s6-grep -F a.c", "a.c\n", 0, from(TEXT)),
  prints("s6-grep -EF a.c", "a.c\n", 0, from(TEXT)),
  prints("s6-grep -i abc", "abc\nABC\n", 0, from(TEXT)),
  prints("s6-grep -n a", "1:abc\n3:a.c\n5:xx a\n6:last\n", 0, from(TEXT)),
  prints("s6-grep -q a", "", 0, from(TEXT)),
  prints("s6-grep -v a", "ABC\n\n", 0, from(TEXT)),
  prints("s6-grep -vn a", "2:ABC\n4:\n", 0, from(TEXT)),
  prints("s6-grep zz", "", 1, from(TEXT)),
  prints("s6-grep ^a", "abc\na.c\n", 0, from(TEXT)),
  prints("s6-grep c$", "abc\na.c\n", 0, from(TEXT)),
  prints("s6-grep a+", "", 1, from(TEXT)),
  prints("s6-grep -E ^(a|l)+", "abc\na.c\nlast\n", 0, from(TEXT)),
  prints("s6-grep \\(last\\)", "last\n", 0, from(TEXT)),
  prints("s6-grep [[:upper:]]", "ABC\n", 0, from(TEXT)),
  prints("s6-grep -E (", "", 111, from(TEXT)),
  prints("s6-grep -c a", "4\n", 0, { ...from(TEXT), exception: "the original (2.3.0) prints nothing" }),
  prints("s6-grep", "", 100),
];

export const cases: readonly Case[] = [
  prints("s6-cat", "a\nb", 0, from("a\nb")),
  prints("s6-cat nope -x", "a\xff\0", 0, from("a\xff\0")),
  ...head,
  ...tail,
  ...sort,
  ...grep,
];
