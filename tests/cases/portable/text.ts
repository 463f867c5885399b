// Rows for cli/portable/text.ts.

import type { Case } from "../../harness.ts";
import { prints, row } from "./rows.ts";

const BASENAMES: readonly [string, string][] = [
  ["/a/b", "b"],
  ["a/", "a"],
  ["/", "/"],
  ["//", "/"],
  [".", "."],
  ["..", ".."],
  ["a.c .c", "a"],
  [".c .c", ".c"],
  ["a.c.c .c", "a.c"],
  ["a/b/// b", "b"],
  ["a b c", "a"],
];

const DIRNAMES: readonly [string, string][] = [
  ["/a/b", "/a"],
  ["a", "."],
  ["a/b/", "a"],
  ["/", "/"],
  ["//a", "/"],
  ["a//b", "a/"],
  ["/a", "/"],
  ["a/b/c//", "a/b"],
  ["///", "/"],
  ["a/", "."],
  ["//a//b", "//a/"],
];

export const cases: readonly Case[] = [
  prints("s6-echo a b", "a b\n"),
  prints("s6-echo", "\n"),
  prints("s6-echo -n a b", "a b"),
  prints("s6-echo -s: a b c", "a:b:c\n"),
  row(["s6-echo", "-s", "", "a", "b"], { stdout: "a\0b\n", code: 0 }),
  prints("s6-echo -- -n", "-n\n"),
  prints("s6-echo - a", "- a\n"),
  prints("s6-echo a -n \\n", "a -n \\n\n"),
  prints("s6-echo \xff\xfe", "\xff\xfe\n"),
  row(["s6-echo", "-x"], { stdout: "", stderr: "s6-echo: usage: s6-echo [ -n ] [ -s sep ] args...\n", code: 100 }),
  row(["sh", "-c", "s6-echo a >/dev/full"], {
    stderr: "s6-echo: fatal: unable to write to stdout: No space left on device\n",
    code: 111,
  }),
  row(["sh", "-c", "s6-echo a >&-"], {
    stderr: "s6-echo: fatal: unable to write to stdout: Bad file descriptor\n",
    code: 111,
  }),
  prints("s6-true", ""),
  prints("s6-true -x y", ""),
  prints("s6-false", "", 1),
  prints("s6-false -x y", "", 1),
  ...BASENAMES.map(([words, name]) => prints(`s6-basename ${words}`, `${name}\n`)),
  row(["s6-basename", ""], { stdout: ".\n", code: 0 }),
  prints("s6-basename -n a/b", "b"),
  row(["s6-basename"], { stderr: "s6-basename: usage: s6-basename [ -n ] file [ suffix ]\n", code: 100 }),
  ...DIRNAMES.map(([word, name]) => prints(`s6-dirname ${word}`, `${name}\n`)),
  row(["s6-dirname", ""], { stdout: ".\n", code: 0 }),
  prints("s6-dirname -n a/b", "a"),
  prints("s6-seq 3", "1\n2\n3\n"),
  prints("s6-seq 2 4", "2\n3\n4\n"),
  prints("s6-seq 1 2 6", "1\n3\n5\n"),
  prints("s6-seq 0", ""),
  prints("s6-seq 3 1", ""),
  prints("s6-seq 0 0", "0\n"),
  prints("s6-seq -w 8 11", "08\n09\n10\n11\n"),
  prints("s6-seq -s , 3", "1,2,3,"),
  prints("s6-seq -s ab 2", "1ab2ab"),
  row(["s6-seq", "-s", "", "2"], { stdout: "1\x002\0", code: 0 }),
  prints("s6-seq x", "", 100),
  prints("s6-seq -x 2", "", 100),
  prints("s6-seq 1 0 3", "", 100, { exception: "the original never ends" }),
];
