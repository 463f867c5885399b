// Rows for cli/execline/process.ts.

import type { Case } from "../../rows/harness.ts";

/** An executable of the 64-bit kind, nothing in it but the name of a program interpreter. */
function elf(interpreter: string): string {
  const little = (value: number, size: number): string =>
    Array.from({ length: size }, (_, at) => String.fromCharCode(at < 4 ? (value >>> (8 * at)) & 255 : 0)).join("");
  const machine = Deno.build.arch === "aarch64" ? 183 : 62;
  const name = `${interpreter}\0`;
  const header = "\x7fELF\x02\x01\x01".padEnd(16, "\0") + little(2, 2) + little(machine, 2) + little(1, 4) +
    little(64, 8) + little(64, 8) + little(0, 8) + little(0, 4) + little(64, 2) + little(56, 2) + little(1, 2) +
    little(0, 6);
  const named = little(3, 4) + little(4, 4) + little(120, 8) + little(0, 16) + little(name.length, 8) +
    little(name.length, 8) + little(1, 8);
  return header + named + name;
}

const UNRUNNABLE = {
  elf: { content: elf("/nope"), mode: 0o755 },
  broken: { content: "\x7fELF and no more", mode: 0o755 },
  indirect: { content: "#!./plain\n", mode: 0o755 },
  directory: { content: "#!/\n", mode: 0o755 },
  crlf: { content: "#!/bin/sh\r\n", mode: 0o755 },
  empty: { content: "", mode: 0o755 },
  busy: { content: "#!/bin/sh\necho busy\n", mode: 0o755 },
  plain: "#!/bin/sh\n",
};

const unrunnable: readonly Case[] = Object.keys(UNRUNNABLE).flatMap((name): Case[] =>
  [
    { name: `tryexec of a file that cannot run: ${name}`, argv: ["tryexec", ` ./${name}`, "", "echo", "fallback"] },
    { name: `tryexec -n of a file that cannot run: ${name}`, argv: ["tryexec", "-n", " echo", " a", "", `./${name}`] },
    { name: `exec of a file that cannot run: ${name}`, argv: ["exec", `./${name}`] },
    { name: `foreground of a file that cannot run: ${name}`, argv: ["foreground", ` ./${name}`, "", "printenv", "?"] },
    {
      name: `foreground of tryexec of a file that cannot run: ${name}`,
      argv: ["foreground", " tryexec", `  ./${name}`, " ", " echo", " fallback", "", "printenv", "?"],
    },
  ].map((row) => ({ ...row, argv: ["redirfd", "-a", "9", "busy", ...row.argv], files: UNRUNNABLE }))
);

export const cases: readonly Case[] = [
  ...unrunnable,
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
  {
    name: "tryexec leaves descriptors alone where it cannot execute",
    argv: [
      ...["redirfd", "-w", "5", "f", "redirfd", "-w", "4", "g", "fdclose", "3", "tryexec", " ./broken", ""],
      ...["fdmove", "6", "4", "sh", "-c", "echo a >&5; echo b >&6; ls /proc/self/fd | wc -l"],
    ],
    files: UNRUNNABLE,
  },
  {
    name: "tryexec of a chain that fails further on",
    argv: ["tryexec", " define", " x", " y", " nope", "", "echo", "fallback"],
  },
  {
    name: "tryexec in tryexec",
    argv: ["tryexec", " tryexec", "  nope", " ", " nope", "", "echo", "fallback"],
  },
  {
    name: "tryexec of a program that a step keeps from starting",
    argv: ["cd", "nope", "tryexec", " echo", "", "echo"],
  },
  {
    name: "tryexec -c falls back into the whole environment",
    argv: ["tryexec", "-c", " nope", "", "printenv", "A"],
    env: { A: "b" },
  },
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
    name: "a warning behind fdmove goes where fdmove says",
    argv: ["fdmove", "-c", "2", "1", "execlineb", "-S2", "-c", "printf [%s] $2", "a"],
    stderr: true,
  },
  {
    name: "a warning behind redirfd goes into the file",
    argv: ["redirfd", "-w", "2", "f", "redirfd", "-w", "7", "g", "execlineb", "-S2", "-c", 'sh -c "echo a >&7"', "a"],
    stderr: true,
  },
  {
    name: "a warning behind a failure is not given",
    argv: ["execline-cd", "nope", "execlineb", "-S2", "-c", "printf [%s] $2", "a"],
    stderr: true,
  },
  {
    name: "warnings go where each of them is led",
    argv: [
      ...["shift", "-n", "2", "fdmove", "3", "2", "redirfd", "-w", "2", "f", "shift", "-n", "3"],
      ...["fdmove", "2", "3", "shift", "-n", "4", "true"],
    ],
    env: { "#": "0", EXECLINE_STRICT: "1" },
    stderr: true,
  },
  {
    name: "a warning behind fdclose is lost",
    argv: ["fdclose", "2", "execlineb", "-S2", "-c", "printf [%s] $2", "a"],
    stderr: true,
  },
  {
    name: "a warning in a block goes where the block says",
    argv: ["foreground", " fdmove", " -c", " 2", " 1", " execlineb", " -S1", " -c", " echo a", "", "echo", "b"],
    stderr: true,
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
