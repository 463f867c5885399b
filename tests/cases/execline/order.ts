// Rows for the order in which a chain does what it does: files are read when what comes before has been done, and what cannot
// be executed is told by the program before it.

import type { Case } from "../../rows/harness.ts";

/** Changes files once the chain has begun to do something, and then lets go on what waits for the other end of f. */
const MEANWHILE = "mkfifo f g; { : <g; echo new >d/V; : >d/W; : >f; } &";
const WAITS: readonly string[] = ["redirfd", "-w", "4", "g", "redirfd", "-r", "0", "f"];

function readsLast(name: string, ...words: readonly string[]): Case {
  return {
    name: `${name} reads what is there when a fifo has been opened`,
    argv: ["sh", "-c", `${MEANWHILE} "$@"; code=$?; wait; exit $code`, "sh", ...WAITS, ...words],
    files: { "d/V": "old\n", script: 's6-envdir d importas V V\necho "script" $V' },
    leaves: [],
  };
}

/** Programs that run a command and then go on, or something else that takes a process. */
const BEFORE: readonly string[] = [
  "background { true }",
  "backtick A { true }",
  "fdswap 0 1",
  "foreground { true }",
  "getcwd A",
  "getpid A",
  "heredoc 0 a",
  "if { true }",
  "ifte { nope } { true } true",
  "pipeline { true }",
  "piperw 5 6",
  "posix-cd /",
  "posix-umask 022",
  "s6-setlock l",
  "s6-setsid",
  "wait { }",
  "withstdinas A",
];

export const cases: readonly Case[] = [
  readsLast("s6-envdir", "s6-envdir", "d", "printenv", "V"),
  readsLast("elglob", "elglob", "A", "d/W*", "echo", "$A"),
  readsLast("a glob in multisubstitute", "multisubstitute", " elglob", " A", " d/W*", "", "echo", "$A"),
  readsLast("execlineb", "execlineb", "script"),
  readsLast("eltest", "eltest", "-e", "d/W"),
  readsLast("a test in a block", "foreground", " eltest", " -e", " d/W", "", "printenv", "?"),
  ...BEFORE.map((words): Case => {
    const [name = ""] = words.split(" ");
    return {
      name: `what cannot be executed behind ${words} is told by ${name}`,
      argv: ["execlineb", "-Pc", `umask 022 ${words.includes("nope") ? words : `${words} nope`}`],
      tells: `${name}: fatal: unable to exec nope: No such file or directory`,
      leaves: [],
    };
  }),
];
