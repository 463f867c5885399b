// Rows for cli/execline/conditional.ts: every child result with every option.

import type { Case } from "../../rows/harness.ts";

/** Children that end in all the ways there are, as words of a block. */
const CHILDREN: Readonly<Record<string, readonly string[]>> = {
  "exits 0": ["true"],
  "exits 1": ["false"],
  "exits 7": ["sh", "-c", "exit 7"],
  "exits 127": ["sh", "-c", "exit 127"],
  "exits 200": ["sh", "-c", "exit 200"],
  "is killed": ["sh", "-c", "kill -9 $$"],
  "is terminated": ["sh", "-c", "kill $$"],
  "is not there": ["nope"],
  "is empty": [],
};

function block(...words: readonly string[]): string[] {
  return [...words.map((word) => ` ${word}`), ""];
}

const ifs = ["", "-n", "-t", "-x5", "-x 300", "-X", "-Xn", "-nt", "-nx6", "-Xx5", "-t -x4", "-x4 -t"].flatMap((
  options,
) =>
  Object.entries(CHILDREN).map(([how, words]): Case => ({
    name: `if ${options}: the command ${how}`,
    argv: ["if", ...options.split(" ").filter((word) => word !== ""), ...block(...words), "echo", "rest"],
  }))
);

const choices = ["ifelse", "ifelse -n", "ifelse -X", "ifelse -nX"].flatMap((command) =>
  Object.entries(CHILDREN).map(([how, words]): Case => ({
    name: `${command}: the command ${how}`,
    argv: [...command.split(" "), ...block(...words), ...block("echo", "then"), "echo", "else"],
  }))
);

const reversed = ["ifte", "ifte -n", "ifte -X"].flatMap((command) =>
  Object.entries(CHILDREN).map(([how, words]): Case => ({
    name: `${command}: the command ${how}`,
    argv: [...command.split(" "), ...block("echo", "then"), ...block("echo", "else"), ...words],
  }))
);

const forking = ["ifthenelse", "ifthenelse -X"].flatMap((command) =>
  Object.entries(CHILDREN).flatMap(([how, words]): Case[] => [
    {
      name: `${command}: the command ${how}`,
      argv: [
        ...command.split(" "),
        ...block(...words),
        ...block("echo", "then"),
        ...block("echo", "else"),
        "printenv",
        "?",
      ],
    },
    {
      name: `${command}: the command that then runs ${how}`,
      argv: [...command.split(" "), ...block("true"), ...block(...words), ...block("echo", "else"), "printenv", "?"],
    },
  ])
);

const scoped = ["ifthenelse -s", "ifthenelse -sX", "ifthenelse -X -s"].flatMap((command) =>
  Object.entries(CHILDREN).map(([how, words]): Case => ({
    name: `${command}: the command ${how}`,
    argv: [
      ...command.split(" "),
      ...block(...words),
      ...block("export", "CHOSEN", "then"),
      ...block("export", "CHOSEN", "else"),
      "sh",
      "-c",
      'echo "$CHOSEN"; exec printenv "?"',
    ],
  }))
);

export const cases: readonly Case[] = [
  ...ifs,
  ...choices,
  ...reversed,
  ...forking,
  ...scoped,
  {
    name: "ifthenelse -s: the remainder is words of the chosen command",
    argv: ["ifthenelse", "-s", ...block("true"), ...block("echo", "then"), ...block("echo", "else"), "a", " b", ""],
  },
  {
    name: "ifthenelse -s: a block of the chosen command is taken off, the remainder goes on",
    argv: ["execlineb", "-Pc", "ifthenelse -s { false } { } { foreground { echo one } } echo two"],
  },
  {
    name: "ifthenelse -s: the chosen block is empty",
    argv: ["ifthenelse", "-s", ...block("true"), ...block(), ...block("echo", "else"), "echo", "rest"],
  },
  {
    name: "ifthenelse -s: nothing is to be run",
    argv: ["ifthenelse", "-s", ...block("true"), ...block(), ...block("echo", "else")],
  },
  {
    name: "ifthenelse -s: the chosen command is not there",
    argv: ["ifthenelse", "-s", ...block("true"), ...block("nope"), ...block(), "echo"],
    stderr: true,
  },
  { name: "ifthenelse -s without else block", argv: ["ifthenelse", "-s", ...block("a"), ...block("b")], stderr: true },
  { name: "if without rest, true", argv: ["if", ...block("true")] },
  { name: "if without rest, false", argv: ["if", ...block("false")] },
  { name: "if with an unterminated block", argv: ["if", " true"], stderr: true },
  { name: "if with an unknown option", argv: ["if", "-z", ...block("true"), "echo"] },
  { name: "if -x of no number", argv: ["if", "-x", "a", ...block("false"), "echo"] },
  { name: "if in a script", argv: ["execlineb", "-Pc", "if { if -n { false } true } echo yes"] },
  { name: "ifelse without then block", argv: ["ifelse", ...block("true"), "a"], stderr: true },
  { name: "ifelse without blocks", argv: ["ifelse", "a"], stderr: true },
  { name: "ifelse with an empty then", argv: ["ifelse", ...block("true"), ...block(), "echo", "else"] },
  { name: "ifelse without else, false", argv: ["ifelse", ...block("false"), ...block("echo", "then")] },
  {
    name: "ifelse in a row",
    argv: ["execlineb", "-Pc", "ifelse { false } { echo 1 } ifelse { true } { echo 2 } echo 3"],
  },
  { name: "ifte without blocks", argv: ["ifte", "a"], stderr: true },
  { name: "ifte without else block", argv: ["ifte", ...block("a"), "b"], stderr: true },
  { name: "ifthenelse without blocks", argv: ["ifthenelse", "a"], stderr: true },
  { name: "ifthenelse without then block", argv: ["ifthenelse", ...block("a"), "b"], stderr: true },
  { name: "ifthenelse without else block", argv: ["ifthenelse", ...block("a"), ...block("b"), "c"], stderr: true },
  {
    name: "ifthenelse without rest",
    argv: ["ifthenelse", ...block("true"), ...block("sh", "-c", "exit 9"), ...block()],
  },
  {
    name: "unquoted words are warned of",
    argv: ["if", "true", " x", "y", "", "echo", "a"],
    env: { EXECLINE_STRICT: "1" },
    stderr: true,
  },
  {
    name: "unquoted words are fatal",
    argv: ["ifelse", ...block("true"), "echo", "a", "", "b"],
    env: { EXECLINE_STRICT: "2" },
    stderr: true,
  },
  {
    name: "the finish script of a service that failed",
    argv: ["execlineb", "-S1", "s", "1"],
    files: { s: "if { eltest ${1} -ne 0 }\nif { eltest ${1} -ne 256 }\necho stop\n" },
  },
  {
    name: "the finish script of a service that was stopped",
    argv: ["execlineb", "-S1", "s", "256"],
    files: { s: "if { eltest ${1} -ne 0 }\nif { eltest ${1} -ne 256 }\necho stop\n" },
  },
];
