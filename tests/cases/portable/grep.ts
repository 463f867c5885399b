// Rows for cli/portable/grep.ts. The expressions themselves are tried in tests/lib/regexp.

import type { Case } from "../../rows/harness.ts";
import { fails, misused, prints, row } from "./rows.ts";

const script = (text: string): string[] => ["sh", "-c", text];
const from = (stdin: string): { stdin: string } => ({ stdin });

const TEXT = "abc\nABC\na.c\n\nxx a\nlast";

export const cases: readonly Case[] = [
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
  prints("s6-grep -c a", "4\n", 0, { ...from(TEXT), exception: "the original (2.3.0) prints nothing" }),
  ...misused("s6-grep", "[ -E | -F ] [ -i ] [ -c ] [ -n ] [ -q ] [ -v ] pattern"),
  prints("s6-grep -cv a", "2\n", 0, { ...from(TEXT), exception: "the original (2.3.0) prints nothing" }),
  prints("s6-grep -c zz", "0\n", 1, { ...from(TEXT), exception: "the original (2.3.0) prints nothing" }),
  prints("s6-grep -qc a", "", 0, from(TEXT)),
  prints("s6-grep -q zz", "", 1, from(TEXT)),
  prints("s6-grep -qv a", "", 0, from(TEXT)),
  prints("s6-grep -v .*", "", 1, from(TEXT)),
  prints("s6-grep a", "", 1, from("")),
  prints("s6-grep -v a", "", 1, from("")),
  row(["s6-grep", ""], { stdout: "a\n\n", code: 0 }, from("a\n\n")),
  row(["s6-grep", "-F", ""], { stdout: "a\n\n", code: 0 }, from("a\n\n")),
  prints("s6-grep ^$", "\n", 0, from("a\n\n")),
  prints("s6-grep -FE a+", "a\n", 0, from("a\n")),
  prints("s6-grep -Fi [^a.]*$\\", "x[^A.]*$\\\n", 0, from("x[^A.]*$\\\na\n")),
  prints("s6-grep -Ei ^A{2}B?$", "aAb\naa\n", 0, from("aAb\naa\na\n")),
  prints("s6-grep -Fi \xe9", "\xe9\n", 0, from("\xe9\n\xc9\n")),
  prints("s6-grep -ni B", "2:b\n4:B\n5:b\n", 0, from("a\nb\nc\nB\nb")),
  prints("s6-grep \\(a\\)\\1", "xaa\n", 0, from("aba\nxaa\n")),
  prints("s6-grep -n \\(a\\)\\1$", "2:xaa\n", 0, from("aba\nxaa")),
  prints("s6-grep -E \\bcat\\b", "a cat.\n", 0, from("concat\na cat.\ncats\n")),
  prints("s6-grep \xff", "a\xff\0b\n", 0, from("a\xff\0b\nc\n")),
  prints("s6-grep -- -n", "-n\n", 0, from("-n\nn\n")),
  prints("s6-grep a nope", "a\n", 0, from("a\n")),
  ...["*a", "a\\", "[a", "a{2,1}", "(", "[[:no:]]"].map((pattern) =>
    fails(
      `s6-grep -E ${pattern}`,
      `s6-grep: fatal: unable to compile regular expression ${pattern}: Invalid regular expression`,
      111,
      from("a\n"),
    )
  ),
  // What an engine with backtracking never finishes.
  row(script("head -c 99999 /dev/zero | tr '\\0' a | s6-grep -E '^(a|aa)*(a*)*b$'"), { stdout: "", code: 1 }),
  row(script("seq 99999 | s6-grep -n 77 >a; seq 99999 | grep -n 77 | cmp - a"), { stdout: "", code: 0 }),
  row(script("s6-grep a <&-"), {
    stderr: "s6-grep: fatal: unable to read from stdin: Bad file descriptor\n",
    code: 111,
  }),
  row(script("echo a | s6-grep a >/dev/full"), {
    stderr: "s6-grep: fatal: unable to write to stdout: No space left on device\n",
    code: 111,
  }),
];
