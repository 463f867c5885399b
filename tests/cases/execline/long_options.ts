// Rows for cli/long_options.ts, where programs of execline take such: redirfd, emptyenv and wait. All of them from 2.9.9.

import type { Case } from "../../rows/harness.ts";

/** What a file has become, and what could be done with the descriptor. */
const TRIED = "cat <&3; echo new >&3; echo $?; cat f";

function redirects(options: string, files: Case["files"] = { f: "old content\n" }): Case {
  return { name: `redirfd ${options}`, argv: ["redirfd", ...options.split(" "), "3", "f", "sh", "-c", TRIED], files };
}

const LITTER = {
  "A": "b",
  "LD_LIBRARY_PATH": "/nope",
  "#": "1",
  "1": "x",
  "ELGETOPT_a": "z",
};

export const cases: readonly Case[] = [
  ...["--read", "--write", "--read --write", "--write --trunc", "--write --append", "--append", "--read --append"].map((
    options,
  ) => redirects(options)),
  ...["-w --no-trunc", "-u --no-read", "-u --no-write", "-r --write", "-r --no-read", "--trunc -r", "-x --no-excl"].map(
    (
      options,
    ) => redirects(options),
  ),
  ...["--write", "--write --create", "--create --excl --read --write", "-w --no-create", "-a --no-create"].map((
    options,
  ) => ({ ...redirects(options, {}), name: `redirfd ${options}, and no file` })),
  ...["--excl --write", "--excl --create --write", "-x"].map((options) => redirects(options)),
  redirects("--nonblock --read"),
  redirects("--block --switch-block --read"),
  { name: "redirfd --open", argv: ["redirfd", "-r", "--open", "fd", "f", "printenv", "fd"], files: { f: "" } },
  {
    name: "redirfd --open --autoimport",
    argv: ["redirfd", "-r", "--open", "--autoimport", "fd", "f", "echo", "$fd"],
    files: { f: "" },
  },
  ...["--keep-path", "--keep-ld-library-path", "--cleanup", "--pop-elgetopt", "--pop-execline"].map((option): Case => ({
    name: `emptyenv ${option}`,
    argv: ["emptyenv", option, "/usr/bin/env", "-u", "PATH"],
    env: LITTER,
    unordered: true,
  })),
  ...["--all", "--one", "--reap", "--timeout=10", "--insist --timeout=10", "--no-insist --timeout=10"].map((
    options,
  ): Case => ({
    name: `wait ${options}`,
    argv: ["background", " sleep", " 0.3", "", "wait", ...options.split(" "), "", "echo", "a"],
  })),
  ...[["redirfd", "--rea"], ["redirfd", "--read=f"], ["redirfd", "-z"], ["emptyenv", "--keep"], ["wait", "--one=1"]]
    .map((
      words,
    ): Case => ({ name: `${words.join(" ")} is wrong`, argv: [...words, "3", "f", "true"], stderr: true })),
];
