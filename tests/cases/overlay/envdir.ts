// Rows for cli/overlay/envdir.ts.

import type { Case } from "../../rows/harness.ts";

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
  {
    name: "justc-envdir -i does not go on",
    argv: ["justc-envdir", "-Ii", "d", "echo", "x"],
    expect: { stdout: "", code: 111, stderr: "justc-envdir: fatal: unable to open d: No such file or directory\n" },
  },
  {
    name: "justc-envdir of a file",
    argv: ["justc-envdir", "-I", "f", "true"],
    files: { f: "" },
    expect: { code: 111, stderr: "justc-envdir: fatal: unable to open f: Not a directory\n" },
  },
  { name: "justc-envdir of a missing program", argv: ["justc-envdir", "-I", "d", "nope"], expect: { code: 127 } },
  {
    name: "justc-envdir with an unknown option",
    argv: ["justc-envdir", "-x", "d", "true"],
    expect: { code: 100, stderr: "justc-envdir: usage: justc-envdir [ -I | -i ] dir prog...\n" },
  },
  { name: "justc-envdir without a program", argv: ["justc-envdir", "d"], expect: { stdout: "", code: 100 } },
];
