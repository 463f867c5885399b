// Rows for cli/execline/posix.ts.

import type { Case } from "../../rows/harness.ts";

const PLACES = ["env", "-u", "PATH", "-u", "_"];

export const cases: readonly Case[] = [
  { name: "posix-cd", argv: ["posix-cd", "/usr", "pwd"] },
  { name: "posix-cd without a program", argv: ["posix-cd", "/"] },
  { name: "posix-cd goes home", argv: ["posix-cd"], env: { HOME: "/usr" } },
  { name: "posix-cd without a home", argv: ["posix-cd"] },
  { name: "posix-cd back", argv: ["posix-cd", "-", "pwd"], env: { OLDPWD: "/usr" } },
  { name: "posix-cd back without a place", argv: ["posix-cd", "-", "pwd"] },
  { name: "posix-cd nowhere", argv: ["posix-cd", "nope", "pwd"] },
  { name: "posix-cd with an empty name", argv: ["posix-cd", "", "pwd"] },
  { name: "posix-cd along CDPATH", argv: ["posix-cd", "lib", "pwd"], env: { CDPATH: "/usr:/" } },
  {
    name: "posix-cd into what is here, along CDPATH",
    argv: ["posix-cd", "d", "sh", "-c", "cat f"],
    env: { CDPATH: ":/usr" },
    files: { "d/f": "x" },
  },
  { name: "posix-cd to a path with dots", argv: ["posix-cd", "/usr/../usr/./lib/..", "printenv", "PWD"] },
  {
    name: "posix-cd -L through a link",
    argv: ["cd", "/", "posix-cd", "-L", "bin", "printenv", "PWD"],
    env: { PWD: "/" },
  },
  {
    name: "posix-cd -P through a link",
    argv: ["cd", "/", "posix-cd", "-P", "bin", "printenv", "PWD"],
    env: { PWD: "/" },
  },
  { name: "posix-cd sets both", argv: ["cd", "/usr", "posix-cd", "/etc", ...PLACES], unordered: true },
  { name: "posix-cd with an unknown option", argv: ["posix-cd", "-z", "/", "pwd"] },
  ...["022", "077", "a=rx", "g=u", "+w", "g-w,o+r", "u-x", "go-rwx", "a-w", "-w", "=", "u=o", "9", "z", "022x"]
    .map((mode): Case => ({
      name: `posix-umask ${mode}`,
      argv: ["umask", "022", "posix-umask", "--", mode, "sh", "-c", "umask"],
    })),
  { name: "posix-umask", argv: ["umask", "027", "posix-umask"] },
  { name: "posix-umask -S", argv: ["umask", "027", "posix-umask", "-S"] },
  { name: "posix-umask without a program", argv: ["posix-umask", "077"] },
];
