// Rows for cli/execline/environment.ts.

import type { Case } from "../../rows/harness.ts";

function env(name: string, argv: readonly string[], given: Record<string, string> = {}): Case {
  return { name, argv, env: given, unordered: true };
}

const LITTER = {
  "#": "1",
  "0": "s",
  "1": "a",
  "1:1": "b",
  "#:1": "2",
  "2:2": "c",
  "9x": "d",
  "1:x": "e",
  "?": "0",
  "!": "7",
  "ELGETOPT_a": "1",
  "ELGETOPT_a:1": "2",
  "ELGETOPT": "3",
  "FD0": "4",
  "FDx": "5",
  "EXECLINE_STRICT": "0",
  "EXECLINE": "6",
  "SIGNAL": "15",
  "?a": "8",
  "A": "B",
};

export const cases: readonly Case[] = [
  env("export sets a variable", ["export", "A", "b c", "env", "-u", "PATH"]),
  env("export replaces a variable", ["export", "A", "b", "env", "-u", "PATH"], { A: "x" }),
  env("export of an empty value", ["export", "A", "", "env", "-u", "PATH"]),
  env("export of bytes", ["export", "A", "\xff", "env", "-u", "PATH"]),
  env("export of a name with =", ["export", "A=b", "c", "env", "-u", "PATH"]),
  env("export takes no options", ["export", "--", "c", "env", "-u", "PATH"]),
  env("export without a program", ["export", "A", "b"]),
  env("export of a name that substitution knows", ["export", "#", "b", "env", "-u", "PATH"]),
  env("unexport removes a variable", ["unexport", "A", "env", "-u", "PATH"], { A: "x", B: "y" }),
  env("unexport of nothing", ["unexport", "A", "env", "-u", "PATH"]),
  env("unexport of a name with =", ["unexport", "A=b", "env", "-u", "PATH"]),
  env("unexport without a program", ["unexport", "A"]),
  env("emptyenv", ["emptyenv", "/usr/bin/env"], LITTER),
  env("emptyenv and no PATH", ["emptyenv", "env", "-u", "PATH"], LITTER),
  env("emptyenv -p", ["emptyenv", "-p", "env", "-u", "PATH"], LITTER),
  env("emptyenv -c", ["emptyenv", "-c", "env -u PATH"], LITTER),
  env("emptyenv -o", ["emptyenv", "-o", "env", "-u", "PATH"], LITTER),
  env("emptyenv -P", ["emptyenv", "-P", "env", "-u", "PATH"], LITTER),
  env("emptyenv -o -P", ["emptyenv", "-oP", "env", "-u", "PATH"], LITTER),
  env("emptyenv -p -c", ["emptyenv", "-pc", "env", "-u", "PATH"], LITTER),
  env("emptyenv -c -P", ["emptyenv", "-cP", "env", "-u", "PATH"], LITTER),
  {
    ...env("emptyenv -l", ["emptyenv", "-l", "/usr/bin/env"], { LD_LIBRARY_PATH: "/nope", A: "b" }),
    exception: "new in 2.9.8",
    expect: { stdout: "LD_LIBRARY_PATH=/nope\n", code: 0 },
  },
  {
    ...env("emptyenv -p -l", ["emptyenv", "-pl", "sh", "-c", 'echo "${PATH:+p}" $LD_LIBRARY_PATH'], {
      LD_LIBRARY_PATH: "/nope",
    }),
    exception: "new in 2.9.8",
    expect: { stdout: "p /nope\n", code: 0 },
  },
  env("getcwd -E -e", ["cd", "/", "getcwd", "-E", "-e", "d", "printenv", "d"]),
  env("getpid -E -e", ["getpid", "-E", "-e", "p", "sh", "-c", "test $p = $$"]),
  env("getpid -P -p", ["getpid", "-P", "-p", "p", "sh", "-c", "test $p = $$"]),
  env("emptyenv without a program", ["emptyenv", "-p"]),
  env("emptyenv with an unknown option", ["emptyenv", "-z", "env", "-u", "PATH"]),
  env("getcwd -E", ["cd", "/usr/lib", "getcwd", "-E", "d", "printf", "[%s]", "$d"]),
  env("getcwd", ["cd", "/", "getcwd", "d", "env", "-u", "PATH"]),
  env("getcwd of a name with =", ["getcwd", "A=", "env", "-u", "PATH"]),
  env("getcwd without a program", ["getcwd", "d"]),
  env("getpid gives the program's own pid", ["getpid", "p", "sh", "-c", "test $p = $$"]),
  env("getpid -E gives it as a word", ["getpid", "-E", "p", "sh", "-c", "test $p = $$"]),
  env("getpid -E removes the variable", ["getpid", "-E", "p", "printenv", "p"], { p: "x" }),
  env("getpid -P gives the parent's", ["getpid", "-P", "p", "sh", "-c", "test $p = $PPID"]),
  env("getpid of a name with =", ["getpid", "A=", "env", "-u", "PATH"]),
  env("getpid of an empty name", ["getpid", "", "env", "-u", "PATH"]),
  env("getcwd of an empty name", ["getcwd", "", "env", "-u", "PATH"]),
  env("export of an empty name", ["export", "", "a", "env", "-u", "PATH"]),
  env("unexport of an empty name", ["export", "", "a", "unexport", "", "env", "-u", "PATH"]),
];
