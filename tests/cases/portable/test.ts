// Rows for cli/portable/test.ts. What it shares with eltest is tried there.

import type { Case } from "../../rows/harness.ts";
import { prints, row } from "./rows.ts";

const f = { files: { f: "x" } };

export const cases: readonly Case[] = [
  prints("s6-test", "", 1),
  row(["s6-test", ""], { stdout: "", code: 1 }),
  prints("s6-test a", ""),
  prints("s6-test 3 -ne 0", ""),
  prints("s6-test 0 -ne 0", "", 1),
  prints("s6-test 256 -ne 256", "", 1),
  prints("s6-test -f f", "", 0, f),
  prints("s6-test -d f", "", 1, f),
  prints("s6-test ! -e nope", ""),
  prints("s6-test -f f -a ! ( a = b -o -d f )", "", 0, f),
  prints("s6-test a = a", ""),
  prints("s6-test a != a", "", 1),
  prints("s6-test 2 -lt x", "", 100),
  prints("s6-test a =", "", 100),
  prints("s6-test ( a", "", 100),
];
