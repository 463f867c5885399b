// Rows for cli/execline/capture.ts.

import type { Case } from "../../rows/harness.ts";

function block(...words: readonly string[]): string[] {
  return [...words.map((word) => ` ${word}`), ""];
}

const OUTPUTS: Readonly<Record<string, readonly string[]>> = {
  "prints a line": ["echo", "a b"],
  "prints lines": ["printf", "a\nb\n\n"],
  "prints nothing": ["true"],
  "prints and exits 7": ["sh", "-c", "echo a; exit 7"],
  "prints and exits 200": ["sh", "-c", "echo a; exit 200"],
  "prints and is killed": ["sh", "-c", "echo a; kill -9 $$"],
  "prints a NUL": ["printf", "a\\nb\\n\\0c\\n"],
  "prints a NUL and exits 7": ["sh", "-c", "printf 'a\\0b'; exit 7"],
  "prints bytes": ["printf", "\\377\\351"],
  "is not there": ["nope"],
  "is empty": [],
};

const SHOW = ["sh", "-c", "if printenv v >/dev/null; then printf '[%s]' \"$v\"; else echo unset; fi"];

const backticks = [
  "",
  "-i",
  "-I",
  "-x",
  "-D dd",
  "-N",
  "-IN",
  "-xN",
  "-ND dd",
  "-e",
  "-E",
  "-E -e",
  "-n",
  "-Nn",
  "-EI",
  "-Ex",
  "-ED dd",
].flatMap((
  options,
) =>
  Object.entries(OUTPUTS).map(([how, words]): Case => ({
    name: `backtick ${options}: the command ${how}`,
    argv: [
      "backtick",
      ...options.split(" ").filter((word) => word !== ""),
      "v",
      ...block(...words),
      ...(options.includes("E") && !options.includes("e") ? ["printf", "[%s]", "a", "p${v}s"] : SHOW),
    ],
    env: { v: "old" },
  }))
);

const INPUTS: Readonly<Record<string, string>> = {
  "a line": "a b\n",
  "lines": "a\nb\n\n",
  "nothing": "",
  "a NUL": "a\n\0b\n",
  "much": "0123456789".repeat(9000),
};

const inputs = ["", "-i", "-I", "-D dd", "-N", "-n", "-e", "-E"].flatMap((options) =>
  Object.entries(INPUTS).map(([what, stdin]): Case => ({
    name: `withstdinas ${options}: ${what}`,
    argv: [
      "withstdinas",
      ...options.split(" ").filter((word) => word !== ""),
      "v",
      ...(options === "-E" ? ["printf", "[%s]", "p${v}s"] : SHOW),
    ],
    stdin,
  }))
);

export const cases: readonly Case[] = [
  ...backticks,
  ...inputs,
  { name: "backtick sees its own standard input", argv: ["backtick", "v", ...block("cat"), ...SHOW], stdin: "in\n" },
  {
    name: "backtick -E removes the variable",
    argv: ["backtick", "-E", "v", ...block("echo", "a"), ...SHOW],
    env: { v: "old" },
  },
  ...["-I", "-x", "-D d"].flatMap((options) =>
    ["exit 0", "exit 7", "exit 200", "kill -9 $$"].map((end): Case => ({
      name: `backtick ${options} tells how a command ended: ${end}`,
      argv: ["backtick", ...options.split(" "), "v", ...block("sh", "-c", end), "printenv", "?"],
      exception: "new in 2.9.5",
      expect: { stdout: `${{ e: end.slice(5), k: "265" }[end[0]!]}\n`, code: 0 },
    }))
  ),
  {
    name: "backtick -E -D writes how a command ended into the command line",
    argv: ["backtick", "-ED", "d", "v", ...block("sh", "-c", "exit 7"), "printf", "[%s]", "$v", "$?"],
    env: { "?": "old" },
    exception: "new in 2.9.5",
    expect: { stdout: "[d][7]", code: 0 },
  },
  {
    name: "backtick leaves ? alone where a failure ends everything",
    argv: ["backtick", "v", ...block("true"), "printenv", "?"],
    env: { "?": "old" },
  },
  { name: "backtick of a name with =", argv: ["backtick", "a=b", ...block("echo", "a"), "echo"] },
  { name: "backtick without a block", argv: ["backtick", "v", "echo", "a"] },
  { name: "backtick without rest", argv: ["backtick", "v", ...block("echo", "a")] },
  { name: "backtick without a name", argv: ["backtick"] },
  { name: "backtick with an unknown option", argv: ["backtick", "-z", "v", ...block("echo"), "echo"] },
  {
    name: "backtick of much output",
    argv: ["backtick", "v", ...block("sh", "-c", "yes | head -c 90000"), "sh", "-c", "echo ${#v}"],
  },
  {
    name: "backtick in a script",
    argv: ["execlineb", "-Pc", "backtick -n a { backtick b { echo c } importas b b echo x$b } importas a a echo $a"],
  },
  { name: "withstdinas of a name with =", argv: ["withstdinas", "a=b", "echo"] },
  { name: "withstdinas without rest", argv: ["withstdinas", "v"], stdin: "a" },
  { name: "heredoc", argv: ["heredoc", "0", "a\nb", "cat"] },
  { name: "heredoc of nothing", argv: ["heredoc", "0", "", "cat"] },
  { name: "heredoc on another descriptor", argv: ["heredoc", "5", "a", "sh", "-c", "cat <&5"] },
  { name: "heredoc of much", argv: ["heredoc", "0", "0123456789".repeat(12000), "sh", "-c", "wc -c"] },
  { name: "heredoc -d", argv: ["heredoc", "-d", "0", "a", "cat"] },
  { name: "heredoc of no number", argv: ["heredoc", "x", "a", "cat"] },
  { name: "heredoc without a program", argv: ["heredoc", "0", "a"] },
  { name: "backtick of an empty name", argv: ["backtick", "", ...block("nope"), "true"] },
  { name: "backtick -E of an empty name", argv: ["backtick", "-E", "", ...block("true"), "true"] },
  { name: "withstdinas of an empty name", argv: ["withstdinas", "", "true"] },
];
