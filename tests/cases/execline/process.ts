// Rows for cli/execline/process.ts.

import type { Case } from "../../harness.ts";

export const cases: readonly Case[] = [
  { name: "cd", argv: ["cd", "/usr", "pwd"] },
  { name: "cd, relative", argv: ["cd", "d", "cd", "e", "cat", "f"], files: { "d/e/f": "x" } },
  { name: "cd to nowhere", argv: ["cd", "nope", "pwd"] },
  { name: "cd to a file", argv: ["cd", "f", "pwd"], files: { f: "" } },
  { name: "cd without a program", argv: ["cd", "/"] },
  { name: "cd takes no options", argv: ["cd", "--", "pwd"] },
  { name: "execline-cd", argv: ["execline-cd", "/usr", "pwd"] },
  {
    name: "cd and then a relative program",
    argv: ["cd", "d", "./p"],
    files: { "d/p": { content: "#!/bin/sh\npwd -P >/dev/null; echo hi\n", mode: 0o755 } },
  },
  { name: "umask", argv: ["umask", "027", "sh", "-c", "umask; echo >f"], leaves: ["f"] },
  { name: "umask without leading zero", argv: ["umask", "77", "sh", "-c", "umask"] },
  { name: "umask with text behind the digits", argv: ["umask", "022x", "sh", "-c", "umask"] },
  { name: "umask of more than nine bits", argv: ["umask", "10777", "sh", "-c", "umask"] },
  { name: "umask of no number", argv: ["umask", "x", "sh", "-c", "umask"] },
  { name: "umask of nothing", argv: ["umask", "", "sh", "-c", "umask"] },
  { name: "umask without a program", argv: ["umask", "022"] },
  { name: "execline-umask", argv: ["execline-umask", "0", "sh", "-c", "umask"] },
  { name: "exec", argv: ["exec", "printf", "[%s]", "a"] },
  { name: "exec -a", argv: ["exec", "-a", "foo", "sh", "-c", "echo $0"] },
  { name: "exec -l", argv: ["exec", "-l", "sh", "-c", "echo $0"] },
  { name: "exec -l -a", argv: ["exec", "-la", "foo", "sh", "-c", "echo $0"] },
  { name: "exec -c", argv: ["exec", "-c", "env -u PATH"], env: { A: "b" } },
  {
    name: "exec -c with a program of execline",
    argv: ["exec", "-c", "define", "x", "env", "-u", "PATH", "/usr/bin/$x"],
    env: { A: "b" },
  },
  { name: "exec of nothing", argv: ["exec"] },
  { name: "exec of what is not there", argv: ["exec", "nope"] },
  { name: "exec with an unknown option", argv: ["exec", "-z", "echo"] },
  ...["0", "1", "99", "255", "256", "300", "4294967295"].map((code): Case => ({
    name: `exit ${code}`,
    argv: ["exit", code],
  })),
  { name: "exit", argv: ["exit"] },
  { name: "exit of no number", argv: ["exit", "x"] },
  { name: "exit of a negative number", argv: ["exit", "-3"] },
  { name: "exit of nothing", argv: ["exit", ""] },
  { name: "exit of too much", argv: ["exit", "4294967297"] },
  ...["", "-n", "-c", "-l", "-a foo", "-la foo", "-nc", "-nl"].flatMap((options): Case[] =>
    [["sh", "-c", "echo $0 $A"], ["nope"], ["./noshebang"], ["./nointerpreter"], ["./plain"], ["/"], ["define", "x"]]
      .map((words) => ({
        name: `tryexec ${options}: ${words[0]}`,
        argv: [
          "tryexec",
          ...options.split(" ").filter((word) => word !== ""),
          ...words.map((word) => ` ${word}`),
          "",
          "sh",
          "-c",
          "echo fallback $0 $A",
        ],
        env: { A: "b" },
        files: {
          noshebang: { content: "text", mode: 0o755 },
          nointerpreter: { content: "#!/nope\n", mode: 0o755 },
          plain: "#!/bin/sh\n",
        },
      }))
  ),
  { name: "tryexec with an empty block", argv: ["tryexec", "", "echo"], stderr: true },
  { name: "tryexec without a block", argv: ["tryexec", "echo"] },
  { name: "tryexec without a remainder", argv: ["tryexec", " nope", ""] },
  { name: "tryexec -n without a remainder", argv: ["tryexec", "-n", " echo", ""], stderr: true },
  { name: "tryexec of two that are not there", argv: ["tryexec", " nope", "", "nope2"] },
  {
    name: "a failure behind fdmove goes where fdmove says",
    argv: ["fdmove", "-c", "2", "1", "importas", "-i", "x", "X", "true"],
  },
  {
    name: "a file is made even if the chain fails behind it",
    argv: ["redirfd", "-w", "3", "f", "importas", "-i", "x", "X", "true"],
  },
  { name: "a file is made even if the program is not there", argv: ["redirfd", "-w", "2", "f", "nope"], leaves: [] },
  { name: "of two failures the first counts", argv: ["cd", "nope", "importas", "-i", "x", "X", "true"] },
  {
    name: "a file is made even if nothing is left to run",
    argv: ["redirfd", "-w", "3", "f", "define", "-s", "x", "", "$x"],
  },
];
