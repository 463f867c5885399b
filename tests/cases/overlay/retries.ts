// Rows for cli/overlay/retries.ts.

import type { Case } from "../../rows/harness.ts";

/** A script that notes each attempt and fails until there has been the given number of them. */
const attempt = (succeeding: number, code = 1): string =>
  `echo x >>log; test $(wc -l <log) -ge ${succeeding} || exit ${code}`;

function tries(name: string, options: readonly string[], script: string, attempts: number, code: number): Case {
  return {
    name,
    argv: ["with-retries", ...options, "sh", "-c", script],
    expect: { stdout: "", code, files: { log: `644 file ${"x\n".repeat(attempts)}` } },
  };
}

export const cases: readonly Case[] = [
  tries("with-retries stops after a success", [], attempt(1), 1, 0),
  tries("with-retries tries again", [], attempt(2), 2, 0),
  tries("with-retries tries three times", [], attempt(9, 7), 3, 7),
  tries("with-retries -n says how often", ["-n", "5"], attempt(5), 5, 0),
  tries("with-retries -n 1 tries once", ["-n1"], attempt(9, 7), 1, 7),
  tries(
    "with-retries -t ends an attempt that takes too long",
    ["-n2", "-t", "200"],
    `${attempt(0)}; exec sleep 9`,
    2,
    1,
  ),
  { name: "with-retries of a missing program", argv: ["with-retries", "nope"], expect: { stdout: "", code: 111 } },
  {
    name: "with-retries with an unknown option",
    argv: ["with-retries", "-x", "true"],
    expect: { stdout: "", code: 100 },
  },
  { name: "with-retries -n 0", argv: ["with-retries", "-n", "0", "true"], expect: { stdout: "", code: 100 } },
  { name: "with-retries without a program", argv: ["with-retries", "-n", "2"], expect: { stdout: "", code: 100 } },
  { name: "with-retries -n of a word", argv: ["with-retries", "-n", "x", "true"], expect: { stdout: "", code: 100 } },
];
