// Rows for cli/execline/descriptor.ts.

import type { Case } from "../../harness.ts";

function open(name: string, letters: string, shell: string, files: Case["files"] = { f: "old\n" }): Case {
  return {
    name: `redirfd ${letters}: ${name}`,
    argv: ["redirfd", ...letters.split(" "), "3", "f", "sh", "-c", shell],
    files: files!,
  };
}

const TO_3 = "echo new >&3";

export const cases: readonly Case[] = [
  open("reads", "-r", "cat <&3"),
  open("of what is not there", "-r", "cat <&3", {}),
  open("truncates", "-w", TO_3),
  open("creates", "-w", TO_3, {}),
  open("cannot be read", "-w", "cat <&3"),
  open("appends", "-a", TO_3),
  open("creates to append", "-a", TO_3, {}),
  open("reads and writes", "-u", "cat <&3; " + TO_3),
  open("does not create", "-u", TO_3, {}),
  open("creates exclusively", "-x", TO_3, {}),
  open("does not replace", "-x", TO_3),
  open("of a directory", "-w", TO_3, { f: { directory: 0o755 } }),
  open("non-blocking", "-r -n", "cat <&3"),
  open("and back to blocking", "-rnb", "cat <&3"),
  {
    ...open("appends", "-c", TO_3),
    exception: "removed in 2.6",
    expect: { code: 0, files: { f: "644 file old\nnew\n" } },
  },
  { ...open("does not create", "-c", TO_3, {}), exception: "removed in 2.6", expect: { code: 111, files: {} } },
  {
    ...open("blocking after all", "-r -n -N", "grep flags /proc/self/fdinfo/3"),
    exception: "new in 2.9.9",
    expect: { code: 0, stdout: "flags:\t0100000\n" },
  },
  {
    name: "redirfd -f gives the number of the descriptor",
    argv: ["redirfd", "-r", "3", "f", "redirfd", "-rf", "n", "f", "fdclose", "3", "sh", "-c", "echo $n; cat <&$n"],
    files: { f: "x\n" },
    exception: "new in 2.9.9",
    expect: { code: 0, stdout: "4\nx\n" },
  },
  {
    name: "redirfd -f takes a number that fdclose left",
    argv: ["fdclose", "0", "redirfd", "-rf", "n", "f", "sh", "-c", "echo $n; cat"],
    files: { f: "x\n" },
    exception: "new in 2.9.9",
    expect: { code: 0, stdout: "0\nx\n" },
  },
  {
    name: "redirfd -f -E writes it into the command line",
    argv: ["redirfd", "-rfE", "n", "f", "fdmove", "0", "$n", "sh", "-c", "cat; echo ${n-unset}"],
    files: { f: "x\n" },
    exception: "new in 2.9.9",
    expect: { code: 0, stdout: "x\nunset\n" },
  },
  {
    name: "redirfd -f -E -e",
    argv: ["redirfd", "-rfEe", "n", "f", "printenv", "n"],
    files: { f: "x\n" },
    exception: "new in 2.9.9",
    expect: { code: 0, stdout: "3\n" },
  },
  {
    name: "redirfd -f of a name with =",
    argv: ["redirfd", "-rf", "a=b", "f", "true"],
    files: { f: "" },
    exception: "new in 2.9.9",
    expect: { code: 100, stdout: "" },
  },
  { name: "redirfd obeys the umask", argv: ["umask", "077", "redirfd", "-w", "1", "f", "echo", "a"] },
  { name: "redirfd without a letter", argv: ["redirfd", "3", "f", "echo"] },
  { name: "redirfd of no number", argv: ["redirfd", "-r", "x", "f", "echo"], files: { f: "" } },
  { name: "redirfd without a program", argv: ["redirfd", "-r", "3", "f"], files: { f: "" } },
  { name: "the last letter counts", argv: ["redirfd", "-w", "-r", "0", "f", "cat"], files: { f: "x" } },
  { name: "redirfd to standard output", argv: ["redirfd", "-w", "1", "f", "echo", "a"] },
  { name: "redirfd to standard input", argv: ["redirfd", "-r", "0", "f", "cat"], files: { f: "x" } },
  {
    name: "redirfd in a directory",
    argv: ["cd", "d", "redirfd", "-w", "1", "f", "echo", "a"],
    files: { d: { directory: 0o755 } },
  },
  {
    name: "redirfd -w of a fifo that nobody reads, -n",
    argv: ["foreground", " mkfifo", " f", "", "redirfd", "-wn", "5", "f", "echo", "a"],
  },
  {
    name: "redirfd -r of a fifo that nobody writes, -n",
    argv: ["foreground", " mkfifo", " f", "", "redirfd", "-rn", "0", "f", "cat"],
  },
  {
    name: "redirfd -r of a fifo that nobody writes, -nb, then both",
    argv: [
      "foreground",
      " mkfifo",
      " f",
      "",
      "redirfd",
      "-rnb",
      "0",
      "f",
      "redirfd",
      "-w",
      "4",
      "f",
      "sh",
      "-c",
      "echo hi >&4; exec 4>&-; cat",
    ],
  },
  { name: "fdmove -c", argv: ["fdmove", "-c", "2", "1", "sh", "-c", "echo a >&2; echo b"] },
  { name: "fdmove", argv: ["fdmove", "3", "1", "sh", "-c", "echo a >&3; echo b"] },
  { name: "fdmove onto itself", argv: ["fdmove", "1", "1", "echo", "a"] },
  { name: "fdmove -c onto itself", argv: ["fdmove", "-c", "1", "1", "echo", "a"] },
  { name: "fdmove from what is closed", argv: ["fdmove", "3", "9", "echo", "a"] },
  {
    name: "fdmove swaps by three moves",
    argv: ["fdmove", "3", "1", "fdmove", "1", "2", "fdmove", "2", "3", "sh", "-c", "echo a >&2; echo b"],
  },
  { name: "fdmove of no number", argv: ["fdmove", "x", "1", "echo"] },
  { name: "fdmove without a program", argv: ["fdmove", "3", "1"] },
  { name: "fdclose", argv: ["fdclose", "1", "sh", "-c", "echo a; echo b >&2"] },
  { name: "fdclose of what is closed", argv: ["fdclose", "9", "echo", "a"] },
  { name: "fdclose of no number", argv: ["fdclose", "x", "echo", "a"] },
  { name: "fdclose without a program", argv: ["fdclose", "3"] },
  {
    name: "a file opened before the directory changes",
    argv: ["redirfd", "-r", "0", "f", "cd", "d", "redirfd", "-w", "1", "g", "cat"],
    files: { f: "x", "d/h": "" },
  },
  {
    name: "descriptors kept across a fork",
    argv: ["redirfd", "-w", "5", "f", "foreground", " sh", " -c", " echo a >&5", "", "sh", "-c", "echo b >&5"],
  },
  {
    name: "a descriptor closed across a fork",
    argv: ["redirfd", "-w", "5", "f", "fdclose", "5", "foreground", " sh", " -c", " echo a >&5", "", "echo", "b"],
  },
  {
    name: "standard output to a file across a fork",
    argv: ["redirfd", "-w", "1", "f", "foreground", " echo", " a", "", "echo", "b"],
  },
  { name: "fdswap", argv: ["redirfd", "-w", "5", "f", "fdswap", "1", "5", "sh", "-c", "echo a; echo b >&5"] },
  { name: "fdswap of standard output and error", argv: ["fdswap", "1", "2", "sh", "-c", "echo a; echo b >&2"] },
  { name: "fdswap of one", argv: ["fdswap", "1", "1", "echo", "a"] },
  { name: "fdswap of what is closed", argv: ["fdswap", "1", "9", "echo", "a"] },
  { name: "fdswap of no number", argv: ["fdswap", "1", "x", "echo", "a"] },
  { name: "fdswap without a program", argv: ["fdswap", "1", "2"] },
  { name: "fdblock", argv: ["fdblock", "0", "cat"], stdin: "a" },
  { name: "fdblock -n", argv: ["fdblock", "-n", "1", "echo", "a"] },
  {
    name: "fdblock -n is seen by what follows",
    argv: ["redirfd", "-r", "5", "f", "fdblock", "-n", "5", "sh", "-c", "grep flags /proc/self/fdinfo/5"],
    files: { f: "" },
  },
  { name: "fdblock of what is closed", argv: ["fdblock", "9", "echo", "a"] },
  { name: "fdblock of no number", argv: ["fdblock", "x", "echo", "a"] },
  { name: "fdblock without a program", argv: ["fdblock", "0"] },
  { name: "fdreserve", argv: ["fdreserve", "3", "sh", "-c", "echo $FD0 $FD1 $FD2"] },
  {
    name: "fdreserve passes over what is open",
    argv: ["redirfd", "-w", "4", "f", "fdclose", "0", "fdreserve", "3", "sh", "-c", "echo $FD0 $FD1 $FD2"],
  },
  { name: "fdreserve 0", argv: ["fdreserve", "0", "echo", "a"] },
  { name: "fdreserve of no number", argv: ["fdreserve", "x", "echo"] },
  { name: "fdreserve without a program", argv: ["fdreserve", "1"] },
  { name: "piperw", argv: ["piperw", "3", "4", "sh", "-c", "echo a >&4; exec 4>&-; cat <&3"] },
  {
    name: "piperw onto standard output",
    argv: ["piperw", "5", "1", "sh", "-c", "echo a; exec >&-; cat <&5 >&2"],
    stderr: true,
  },
  { name: "piperw of one number", argv: ["piperw", "4", "4", "echo"] },
  { name: "piperw without a program", argv: ["piperw", "3", "4"] },
  {
    name: "fdreserve and piperw",
    argv: [
      "execlineb",
      "-Pc",
      "fdreserve 2 multisubstitute { importas r FD0 importas w FD1 } piperw $r $w background { fdclose $r fdmove 1 $w echo a } fdclose $w fdmove 0 $r cat",
    ],
  },
  { name: "fdswap of a closed descriptor with itself", argv: ["fdswap", "4", "4", "echo", "a"] },
  // What a script has on the numbers that a pipe of ours could get.
  ...[
    "heredoc 0 hello cat",
    "backtick a { echo hello } printenv a",
    "pipeline { echo hello } cat",
    "pipeline -d { echo hello } cat",
    "forbacktickx a { echo hello } printenv a",
    "piperw 5 6 foreground { fdmove 1 6 echo hello } fdclose 6 fdmove 0 5 cat",
  ].flatMap((program): Case[] =>
    ["redirfd -w 3 f redirfd -w 4 g", "fdclose 3 fdclose 4", "redirfd -w 3 f redirfd -w 4 g fdclose 3 fdclose 4"].map((
      before,
    ) => ({ name: `${before} ${program}`, argv: ["execlineb", "-Pc", `${before} ${program}`] }))
  ),
];
