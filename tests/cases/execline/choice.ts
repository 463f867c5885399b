// Rows for cli/execline/choice.ts.

import type { Case } from "../../harness.ts";

function choose(options: string, value: string, ...patterns: string[]): Case {
  const block = patterns.flatMap((pattern) => [` ${pattern}`, "  printf", "  [%s]", `  ${pattern}`, " "]);
  return {
    name: `case ${options} ${value}: ${patterns.join(" ")}`,
    argv: ["case", ...options.split(" ").filter((word) => word !== ""), "--", value, ...block, "", "echo", "none"],
  };
}

function submatches(options: string, value: string, pattern: string): Case {
  const show = "elgetpositionals printf [%s] $# $0 $@".split(" ").map((word) => `  ${word}`);
  return {
    name: `case ${options} ${value}: ${pattern} and its parts`,
    argv: ["case", options, value, ` ${pattern}`, ...show, " ", "", "echo", "none"],
  };
}

export const cases: readonly Case[] = [
  choose("", "abc", "b", "a.c", "abc"),
  choose("", "abc", "x|abc"),
  choose("", "abc", "x|ab"),
  choose("", "zabc", "x|abc"),
  choose("", "xabc", "x|abc"),
  choose("", "ABC", "abc"),
  choose("-i", "ABC", "abc"),
  choose("", "", "", "a"),
  choose("", "a", ".*"),
  choose("", "a{", "a\\{"),
  choose("", "é", "é"),
  choose("-e", "abc", "\\(a\\)bc"),
  choose("-E", "abc", "(a)bc"),
  choose("-e", "(a)bc", "(a)bc"),
  choose("-E -e", "a+", "a+"),
  choose("-e -E", "aa", "a+"),
  choose("-s", "abc", "b*", "a*"),
  choose("-s", "a/b", "a?b"),
  choose("-sN", "a/b", "a?b"),
  choose("-sN", "a/b", "a/*"),
  choose("-s", ".b", "*"),
  choose("-si", ".b", "*", ".*"),
  choose("-s", "a*", "a\\*"),
  choose("-se", "a*", "a\\*"),
  choose("-se", "a\\", "a\\"),
  choose("-s", "b", "[!a]"),
  choose("-s -S", "b*", "b*"),
  choose("", "["),
  choose("", "a", "["),
  choose("", "a", "("),
  submatches("-N", "abc", "(a)(x*)(b)c"),
  submatches("-N", "abc", "abc"),
  submatches("-N", "b", "(a)|(b)"),
  submatches("-Ne", "abc", "\\(a\\)bc"),
  submatches("-N", "foooobarbaz", "([fo]+)bar(baz)"),
  {
    name: "case without a match leaves the environment alone",
    argv: ["case", "-N", "a", " b", " ", "", "env", "-u", "PATH"],
    env: { "1": "x" },
  },
  { name: "case that matches nothing to run", argv: ["case", "a", " a", " ", "", "echo", "none"] },
  { name: "case without a default", argv: ["case", "a", " b", " ", ""] },
  { name: "case with an empty block", argv: ["case", "a", "", "echo", "none"] },
  { name: "case with a malformed block", argv: ["case", "a", " b", "", "echo"], stderr: true },
  { name: "case with a block that is not ended", argv: ["case", "a", " a", "  b", "", "echo"], stderr: true },
  { name: "case without a block", argv: ["case", "a", "b"] },
  { name: "case without anything", argv: ["case"] },
  {
    name: "case in a script",
    argv: ["execlineb", "-S1", "-c", 'case $1 { "st(art|op)" { echo $1 } ".*" { echo other } } echo default', "stop"],
  },
];
