// Rows for cli/execline/positional.ts.

import type { Case } from "../../rows/harness.ts";

const FRAME = { "#": "4", "0": "s", "1": " a", "2": "", "3": "b", "4": "c", "5": "left" };

function shift(name: string, options: readonly string[], env: Record<string, string> = FRAME): Case {
  return {
    name: `shift: ${name}`,
    argv: ["shift", ...options, "env", "-u", "PATH"],
    env,
    unordered: true,
    stderr: env.EXECLINE_STRICT === "1",
  };
}

export const cases: readonly Case[] = [
  shift("one", []),
  shift("-n 2", ["-n", "2"]),
  shift("-n 0", ["-n0"]),
  shift("-n 4", ["-n4"]),
  shift("more than there are", ["-n9"]),
  shift("more than there are, warned of", ["-n9"], { ...FRAME, EXECLINE_STRICT: "1" }),
  shift("more than there are, fatal", ["-n9"], { ...FRAME, EXECLINE_STRICT: "2" }),
  shift("-b 1", ["-b1"]),
  shift("-n 1 -b 1", ["-n1", "-b1"]),
  shift("-b without a block", ["-n2", "-b1"]),
  shift("-b 2", ["-b2"], { ...FRAME, "4": "" }),
  shift("-b of words without a blank, warned of", ["-b1"], { ...FRAME, "3": "", EXECLINE_STRICT: "1" }),
  shift("-b of words without a blank, fatal", ["-b1"], { ...FRAME, "3": "", EXECLINE_STRICT: "2" }),
  shift("-b of words with a blank", ["-b1"], { "#": "2", "1": " a", "2": "", EXECLINE_STRICT: "2" }),
  shift("-b with gaps", ["-b1"], { "#": "3", "0": "s", "2": "" }),
  shift("with gaps", [], { "#": "3", "0": "s", "2": "b" }),
  shift("without #", [], {}),
  shift("with a # that is no number", [], { "#": "x" }),
  shift("of no number", ["-nx"]),
  { name: "shift without a program", argv: ["shift"], env: FRAME },
  {
    name: "shift in a script",
    argv: ["execlineb", "-c", "shift elgetpositionals printf [%s] $1 $# $@", "a", "b", "c"],
  },
  ...[
    ["ab:", "-a", "-bval", "--", "x", "y"],
    ["ab:", "-a", "-b", "v"],
    ["ab:", "-aab", "c", "d"],
    ["ab:", "x", "-a"],
    ["ab:", "-", "-a"],
    ["ab:", "-z"],
    ["ab:", "-b"],
    ["ab:", "-:"],
    ["ab:", "-a", "-a", "-b", "1", "-b2"],
    ["", "-a"],
    ["a"],
  ].map(([declared, ...words]): Case => ({
    name: `elgetopt ${declared}: ${words.join(" ")}`,
    argv: ["execlineb", "-pc", `elgetopt "${declared}" unexport 0 env -u PATH`, "--", ...words],
    env: { ELGETOPT_z: "old", "ELGETOPT_z:1": "older" },
    unordered: true,
  })),
  { name: "elgetopt -D", argv: ["execlineb", "-pc", "elgetopt -D def ab: printenv ELGETOPT_a", "--", "-a"] },
  { name: "elgetopt without a frame", argv: ["elgetopt", "a", "echo"] },
  { name: "elgetopt with a variable missing", argv: ["elgetopt", "a", "echo"], env: { "#": "1", "0": "s" } },
  { name: "elgetopt without $0", argv: ["elgetopt", "a", "echo"], env: { "#": "1", "1": "x" } },
  { name: "elgetopt without a program", argv: ["elgetopt", "a"], env: { "#": "0", "0": "s" } },
  ...["", "-n", "-0", "-d :", "-n -d :x", "-0 -d :", "-d : -0", "-x"].flatMap((options): Case[] =>
    [["a", "b c", ""], [], ["\xff"]].map((words) => ({
      name: `dollarat ${options} of ${words.length}`,
      argv: [
        "execlineb",
        "-c",
        `dollarat ${options}`,
        "--",
        ...words,
      ],
    }))
  ),
  { name: "dollarat -d ''", argv: ["execlineb", "-c", 'dollarat -n -d ""', "a", "", "b c"] },
  { name: "dollarat without #", argv: ["dollarat"] },
  { name: "dollarat with a variable missing", argv: ["dollarat"], env: { "#": "1" } },
  { name: "dollarat with a # that is no number", argv: ["dollarat"], env: { "#": "x" } },
  ...["-n1 1", "-n1 2", "-rn1 1", "-rn1 2", "-rn1 3", "-n9 1", "-n1 0", "-rn7 0", "1", "-r 0", "x", "-n1 3"].map((
    options,
  ): Case => ({
    name: `runblock ${options}`,
    argv: ["runblock", ...options.split(" "), "printf", "[%s]"],
    env: { "#": "8", "0": "s", "1": "arg", "2": " a", "3": "  b", "4": "", "5": " c", "6": "", "7": "x", "8": "y" },
  })),
  ...["", "-P"].map((option): Case => ({
    name: `runblock ${option} and the environment`,
    argv: ["runblock", ...(option === "" ? [] : [option]), "1", "env", "-u", "PATH"],
    env: { "#": "1", "0": "s", "1": "", "1:1": "outer", "A": "b" },
    unordered: true,
  })),
  { name: "runblock without a number", argv: ["runblock"] },
  {
    name: "runblock with unquoted words, strict",
    argv: ["runblock", "1", "echo"],
    env: { "#": "2", "0": "s", "1": "a", "2": "", EXECLINE_STRICT: "2" },
  },
  {
    name: "a command of blocks written in execline",
    argv: ["execlineb", "-c", "execlineb myif { test 1 = 1 } { echo then } echo else"],
    files: { myif: "ifte { runblock 2 } { runblock -r 2 } runblock 1" },
  },
];
