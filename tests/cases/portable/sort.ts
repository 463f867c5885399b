// Rows for cli/portable/sort.ts.

import type { Case } from "../../rows/harness.ts";
import { fails, prints, row } from "./rows.ts";

const script = (text: string): string[] => ["sh", "-c", text];
const from = (stdin: string): { stdin: string } => ({ stdin });

const LINES = "b\na\nc\na\nB\n";

export const cases: readonly Case[] = [
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
  fails("s6-sort -x", "s6-sort: usage: s6-sort [ -bcfru0 ]", 100),
  prints("s6-sort nope", "a\nb\n", 0, from("b\na\n")),
  prints("s6-sort -bf", "a\n B\n\tc\n", 0, from("\tc\n B\na\n")),
  prints("s6-sort -rf", "b\na\nA\n", 0, from("a\nA\nb\n")),
  prints("s6-sort -ru", "b\na\n", 0, from("a\nb\na\n")),
  prints("s6-sort -0u", "a\nb\0c\0", 0, from("c\0a\nb\0c")),
  prints("s6-sort -cf", "", 0, from("a\nB\nc\n")),
  prints("s6-sort -cb", "", 0, from(" a\nb\n")),
  prints("s6-sort -c", "", 0, from("")),
  prints("s6-sort", "a\0b\nc\n", 0, from("c\na\0b\n")),
  row(script("seq 99999 | s6-sort >a; seq 99999 | LC_ALL=C sort | cmp - a"), { stdout: "", code: 0 }),
  row(script("s6-sort <&-"), { stderr: "s6-sort: fatal: unable to read from stdin: Bad file descriptor\n", code: 111 }),
  row(script("echo a | s6-sort >/dev/full"), {
    stderr: "s6-sort: fatal: unable to write to stdout: No space left on device\n",
    code: 111,
  }),
];
