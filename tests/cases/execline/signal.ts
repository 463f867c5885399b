// Rows for cli/execline/signal.ts.

import type { Case } from "../../rows/harness.ts";

function block(...words: readonly string[]): string[] {
  return [...words.map((word) => ` ${word}`), ""];
}

/** The words behind children that end in these ways. */
function after(...argv: string[]): string[] {
  return ["background", ...block("sh", "-c", "exit 3"), ...argv];
}

/** A trap whose program sends itself on when the handler has left its mark. */
function trapped(name: string, directives: readonly string[], shell: string, ...options: string[]): Case {
  return {
    name: `trap: ${name}`,
    argv: ["trap", ...options, ...directives.map((word) => ` ${word}`), "", "sh", "-c", shell],
    leaves: [],
  };
}

const MARK = ["  sh", "  -c", "  echo caught $SIGNAL; touch mark", " "].map((word) => word.slice(1));
// Bounded: a handler that never comes must not leave a busy process behind.
const UNTIL_MARK = "n=0; until test -e mark || test $n = 500; do sleep 0.05; n=$((n + 1)); done";

export const cases: readonly Case[] = [
  { name: "wait for all children", argv: after("wait", "", "echo", "a") },
  { name: "wait for nobody", argv: ["wait", "", "echo", "a"] },
  { name: "wait does not set ?", argv: after("unexport", "!", "wait", "", "env", "-u", "PATH") },
  { name: "wait -o sets ?", argv: after("wait", "-o", "", "printenv", "?") },
  {
    name: "wait -o sets !",
    argv: after("importas", "p", "!", "wait", "-o", "", "sh", "-c", "test $p = $(printenv !)"),
  },
  { name: "wait -o with nobody there", argv: ["wait", "-o", "", "env", "-u", "PATH"], env: { "?": "4", "!": "5" } },
  { name: "wait for a pid", argv: after("importas", "p", "!", "wait", " $p", "", "echo", "a") },
  { name: "wait for a pid and end with its code", argv: after("importas", "p", "!", "wait", "$p") },
  { name: "wait for a pid that is no child", argv: ["wait", " 999999", "", "echo", "a"] },
  { name: "wait without a block for a pid that is no child", argv: ["wait", "999999"] },
  { name: "wait without anything", argv: ["wait"] },
  { name: "wait for no number", argv: ["wait", " x", "", "echo"] },
  { name: "wait -r for one that runs", argv: ["background", ...block("sleep", "1"), "wait", "-r", "", "echo", "a"] },
  {
    name: "wait -i -r for one that runs",
    argv: ["background", ...block("sleep", "1"), "wait", "-ir", "", "echo", "a"],
  },
  {
    name: "wait -t for one that runs",
    argv: ["background", ...block("sleep", "1"), "wait", "-t", "20", "", "echo", "a"],
  },
  {
    name: "wait -i -t for one that runs",
    argv: ["background", ...block("sleep", "1"), "wait", "-it", "20", "", "echo", "a"],
  },
  { name: "wait -t for one that ends in time", argv: after("wait", "-i", "-t", "20000", "", "echo", "a") },
  {
    name: "wait -o and a death by signal",
    argv: ["background", ...block("sh", "-c", "kill -9 $$"), "wait", "-o", "", "printenv", "?"],
  },
  {
    name: "wait -o and a large code",
    argv: ["background", ...block("sh", "-c", "exit 200"), "wait", "-o", "", "printenv", "?"],
  },
  {
    name: "wait -i -I -t for one that runs",
    argv: ["background", ...block("sleep", "1"), "wait", "-iIt", "20", "", "echo", "a"],
  },
  { name: "wait -o -a", argv: after("unexport", "!", "wait", "-oa", "", "env", "-u", "PATH") },
  { name: "wait -t of no number", argv: ["wait", "-t", "x", "", "echo"] },
  {
    name: "trap -t runs the command of timeout until the program ends",
    argv: ["trap", "-t", "10", " timeout", "  sh", "  -c", "  echo late; touch mark", " ", "", "sh", "-c", UNTIL_MARK],
    leaves: ["mark"],
    exception: "removed in 2.7",
    expect: { code: 0, files: { mark: "644 file " } },
  },
  {
    name: "trap without -t never runs the command of timeout",
    argv: ["trap", " timeout", "  echo", "  late", " ", "", "sleep", "0.05"],
    exception: "removed in 2.7",
    expect: { stdout: "", code: 0 },
  },
  {
    name: "trap -t of no number",
    argv: ["trap", "-t", "x", " timeout", " ", "", "true"],
    expect: { stdout: "", code: 100 },
    exception: "removed in 2.7",
  },
  { name: "wait with an unknown option", argv: ["wait", "-z", "", "echo"] },
  trapped("by name", ["TERM", ...MARK], `kill $PPID; ${UNTIL_MARK}; exit 7`),
  trapped("by name with SIG in small letters", ["sigterm", ...MARK], `kill $PPID; ${UNTIL_MARK}; exit 7`),
  trapped("by number", ["15", ...MARK], `kill $PPID; ${UNTIL_MARK}; exit 7`),
  trapped("a realtime signal", ["40", ...MARK], `kill -40 $PPID; ${UNTIL_MARK}`),
  trapped("default", ["default", ...MARK], `kill -USR1 $PPID; ${UNTIL_MARK}`),
  trapped(
    "a directive goes before the default",
    ["default", " true", "", "HUP", ...MARK],
    `kill -HUP $PPID; ${UNTIL_MARK}`,
  ),
  trapped(
    "the pid of the program",
    ["TERM", " sh", " -c", " printenv ! >pid; touch mark", ""],
    `kill $PPID; ${UNTIL_MARK}; test $(cat pid) = $$`,
  ),
  trapped("an empty handler", ["TERM", ""], "kill $PPID; exit 200"),
  trapped("an untrapped signal", ["HUP", ...MARK], "kill $PPID; while kill -0 $PPID 2>/dev/null; do :; done"),
  trapped("forwarded", ["HUP", ...MARK], "trap 'echo term; exit 4' TERM; kill $PPID; while :; do :; done", "-x"),
  trapped("the program is killed", ["HUP", ...MARK], "kill -9 $$"),
  trapped("a handler that is not there", ["TERM", " nope", ""], "kill $PPID; exit 3"),
  trapped("KILL", ["KILL", ""], "true"),
  trapped("CHLD", ["CHLD", ""], "true"),
  trapped("STOP", ["19", ""], "true"),
  trapped("an unknown signal", ["FOO", ""], "true"),
  trapped("a number too large", ["99", ""], "true"),
  trapped("a signal twice", ["TERM", "", "15", ""], "true"),
  trapped("no directive", [], "true"),
  trapped("a directive without its block", ["TERM"], "true"),
  { name: "trap without a program", argv: ["trap", " TERM", " ", ""] },
  { name: "trap of a program that is not there", argv: ["trap", " TERM", " ", "", "nope"] },
];
