// Rows for cli/execline/input_loop.ts.

import type { Case } from "../../rows/harness.ts";

const INPUTS: Readonly<Record<string, string>> = {
  "lines": "a\nb c\n\nd\n",
  "an unterminated line": "a\nb",
  "a longer one": "a\nbc",
  "one that is all": "b",
  "nothing": "",
  "newlines": "\n\n",
  "colons": "a:b\nc:",
  "netstrings": "1:a,3:b c,0:,",
  "a broken netstring": "1:a,2:b",
  "NULs": "a\0b\nc\0",
};

const OPTIONS = [
  "",
  "-n",
  "-N",
  "-C",
  "-c",
  "-NC",
  "-NCd:",
  "-0",
  "-0N",
  "-d :",
  "-d :;",
  "-0d:",
  "-d: -0",
  "-p",
  "-o 0",
  "-E -e",
];

const stdins = Object.entries(INPUTS).flatMap(([what, stdin]) =>
  OPTIONS.map((options): Case => ({
    name: `forstdin ${options} of ${what}`,
    argv: ["forstdin", ...options.split(" ").filter((word) => word !== ""), "v", "sh", "-c", "printf '[%s]\\n' \"$v\""],
    stdin,
    unordered: options.includes("p"),
  }))
);

function netstrings(command: readonly string[], input: string): Case {
  return {
    name: `${command.join(" ")} of ${input}`,
    argv: [...command, "-Ed", "", "v", "printf", "[%s]", "${v}"],
    stdin: input,
  };
}

const CODES = "echo $v; test $v = k && kill -9 $$; exit $v";

export const cases: readonly Case[] = [
  ...stdins,
  ...Object.values(INPUTS).map((input) => netstrings(["forstdin"], input)),
  netstrings(["forstdin", "-N"], "1:a,"),
  netstrings(["forstdin", "-C"], "0:,1:a,"),
  ...["-o 0", "-x 3", "-o 0,3", "-x 200", "-x 128", "-x 137", "-p -x 3", "-o 0 -p"].map((options): Case => ({
    name: `forstdin ${options}, codes`,
    argv: ["forstdin", ...options.split(" "), "v", "sh", "-c", CODES],
    stdin: "0\n3\n200\nk\n0\n",
    unordered: options.includes("p"),
  })),
  { name: "forstdin -E", argv: ["forstdin", "-E", "v", "printf", "[%s]", "p${v}s"], stdin: "a b\nc\n" },
  { name: "forstdin of what is not there", argv: ["forstdin", "v", "nope"], stdin: "a\n" },
  { name: "forstdin of a name with =", argv: ["forstdin", "a=b", "echo"], stdin: "a\n" },
  { name: "forstdin without a body", argv: ["forstdin", "v"], stdin: "a\n" },
  { name: "forstdin with an unknown option", argv: ["forstdin", "-z", "v", "echo"] },
  { name: "forbacktickx", argv: ["forbacktickx", "v", " printf", " a\\nb c\\n", "", "printenv", "v"] },
  { name: "forbacktickx -E", argv: ["forbacktickx", "-E", "v", " printf", " a\\nb c\\n", "", "printf", "[%s]", "$v"] },
  { name: "forbacktickx of nothing", argv: ["forbacktickx", "v", " true", "", "printenv", "v"] },
  {
    name: "forbacktickx of a command that fails",
    argv: ["forbacktickx", "v", " sh", " -c", " echo a; exit 3", "", "printenv", "v"],
  },
  { name: "forbacktickx of what is not there", argv: ["forbacktickx", "v", " nope", "", "printenv", "v"] },
  {
    name: "forbacktickx leaves standard input to the body",
    argv: ["forbacktickx", "v", " echo", " a", "", "cat"],
    stdin: "in",
  },
  {
    name: "forbacktickx -0 over dollarat",
    argv: ["execlineb", "-c", "forbacktickx -E0 v { dollarat -0 } printf [%s] $v", "a b", "c\nd"],
  },
  {
    name: "forbacktickx -d '' over dollarat",
    argv: ["execlineb", "-c", 'forbacktickx -Ed "" v { dollarat -d "" } printf [%s] $v', "a b", "c\nd"],
  },
  {
    name: "forbacktickx -x",
    argv: ["forbacktickx", "-x", "3", "v", " printf", " 1\\n3\\n4\\n", "", "sh", "-c", "echo $v; exit $v"],
  },
  ...["-e", "-E -e", "-n", "-N", "-C", "-c", "-NC", "-d :", "-0", "-o 0", "-x 1", "-p"].map((options): Case => ({
    name: `forbacktickx ${options} of lines`,
    argv: [
      ...["forbacktickx", ...options.split(" "), "v", " printf", " a\\nb c\\n\\nd:e", ""],
      ...["sh", "-c", "printf '[%s]\\n' \"$v\""],
    ],
    unordered: true,
  })),
  ...["forstdin -P 2", "forstdin -P 0", "forstdin -P1", "forx -P 2", "forx -P 0", "forx -P1", "forbacktickx -P 2"]
    .map((command): Case => ({
      name: `${command} runs all`,
      argv: [
        ...command.split(" "),
        "v",
        ...({ forstdin: [], forx: [" a", " b", " c", ""], forbacktickx: [" printf", " a\\nb\\nc\\n", ""] }[
          command.split(" ")[0]!
        ] ?? []),
        ...["sh", "-c", "printf '[%s]\\n' \"$v\""],
      ],
      stdin: "a\nb\nc\n",
      unordered: true,
      exception: "new in 2.9.7",
      expect: { stdout: "[a]\n[b]\n[c]\n", code: 0 },
    })),
  {
    name: "forx -P of no number",
    argv: ["forx", "-P", "x", "v", " a", "", "true"],
    exception: "new in 2.9.7",
    expect: { code: 100 },
  },
  {
    name: "forbacktickx takes ! away",
    argv: ["forbacktickx", "v", ...[" echo", " a", ""], "printenv", "!"],
    env: { "!": "5" },
  },
  ...["", "-o 0", "-x 127", "-x 126,127", "-p", "-po 0"].flatMap((options) =>
    ["nope", "./f", ""].map((body): Case => ({
      name: `forbacktickx ${options} of a body that cannot run: ${body}`,
      argv: [
        "forbacktickx",
        ...options.split(" ").filter((word) => word !== ""),
        ...["v", " printf", " a\\nb\\n", ""],
        ...body.split(" ").filter((word) => word !== ""),
      ],
      files: { f: "" },
    }))
  ),
  { name: "forbacktickx with an empty block", argv: ["forbacktickx", "v", "", "echo"] },
  { name: "forbacktickx without a block", argv: ["forbacktickx", "v", "echo"] },
  { name: "forstdin of an empty name", argv: ["forstdin", "", "true"], stdin: "a\n" },
  { name: "forbacktickx of an empty name", argv: ["forbacktickx", "", " nope", "", "true"] },
];
