// Rows for cli/portable/filter.ts.

import type { Case } from "../../rows/harness.ts";
import { fails, prints, row } from "./rows.ts";

const script = (text: string): string[] => ["sh", "-c", text];
const from = (stdin: string): { stdin: string } => ({ stdin });

const LINES = "one\ntwo\n\nlast";
const wrong = (format: string): Case =>
  fails(
    `s6-format-filter ${format}`,
    "s6-format-filter: fatal: unable to compile format: Invalid argument",
    111,
    from(LINES),
  );

export const cases: readonly Case[] = [
  prints("s6-cat", "a\nb", 0, from("a\nb")),
  prints("s6-cat nope -x", "a\xff\0", 0, from("a\xff\0")),
  row(script("seq 99999 >a; s6-cat <a | cmp - a; cat a | s6-cat | cmp - a"), { stdout: "", code: 0 }),
  row(script("s6-cat <&-"), { stderr: "s6-cat: fatal: unable to read from stdin: Bad file descriptor\n", code: 111 }),
  row(script("s6-cat <d"), { stderr: "s6-cat: fatal: unable to read from stdin: Is a directory\n", code: 111 }, {
    files: { "d/a": "" },
  }),
  row(script("echo a | s6-cat >/dev/full"), {
    stderr: "s6-cat: fatal: unable to write to stdout: No space left on device\n",
    code: 111,
  }),
  prints("s6-format-filter <%s>", "<one>\n<two>\n<>\n<last>", 0, from(LINES)),
  prints("s6-format-filter x", "", 0, from("")),
  prints("s6-format-filter -z", "-z\n-z\n-z\n-z", 0, from(LINES)),
  prints("s6-format-filter -- %s", "--\n", 0, from("a\n")),
  row(
    ["s6-format-filter", "%0:%2-%1 %%%s%s", "x", "%s"],
    { stdout: "s6-format-filter:%s-x %oneone\n", code: 0 },
    from("one\n"),
  ),
  row(["s6-format-filter", "%1%9", ..."abcdefghij"], { stdout: "ai\n", code: 0 }, from("\n")),
  row(["s6-format-filter", ""], { stdout: "\n\n", code: 0 }, from("a\nb\n")),
  prints("s6-format-filter \\n%s", "\\na\xff\n", 0, from("a\xff\n")),
  prints("s6-format-filter <%s>", "<a\0b>\n", 0, { ...from("a\0b\n"), exception: "the original ends a line at a NUL" }),
  ...["%", "a%", "%x", "%1", "%S"].map(wrong),
  fails("s6-format-filter", "s6-format-filter: usage: s6-format-filter format [ args... ]", 100),
  row(script("s6-format-filter x <&-"), {
    stderr: "s6-format-filter: fatal: unable to read from stdin: Bad file descriptor\n",
    code: 111,
  }),
];
