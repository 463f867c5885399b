// Rows for cli/portable/cut.ts.

import type { Case } from "../../rows/harness.ts";
import { fails, misused, prints, row } from "./rows.ts";

const USAGE = "[ -b list | -c list | -f list ] [ -d delim ] [ -n ] [ -s ] [ file... ]";
const script = (text: string): string[] => ["sh", "-c", text];
const from = { stdin: "a\tb\tc\nno delim\n:x:y:\nlast" };

const LISTS: readonly [list: string, bytes: string][] = [
  ["-3", "a\tb\nno \n:x:\nlas"],
  ["2-", "\tb\tc\no delim\nx:y:\nast"],
  ["3,1", "ab\nn \n::\nls"],
  ["1-3,2-4", "a\tb\t\nno d\n:x:y\nlast"],
  ["1 2", "a\t\nno\n:x\nla"],
  ["1\t2", "a\t\nno\n:x\nla"],
  ["1,", "a\nn\n:\nl"],
  ["-", from.stdin],
  ["2-2,2", "\t\no\nx\na"],
  ["4294967297", "\n\n\n"],
];

const FIELDS: readonly [words: string, fields: string][] = [
  ["-f 2", "b\nno delim\n:x:y:\nlast"],
  ["-s -f 2", "b\n"],
  ["-f 3,1", "a\tc\nno delim\n:x:y:\nlast"],
  ["-f 9", "\nno delim\n:x:y:\nlast"],
  ["-f 2-", "b\tc\nno delim\n:x:y:\nlast"],
  ["-f -2", "a\tb\nno delim\n:x:y:\nlast"],
  ["-d: -f2-3", "a\tb\tc\nno delim\nx:y\nlast"],
  ["-d xy -f 1", "a\tb\tc\nno delim\n:\nlast"],
  ["-d b -f 1,3", "a\t\nno delim\n:x:y:\nlast"],
];

export const cases: readonly Case[] = [
  ...LISTS.map(([list, bytes]) => row(["s6-cut", "-b", list], { stdout: bytes, code: 0 }, from)),
  prints("s6-cut -b 1-2,4", "abd\nla\n", 0, { stdin: "abcde\nla\n" }),
  prints("s6-cut -b 1-2,4", "lat", 0, { stdin: "last", exception: "the original loses a byte at the end" }),
  prints("s6-cut -c 2", "\t\no\nx\na", 0, from),
  prints("s6-cut -nb 2", "\t\no\nx\na", 0, from),
  prints("s6-cut -s -d : -b 1", "a\nn\n:\nl", 0, from),
  ...FIELDS.map(([words, fields]) => prints(`s6-cut ${words}`, fields, 0, from)),
  row(["s6-cut", "-d", "", "-f", "2"], { stdout: "b\nc", code: 0 }, { stdin: "a\0b\nc" }),
  prints("s6-cut -f 1 f - f", "a\nx\na\n", 0, { stdin: "x\ty\n", files: { f: "a\tb\n" } }),
  prints("s6-cut -b 2 f f", "ee", 0, { files: { f: "\xe9e" } }),
  prints("s6-cut -b 1", "", 0, { stdin: "" }),
  ...["0", "3-1", "1-0", "1,,2", ",1", "x", "1-2-3", "0-2", "-0", "1x"].map((list) =>
    fails(`s6-cut -b ${list}`, `s6-cut: fatal: invalid list argument: ${list}`, 100, from)
  ),
  fails("s6-cut", `s6-cut: usage: s6-cut ${USAGE}`, 100),
  ...misused("s6-cut", USAGE),
  prints("s6-cut -n", "", 100, from),
  prints("s6-cut -d :", "", 100, from),
  prints("s6-cut -b 1 -f 2", "", 100, from),
  prints("s6-cut -b 1 -b 2", "", 100, from),
  row(["s6-cut", "-b", ""], { stdout: "", code: 100 }, from),
  fails("s6-cut -f 1 nope", "s6-cut: fatal: unable to open nope for reading: No such file or directory", 111),
  fails("s6-cut -f 1 d", "s6-cut: fatal: unable to cut d: Is a directory", 111, { files: { "d/a": "" } }),
  prints("s6-cut -b 1 f nope f", "a\n", 111, { files: { f: "ab\n" } }),
  row(script("s6-cut -b 1 <&-"), { stderr: "s6-cut: fatal: unable to cut stdin: Bad file descriptor\n", code: 111 }),
  row(script("s6-cut -b 1 f >/dev/full"), {
    stderr: "s6-cut: fatal: unable to write to stdout: No space left on device\n",
    code: 111,
  }, { files: { f: "a" } }),
  row(script("seq 99999 | s6-cut -b 2- >a; seq 99999 | cut -b 2- | cmp - a"), { stdout: "", code: 0 }),
  // A line longer than what is read at once.
  row(script("head -c 999999 /dev/zero | tr '\\0' x | s6-cut -b 5,999999 | wc -c"), { stdout: "2\n", code: 0 }),
];
