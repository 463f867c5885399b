// Rows for cli/execline/glob.ts.

import type { Case } from "../../rows/harness.ts";

const FILES = {
  "a.c": "",
  "b.c": "",
  "b.h": "",
  ".hidden": "",
  "d/x.c": "",
  "d/y.c": "",
  "e/z": "",
  "s p": "",
  "[q]": "",
  "l": { link: "d" },
  "dead": { link: "nope" },
  "a*b": "",
};

function glob(pattern: string, options = "-s"): Case {
  const letters = options.split(" ").filter((word) => word !== "");
  return {
    name: `elglob ${options} ${pattern}`,
    argv: ["elglob", ...letters, "--", "g", pattern, "printf", "[%s]", "p", "x${g}y"],
    files: FILES,
  };
}

export const cases: readonly Case[] = [
  ...[
    "*.c",
    "*",
    "?.c",
    "[ab].c",
    "[!a].c",
    "[^a].c",
    "[a-b].?",
    "*/*",
    "*/*.c",
    "d/*",
    "./*.c",
    "d//*.c",
    "nope*",
    "nope",
    "a.c",
    ".*",
    "*/",
  ].map((p) => glob(p)),
  ...[
    "d",
    "d/",
    "a.c/",
    "dead",
    "dead*",
    "l/*",
    "/etc/pass[w]d",
    "/",
    "//etc/passwd",
    "",
    "[",
    "[a",
    "a[",
    "[]]",
    "[[]q]",
    "\\[q\\]",
    "a\\*b",
    "a\\b",
  ].map((p) => glob(p)),
  ...["[[:alpha:]].c", "[a-]*", "*\\", "s p", "?", "d/../a.c", "*.[ch]", "**", "d*/x*", "[]-b].c", "x*/nope"].map((p) =>
    glob(p)
  ),
  ...["*", "d", "l", "nope", "*/", "dead", "*/*"].map((p) => glob(p, "-s -m")),
  ...["nope*", "nope", "*.c", "a.c"].map((p) => glob(p, "-s -0")),
  ...["a\\*b", "\\[q\\]", "*.c", "\\*"].map((p) => glob(p, "-s -e")),
  glob("nope/*", "-s -v"),
  glob("nope/*", "-s -w"),
  { name: "elglob without a pattern", argv: ["elglob", "g"] },
  { name: "elglob without a program", argv: ["elglob", "g", "*"] },
  { name: "elglob with an unknown option", argv: ["elglob", "-z", "g", "*", "echo"] },
  { name: "elglob after cd", argv: ["cd", "d", "elglob", "-s", "g", "*", "printf", "[%s]", "$g"], files: FILES },
  {
    name: "elglob -d",
    argv: ["elglob", "-sd:", "g", "*.c", "printf", "[%s]", "$g"],
    files: FILES,
    exception: "new in 2.9.6",
    expect: { stdout: "[a.c:b.c:]", code: 0 },
  },
  {
    name: "elglob -d -n",
    argv: ["elglob", "-snd:", "g", "*.c", "printf", "[%s]", "$g"],
    files: FILES,
    exception: "new in 2.9.6",
    expect: { stdout: "[a.c:b.c]", code: 0 },
  },
  {
    name: "elglob -d ''",
    argv: ["elglob", "-sd", "", "g", "*.c", "printf", "[%s]", "$g"],
    files: FILES,
    exception: "new in 2.9.6",
    expect: { stdout: "[3:a.c,3:b.c,]", code: 0 },
  },
];
