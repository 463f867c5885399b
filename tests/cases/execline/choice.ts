// Rows for cli/execline/choice.ts.

import type { Case } from "../../rows/harness.ts";

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
  ...["abcd", "aab", "xyz", "a.b", "A", "\xe9", "a b", "", "\n"].flatMap((value) =>
    [".", "[^a]+", "[[:alpha:]]*", "(a|ab)(c|bcd)(d*)", "x{1}y{0,1}z{1,}", "[a-z.]{3}", "[[:space:]x]*", "\\w+\\W\\w"]
      .map((pattern) => choose("", value, pattern))
  ),
  ...[
    "*a",
    "a**",
    "a{",
    "a{,",
    "a{1",
    "a{2,1}",
    "[b-a]",
    "[[:foo:]]",
    "[[.a.]]",
    "[[=a=]]",
    "[a",
    "a|*",
    "()",
    "a||b",
    "\\",
  ]
    .map((pattern) => choose("", "a", pattern)),
  ...["a\\{1\\}", "\\(a", "a\\|b", "*", "a\\+", "a**", "\\(a\\)*", "^a", "a^", "$"].map((pattern) =>
    choose("-e", "a", pattern)
  ),
  choose("", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "(a*)*b", "(a|a)*b", "(a+)+"),
  choose("-s", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "*a*a*a*a*a*a*a*a*a*a*b", "*a*a*a*a*a*"),
  choose("-s", "\xa0", "[[:space:]]", "[[:print:]]", "?"),
  choose("-i", "STRASSE", "[[:lower:]]+"),
  choose("-i", "\xc9", "\xe9", "\xc9"),
  submatches("-N", "ab", "(a|b)*"),
  submatches("-N", "a/b/c", "(.*)/([^/]*)"),
  submatches("-N", "abba", "(.)(.)\\2\\1"),
  submatches("-N", "aa", "(a*)(a*)"),
  submatches("-N", "ab", "(a?)(ab)?"),
  submatches("-N", "", "(a*)+"),
  submatches("-Ni", "AbC", "(a)(B)(c)"),
  submatches("-N", "k\xe9=v\xff", "([^=]*)=(.*)"),
  submatches("-Nn", "abc", "(a)bc"),
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
  { name: "case of an expression that is none", argv: ["case", "a", " (", "  echo", " ", "", "echo"] },
  ...([
    ["bb", "(b+){0,2}", "[1][bb]"],
    ["abcd", "(a|ab)(c|bcd)(d*)", "[3][ab][c][d]"],
    ["xyz", "(x|xy|xyz)(z|yz)?", "[2][xyz][]"],
  ] as const).map(([value, pattern, stdout]): Case => ({
    name: `case -N ${value}: ${pattern}, the longest parts from the left`,
    argv: [
      "case",
      "-N",
      value,
      ` ${pattern}`,
      ..."elgetpositionals printf [%s] $# $@".split(" ").map((w) => `  ${w}`),
      " ",
      "",
    ],
    exception: "the C library that the original has here does not take the longest parts, as POSIX asks for",
    expect: { stdout, code: 0 },
  })),
  ...["a", ".", "[^x]*", "a.b", "abc", "", "b", "a$", "^b", "(a|^b)", "\\Sb?", "[[:space:]]"].flatMap((pattern) =>
    ["\n", "a\nb", "b\na", "a\n", "x\nabc\ny"].map((value) => choose("", value, pattern))
  ),
  { name: "case with a block that is not ended", argv: ["case", "a", " a", "  b", "", "echo"], stderr: true },
  { name: "case without a block", argv: ["case", "a", "b"] },
  { name: "case without anything", argv: ["case"] },
  {
    name: "case in a script",
    argv: ["execlineb", "-S1", "-c", 'case $1 { "st(art|op)" { echo $1 } ".*" { echo other } } echo default', "stop"],
  },
];
