// Rows for cli/execline/envfile.ts.

import type { Case } from "../../harness.ts";

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
  { name: "homeof of somebody unknown", argv: ["homeof", "nosuchuser"] },
  { name: "homeof of none", argv: ["homeof"] },
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
