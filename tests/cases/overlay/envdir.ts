// Rows for cli/overlay/envdir.ts.

import type { Case } from "../../harness.ts";

const FILES = { "d/A": "one\ntwo \n", "d/B": "", "d/C": "a\0b", "d/.D": "x", "d/E=F": "x", "d/G": "\xff" };
const SHOW = ["sh", "-c", "env -0 | grep -zvE '^(PATH|PWD)=' | sort -z"];

export const cases: readonly Case[] = [
  {
    name: "justc-envdir takes each file as it is",
    argv: ["justc-envdir", "d", ...SHOW],
    files: FILES,
    env: { A: "before", Z: "stays" },
    expect: { stdout: "A=one\ntwo \n\0B=\0C=a\nb\0G=\xff\0Z=stays\0", code: 0 },
  },
  {
    name: "justc-envdir takes long values",
    argv: ["justc-envdir", "d", "sh", "-c", "echo ${#A}"],
    files: { "d/A": "x".repeat(100_000) },
    expect: { stdout: "100000\n", code: 0 },
  },
  {
    name: "justc-envdir of a missing directory",
    argv: ["justc-envdir", "d", "echo", "x"],
    expect: { stdout: "", code: 111 },
  },
  {
    name: "justc-envdir -I goes on",
    argv: ["justc-envdir", "-I", "d", "echo", "x"],
    expect: { stdout: "x\n", code: 0 },
  },
  { name: "justc-envdir without a program", argv: ["justc-envdir", "d"], expect: { stdout: "", code: 100 } },
];
