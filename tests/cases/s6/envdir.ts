// Rows for cli/s6/envdir.ts.

import type { Case } from "../../rows/harness.ts";

const DIRECTORY = {
  "d/PLAIN": "plain",
  "d/LINES": "one\ntwo\n",
  "d/BLANKS": "  led and trailed \t \n",
  "d/REMOVED": "",
  "d/EMPTY": "\n",
  "d/NUL": "a\0b\n",
  "d/NULEND": "a\0 \n",
  "d/CR": "cr\r\n",
  "d/BYTES": "\xe9\xff\x80\n",
  "d/.HIDDEN": "x",
  "d/A=B": "x",
};

/** The environment that comes out, in order of the names: the directory's own order is up to the file system. */
function read(name: string, options: readonly string[], files: Case["files"] = DIRECTORY): Case {
  return {
    name,
    argv: ["s6-envdir", ...options, "d", "sh", "-c", "env -0 | grep -zvE '^(PATH|PWD)=' | sort -z"],
    env: { REMOVED: "here", EMPTY: "here", OTHER: "stays" },
    files,
  };
}

const LONG = { "d/LONG": "x".repeat(5000) + "\n" };

export const cases: readonly Case[] = [
  read("s6-envdir takes the first line, trimmed", []),
  read("s6-envdir -n does not trim", ["-n"]),
  read("s6-envdir -f takes the whole file", ["-f"]),
  read("s6-envdir -fn takes all of it", ["-f", "-n"]),
  read("s6-envdir -c sets what stands for a NUL", ["-c", "%"]),
  read("s6-envdir cuts a value at 4095 bytes", [], LONG),
  read("s6-envdir -f cuts it too", ["-f"], LONG),
  {
    name: "s6-envdir -L does not cut",
    argv: ["s6-envdir", "-L", "d", "printenv", "LONG"],
    files: LONG,
    exception: "the original (2.11.3) loses the value",
    expect: { stdout: "x".repeat(5000) + "\n", code: 0 },
  },
  { name: "s6-envdir of a directory that is missing", argv: ["s6-envdir", "d", "echo", "x"], stderr: true },
  { name: "s6-envdir -I goes on without it", argv: ["s6-envdir", "-I", "d", "echo", "x"], stderr: true },
  { name: "s6-envdir -Ii does not", argv: ["s6-envdir", "-Ii", "d", "echo", "x"], stderr: true },
  { name: "s6-envdir -I of a file", argv: ["s6-envdir", "-I", "f", "echo", "x"], files: { f: "" }, stderr: true },
  {
    name: "s6-envdir with a directory inside",
    argv: ["s6-envdir", "d", "true"],
    files: { "d/sub": { directory: 0o755 } },
    stderr: true,
  },
  {
    name: "s6-envdir with a dangling link",
    argv: ["s6-envdir", "-I", "d", "true"],
    files: { "d/x": { link: "nope" } },
  },
  { name: "s6-envdir without a program", argv: ["s6-envdir", "d"], stderr: true },
  { name: "s6-envdir -c of nothing", argv: ["s6-envdir", "-c", "", "d", "true"], files: DIRECTORY, stderr: true },
  { name: "s6-envdir of a missing program", argv: ["s6-envdir", "d", "nope"], files: DIRECTORY, stderr: true },
  { name: "s6-envdir with an unknown option", argv: ["s6-envdir", "-x", "d", "true"], stderr: true },
];
