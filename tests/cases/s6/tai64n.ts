// Rows for cli/s6/tai64n.ts.

import type { Case } from "../../harness.ts";

const STAMP = "@400000006b0343732906ea43";

const LINES = [
  `${STAMP} hello`,
  STAMP,
  `no stamp ${STAMP}`,
  "@40000000 x",
  `${STAMP}x y`,
  "@4000000037c219bf2ef02e94 z",
  ` ${STAMP} q`,
  "@ffffffffffffffffffffffff",
  "",
  STAMP.toUpperCase(),
  `${STAMP} a\0\xff`,
  `${STAMP} last`,
].join("\n");

function local(name: string, env: Record<string, string>, ...options: string[]): Case {
  return { name, argv: ["s6-tai64nlocal", ...options], stdin: LINES, env };
}

/** Each line comes in two parts. */
const TORN = `for s in ${STAMP} "x y"; do printf %.5s "$s"; sleep 0.1; echo "\${s#?????} z"; done | `;

export const cases: readonly Case[] = [
  local("s6-tai64nlocal gives dates", {}),
  local("s6-tai64nlocal knows the zone", { TZ: "America/New_York" }),
  local("s6-tai64nlocal -g takes none", { TZ: "America/New_York" }, "-g"),
  { name: "s6-tai64nlocal with an unknown option", argv: ["s6-tai64nlocal", "-x"], stderr: true },
  { name: "s6-tai64nlocal of nothing", argv: ["s6-tai64nlocal"], stdin: "" },
  { name: "s6-tai64nlocal of a torn line", argv: ["sh", "-c", `${TORN} s6-tai64nlocal -g`] },
  {
    name: "s6-tai64n stamps each line",
    argv: ["sh", "-c", "s6-tai64n | s6-tai64nlocal | sed 's/^20.*[.][0-9]* /D /'"],
    stdin: "a\n\nb c\n",
  },
  { name: "s6-tai64n ends the last line", argv: ["sh", "-c", "s6-tai64n | cut -c27-"], stdin: "a\nb" },
  { name: "s6-tai64n stamps a torn line once", argv: ["sh", "-c", `${TORN} s6-tai64n | cut -c27-`] },
  { name: "s6-tai64n of nothing", argv: ["s6-tai64n", "-x"], stdin: "" },
];
