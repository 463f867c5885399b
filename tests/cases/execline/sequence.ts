// Rows for cli/execline/sequence.ts.

import type { Case } from "../../rows/harness.ts";

function block(...words: readonly string[]): string[] {
  return [...words.map((word) => ` ${word}`), ""];
}

const ENDS: Readonly<Record<string, readonly string[]>> = {
  "exits 0": ["true"],
  "exits 7": ["sh", "-c", "exit 7"],
  "exits 200": ["sh", "-c", "exit 200"],
  "is killed": ["sh", "-c", "kill -9 $$"],
  "is not there": ["nope"],
  "may not be executed": ["./f"],
  "is empty": [],
};

export const cases: readonly Case[] = [
  ...Object.entries(ENDS).map(([how, words]): Case => ({
    name: `foreground: the command ${how}`,
    argv: ["foreground", ...block(...words), "printenv", "?"],
    files: { f: "" },
  })),
  { name: "foreground without rest", argv: ["foreground", ...block("sh", "-c", "exit 3")] },
  { name: "foreground without a block", argv: ["foreground", "a"], stderr: true },
  { name: "foreground of nothing", argv: ["foreground"], stderr: true },
  { name: "foreground nested", argv: ["execlineb", "-Pc", "foreground { foreground { echo a } echo b } echo c"] },
  {
    name: "foreground of a chain",
    argv: ["execlineb", "-Pc", 'foreground { define x y cd /usr export A $x sh -c "pwd; echo $A" } pwd'],
    leaves: [],
    unordered: true,
    exception: "pwd prints the row's own directory",
    expect: { code: 0 },
  },
  {
    name: "foreground keeps the environment to itself",
    argv: ["execlineb", "-Pc", 'foreground { export A b true } sh -c "echo [$A]"'],
  },
  {
    name: "foreground keeps the umask to itself",
    argv: ["execlineb", "-Pc", "umask 022 foreground { umask 077 true } sh -c umask"],
  },
  { name: "foreground takes no options", argv: ["foreground", "--", " true", "", "echo", "a"] },
  {
    name: "background gives the pid",
    argv: [
      "background",
      ...block("sh", "-c", "echo $$ >f"),
      "sh",
      "-c",
      "wait; while ! test -s f; do sleep 0.05; done; read p <f; test $p = $(printenv !)",
    ],
    leaves: [],
  },
  { name: "background of what is not there", argv: ["background", ...block("nope"), "echo", "a"] },
  ...["background", "pipeline", "pipeline -w"].map((way) => ({
    name: `${way} does not wait for a command that waits`,
    // The one opens the fifo for the other, if the other gets so far.
    argv: ["execlineb", "-Pc", `foreground { mkfifo f } ${way} { redirfd -r 3 f cat } redirfd -w 3 f echo done`],
  })),
  {
    name: "foreground, if and wait where the caller ignores CHLD",
    argv: [
      "perl",
      "-e",
      '$SIG{CHLD} = "IGNORE"; exec @ARGV',
      "execlineb",
      "-Pc",
      "foreground { echo a } if { true } background { true } wait { } backtick -E b { echo b } echo $b",
    ],
    exception: "the original fails: nobody tells it how a child ends",
    expect: { stdout: "a\nb\n", code: 0 },
  },
  { name: "background of nothing", argv: ["background", ...block(), "echo", "a"] },
  { name: "background without rest", argv: ["background", ...block("true")] },
  { name: "background without a block", argv: ["background", "a"], stderr: true },
  { name: "background with an unknown option", argv: ["background", "-z", ...block("true"), "echo"] },
  {
    name: "background -d leaves no child behind",
    argv: [
      "background",
      "-d",
      ...block("sh", "-c", "echo $$ >g; mv g f"),
      "sh",
      "-c",
      "while ! test -s f; do sleep 0.05; done; read p <f; test $p = $(printenv !)",
    ],
    leaves: [],
  },
  { name: "pipeline", argv: ["pipeline", ...block("printf", "a\nb\n"), "cat"] },
  { name: "pipeline -r", argv: ["pipeline", "-r", ...block("echo", "a"), "sed", "s/^/x/"] },
  {
    name: "pipeline -w",
    argv: [
      "pipeline",
      "-w",
      ...block("sh", "-c", "cat >f; mv f g"),
      "sh",
      "-c",
      "echo a; exec >&-; while ! test -e g; do sleep 0.05; done",
    ],
  },
  { name: "the last of -r -w counts", argv: ["pipeline", "-w", "-r", ...block("echo", "a"), "cat"] },
  { name: "pipelines in a row", argv: ["execlineb", "-Pc", "pipeline { echo a } pipeline { sed s/^/x/ } sed s/^/y/"] },
  {
    name: "pipeline gives the pid",
    argv: ["pipeline", ...block("sh", "-c", "echo $$"), "sh", "-c", "read p; test $p = $(printenv !)"],
  },
  { name: "pipeline of what is not there", argv: ["pipeline", ...block("nope"), "cat"] },
  {
    name: "pipeline ends with the second command's code",
    argv: ["pipeline", ...block("sh", "-c", "exit 3"), "sh", "-c", "exit 4"],
  },
  { name: "pipeline without a block", argv: ["pipeline", "a"], stderr: true },
  { name: "pipeline without rest", argv: ["pipeline", ...block("true")] },
  { name: "pipeline of nothing", argv: ["pipeline", "", "sh", "-c", 'cat; test -n "$(printenv !)"'] },
  { name: "pipeline -w of nothing", argv: ["pipeline", "-w", "", "true"] },
  { name: "pipeline -d of nothing", argv: ["pipeline", "-d", "", "cat"] },
  { name: "pipeline -d", argv: ["pipeline", "-d", ...block("echo", "a"), "cat"] },
  {
    name: "pipeline -d -w",
    argv: [
      "pipeline",
      "-dw",
      ...block("sh", "-c", "cat >f; mv f g"),
      "sh",
      "-c",
      "echo a; exec >&-; while ! test -e g; do sleep 0.05; done",
    ],
  },
  {
    name: "a writer whose reader is gone dies",
    argv: ["pipeline", ...block("sh", "-c", "trap '' PIPE; sleep 0; echo a"), "true"],
  },
  { name: "pipeline of an empty block", argv: ["execlineb", "-Pc", "pipeline { } importas p ! eltest $p -gt 1"] },
  { name: "pipeline -d of an empty block", argv: ["execlineb", "-Pc", "pipeline -d { } cat"] },
  { name: "pipeline -w to an empty block", argv: ["execlineb", "-Pc", "pipeline -w { } true"] },
];
