// Rows for cli/portable/text.ts. Debian has no such programs, so each row says what must come out.

import type { Case } from "../../harness.ts";

export const cases: readonly Case[] = [
  { name: "s6-echo prints its arguments", argv: ["s6-echo", "a", "b"], expect: { stdout: "a b\n", code: 0 } },
  { name: "s6-echo -n leaves the newline out", argv: ["s6-echo", "-n", "a", "b"], expect: { stdout: "a b", code: 0 } },
  { name: "s6-echo -s sets the separator", argv: ["s6-echo", "-s:", "a", "b"], expect: { stdout: "a:b\n", code: 0 } },
  { name: "s6-echo passes bytes through", argv: ["s6-echo", "\xff\xfe"], expect: { stdout: "\xff\xfe\n", code: 0 } },
  {
    name: "s6-echo refuses an unknown option",
    argv: ["s6-echo", "-x"],
    expect: { stdout: "", stderr: "s6-echo: usage: s6-echo [ -n ] [ -s sep ] args...\n", code: 100 },
  },
  { name: "s6-true succeeds", argv: ["s6-true"], expect: { stdout: "", code: 0 } },
  { name: "s6-false fails", argv: ["s6-false"], expect: { stdout: "", code: 1 } },
];
