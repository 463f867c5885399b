// Rows for cli/execline/multisubstitute.ts.

import type { Case } from "../../rows/harness.ts";

function multi(name: string, block: readonly string[], ...words: string[]): Case {
  const quoted = block.map((word) => ` ${word}`);
  return { name, argv: ["multisubstitute", ...quoted, "", ...(words.length > 0 ? ["printf", "[%s]", ...words] : [])] };
}

export const cases: readonly Case[] = [
  multi("values are substituted in parallel", ["define", "a", "$b", "define", "b", "5"], "$a", "$b"),
  multi(
    "the leftmost varies slowest",
    ["define", "-s", "a", "p q", "define", "-sd:", "b", "1:2"],
    "${a}x${b}",
    "${b}x${a}",
  ),
  multi("an empty list wins", ["define", "-s", "a", "", "define", "-s", "b", "1 2"], "${a}x${b}", "$b"),
  {
    ...multi(
      "importas",
      ["importas", "-D", "d", "a", "A", "importas", "b", "B", "define", "c", "e"],
      "$a",
      "p${b}",
      "$c",
    ),
    env: { B: "v" },
  },
  { ...multi("importas -u", ["importas", "-u", "a", "A"], "$a"), env: { A: "v" } },
  multi("importas -i of nothing", ["importas", "-i", "a", "A"], "$a"),
  multi("importas of nothing", ["importas", "a", "A"], "x", "p${a}"),
  {
    ...multi("elgetpositionals", ["elgetpositionals", "-P", "2", "define", "a", "b"], "$#", "$1", "$a", "$@"),
    env: { "#": "1", "0": "s", "1": "x" },
  },
  multi("elgetpositionals without a frame", ["elgetpositionals"], "a"),
  multi("multidefine", ["multidefine", "-d,", "a,b", " x", " y", "", "define", "z", "c"], "$x", "$y", "$z"),
  {
    ...multi("elglob", ["elglob", "-s", "g", "*.c", "define", "a", "b"], "$g", "$a"),
    files: { "1.c": "", "2.c": "", "3.h": "" },
  },
  multi("no directive", [], "$a"),
  multi("a key twice", ["define", "a", "1", "define", "a", "2"], "$a"),
  multi("an empty key", ["define", "", "1"], "$a"),
  multi("an unknown directive", ["frobnicate", "a"], "$a"),
  multi("a directive without its operands", ["define", "a"], "$a"),
  multi("a directive with an unknown option", ["define", "-z", "a", "b"], "$a"),
  multi("a key that is taken, of a value that is no netstring", [
    "define",
    "a",
    "b",
    "define",
    "-s",
    "-d",
    "",
    "a",
    "c",
  ], "$a"),
  multi("an empty key, of a default that is no netstring", ["importas", "-D", "c", "-sd", "", "", "A"], "$a"),
  multi("no program", ["define", "a", "b"]),
  { name: "no block", argv: ["multisubstitute", "define", "a", "b"] },
  { name: "no words", argv: ["multisubstitute"] },
  {
    name: "unquoted words, strict",
    argv: ["multisubstitute", "define", " a", " b", "", "printf", "$a"],
    env: { EXECLINE_STRICT: "2" },
    stderr: true,
  },
  {
    name: "unquoted words, warned of",
    argv: ["multisubstitute", "define", " a", " b", "", "printf", "$a"],
    env: { EXECLINE_STRICT: "1" },
    stderr: true,
  },
  {
    name: "unquoted words in a block within the block, warned of",
    argv: ["multisubstitute", " multidefine", " a b", " x", " y", " ", "", "printf", "[%s]", "$x"],
    env: { EXECLINE_STRICT: "1" },
    stderr: true,
  },
  {
    ...multi("import", ["import", "-D", "d", "A", "define", "b", "c"], "$A", "$b"),
    exception: "removed in 2.5",
    expect: { stdout: "[d][c]", code: 0 },
  },
];
