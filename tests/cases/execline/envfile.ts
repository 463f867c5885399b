// Rows for cli/execline/envfile.ts.

import type { Case } from "../../rows/harness.ts";

function content(text: string, stderr = false): Case {
  return {
    name: `envfile of ${JSON.stringify(text)}`,
    argv: ["envfile", "f", "env", "-u", "PATH"],
    files: { f: text },
    unordered: true,
    stderr,
  };
}

export const cases: readonly Case[] = [
  ...[
    "A=b\n B = c d  \n#x=y\n  # z\nD=\n\n1x=2\n",
    'A="q r\\n\\x41\\101"\n',
    'A = "a" b\n',
    "A=a\\\n  b\n",
    "A=a#b\n",
    'A=a "b"\n',
  ].map((text) => content(text)),
  ...[
    'A="a\\\nb"\n',
    "A=\\\n  b\n",
    "A=a \\ \n",
    'A="\\400"\n',
    "A=a\0b\n",
    "A=b\r\n",
    'A="b"c',
    "A=b=c\n",
    "A= #b\n",
    "",
    "\n",
    "A=b",
  ].map((text) => content(text)),
  ...["A\n", "A b\n", "=b\n", 'A="b\n', "A=\\t\n", "A=b\\", '"A"=b\n', "A\\\n=b\n", 'A="\\x4"\n', "A'=b\n", "A=b\nC\n"]
    .map((text) => content(text, true)),
  {
    name: "envfile adds to the environment",
    argv: ["envfile", "f", "env", "-u", "PATH"],
    env: { A: "old", B: "c" },
    files: { f: "A=new" },
    unordered: true,
  },
  { name: "envfile of what is not there", argv: ["envfile", "nope", "echo"] },
  { name: "envfile -i of what is not there", argv: ["envfile", "-I", "-i", "nope", "echo"] },
  { name: "envfile -I of what is not there", argv: ["envfile", "-i", "-I", "nope", "echo", "a"] },
  { name: "envfile of a directory", argv: ["envfile", "-I", "d", "echo"], files: { d: { directory: 0o755 } } },
  { name: "envfile -", argv: ["envfile", "-", "printenv", "A"], stdin: "A=in\n" },
  { name: "envfile without a program", argv: ["envfile", "f"], files: { f: "" } },
  { name: "homeof", argv: ["homeof", "root"] },
  { name: "homeof nobody", argv: ["homeof", "nobody"] },
  { name: "homeof of an unknown user", argv: ["homeof", "nosuchuser"] },
  { name: "homeof of none", argv: ["homeof"] },
  ...([
    ["an unknown option", ["-z", "V", ""], 100],
    ["no name", [], 100],
    ["a name with =", ["A=B", "", "true"], 100],
    ["a block that is not ended", ["V", " a"], 100],
    ["an empty block", ["V", "", "printenv", "V"], 0],
    ["no program", ["V", " a", ""], 0],
    ["a program that is not there", ["V", " a", "", "nope"], 127],
  ] as const).map(([what, words, code]): Case => ({
    name: `export-array: ${what}`,
    argv: ["export-array", ...words],
    exception: "new in 2.9.9",
    expect: { stdout: what === "an empty block" ? "\n" : "", code },
  })),
  ...["1", "2"].map((level): Case => ({
    name: `export-array: unquoted words, EXECLINE_STRICT=${level}`,
    argv: ["export-array", "V", "a", "", "printenv", "V"],
    env: { EXECLINE_STRICT: level },
    exception: "new in 2.9.9",
    expect: {
      stdout: level === "1" ? "1:a,\n" : "",
      stderr: `export-array: ${level === "1" ? "warning" : "fatal"}: unquoted argument a at block 1 position 0\n`,
      code: level === "1" ? 0 : 100,
    },
  })),
  {
    name: "export-array",
    argv: ["export-array", "V", " a b", " ", "", "importas", "-sd", "", "x", "V", "printf", "[%s]", "$x"],
    exception: "new in 2.9.9",
    expect: { stdout: "[a b][]", code: 0 },
  },
  {
    name: "export-array -d",
    argv: ["export-array", "-d:x", "V", " a", " b", "", "printenv", "V"],
    exception: "new in 2.9.9",
    expect: { stdout: "a:b:\n", code: 0 },
  },
];
