// Rows for cli/execline/execlineb.ts: the lexer, seen through printf, and every option.

import type { Case } from "../../rows/harness.ts";

/** Words that the script's text should become, shown in brackets. */
function words(text: string): Case {
  return { name: `lexes ${JSON.stringify(text)}`, argv: ["execlineb", "-Pc", `printf [%s] ${text}`] };
}

function file(content: string): { content: string; mode: number } {
  return { content, mode: 0o755 };
}

const lexing = [
  ...[
    "a b",
    "a\tb\nc\rd",
    "a\x01b\x1fc",
    "a\x7fb",
    "a#b #c d\n e",
    "# only\nb",
    '"a b" c',
    'a"b c"d',
    '"" a',
    '"a\\\nb"',
  ],
  ...[
    "a\\ b",
    '\\{ \\} \\# \\"',
    "a\\\nb",
    "\\\nb",
    "\\\n  c",
    "a\\b",
    "b \\",
    "b\\",
    '"b',
    '"b\\',
    '"\\',
    "'a b' `c` ; | > & *",
  ],
  ...[
    '"\\a\\b\\t\\n\\v\\f\\r"',
    '"\\x41"',
    '"\\0x41"',
    '"\\0x4"',
    '"\\0x4z"',
    '"\\0x41 2"',
    '"\\0102"',
    '"\\065"',
    '"\\07"',
  ],
  ...[
    '"\\65"',
    '"\\7"',
    '"\\077a"',
    '"\\12a"',
    '"\\1234"',
    '"\\0"',
    '"\\00"',
    '"\\08"',
    '"\\0x"',
    '"\\0xg"',
    '"\\256"',
    '"\\0400"',
  ],
  ...[
    '"\\65',
    '"\\7',
    '"\\0x4',
    '"\\012',
    '"\\"\\\\\\z"',
    "{a b} }{ a{b",
    "{ b c } d",
    "{ b { c } d } e",
    "{ } a",
    "{",
    "}",
    "{ a",
    "a }",
  ],
  ...[
    '"{" \\{ "}" ',
    '{""',
    '}"" a',
    "{#x",
    "{\\\nz a",
    "}\\\nz a",
    "{\\\n{ a } b",
    "}\\\n{ a } b",
    "{ a {\\\n } b } c",
    "a\\\\b",
  ],
  ...[
    "{\n#x }\n} b",
    '{ "" } a',
    '{ " " } a',
    "é \xff",
    "$ ${ $a",
    '"a" "b""c"',
    "{ a } { b } { { } } c",
    "a;b",
    "a\\",
  ],
].map(words);

const options: readonly Case[] = [
  { name: "an empty script succeeds", argv: ["execlineb", "-Pc", "  # nothing\n"] },
  { name: "-c with no text is a usage error", argv: ["execlineb", "-c"] },
  { name: "no script is a usage error", argv: ["execlineb"], stderr: false },
  { name: "an unknown option is a usage error", argv: ["execlineb", "-z", "-c", "echo"] },
  { name: "-S takes a number", argv: ["execlineb", "-S", "x", "-c", "echo"] },
  { name: "-S takes nothing but a number", argv: ["execlineb", "-S1x", "-c", "echo"] },
  { name: "a script that is not there", argv: ["execlineb", "nope"] },
  { name: "a script that is a directory", argv: ["execlineb", "d"], files: { d: { directory: 0o755 } } },
  { name: "a program that is not there", argv: ["execlineb", "-Pc", "nope a"] },
  { name: "a path that is not there", argv: ["execlineb", "-Pc", "./nope a"] },
  { name: "a program that may not be executed", argv: ["execlineb", "-Pc", "./x"], files: { x: "" } },
  { name: "a program that is a directory", argv: ["execlineb", "-Pc", "./d"], files: { d: { directory: 0o755 } } },
  { name: "an empty program name", argv: ["execlineb", "-Pc", '""'] },
  { name: "the exit code is the program's", argv: ["execlineb", "-Pc", 'sh -c "exit 37"'] },
  {
    name: "a script file with its arguments",
    argv: ["execlineb", "s", "a", "b"],
    files: { s: "env -u PATH" },
    unordered: true,
  },
  {
    name: "without options the arguments are pushed",
    argv: ["exec", "-a", "name", "execlineb", "-c", "env -u PATH", "x", "y"],
    env: { "#": "1", "0": "old", "1": "o1", "1:1": "oo1", "#:1": "7", "9a": "z", "?": "3" },
    unordered: true,
  },
  {
    name: "-p sets the frame and leaves what is higher",
    argv: ["exec", "-a", "name", "execlineb", "-p", "-c", "env -u PATH", "x"],
    env: { "#": "2", "0": "old", "1": "o1", "2": "o2" },
    unordered: true,
  },
  {
    name: "-P leaves the environment alone",
    argv: ["execlineb", "-P", "-c", "env -u PATH", "x"],
    env: { "#": "2", "0": "old", "1": "o1" },
    unordered: true,
  },
  {
    name: "-S substitutes",
    argv: ["exec", "-a", "name", "execlineb", "-S0", "-c", 'printf [%s] $# $0 $1 ${2}x $@ p${@}s "$3"', "a", "", "c d"],
  },
  { name: "-S leaves the environment alone", argv: ["execlineb", "-S1", "-c", "env -u PATH", "a"], unordered: true },
  { name: "-S leaves higher numbers", argv: ["execlineb", "-S1", "-c", "printf [%s] $1 ${2} $x", "a"] },
  {
    name: "-S with missing arguments",
    argv: ["execlineb", "-S3", "-c", "printf [%s] $1 p${2} $3 $# $@", "a"],
    stderr: true,
  },
  { name: "-s skips for $@", argv: ["execlineb", "-s1", "-c", "printf [%s] $1 $2 $# $@", "a", "b", "c"] },
  { name: "-s with missing arguments", argv: ["execlineb", "-s3", "-c", "printf [%s] $3 $# $@", "a"], stderr: true },
  { name: "-q is silent", argv: ["execlineb", "-qS2", "-c", "printf [%s] $2", "a"], stderr: true },
  { name: "-w warns", argv: ["execlineb", "-wS2", "-c", "printf [%s] $2", "a"], stderr: true },
  { name: "-W is fatal", argv: ["execlineb", "-WS2", "-c", "printf [%s] $2", "a"], stderr: true },
  ...["0", "1", "2", "3", "x", "", "1x"].map((level): Case => ({
    name: `EXECLINE_STRICT=${level} with missing arguments`,
    argv: ["execlineb", "-S2", "-c", "env -u PATH", "a"],
    env: { EXECLINE_STRICT: level },
    unordered: true,
    stderr: true,
  })),
  ...["-q", "-w", "-W", "-qW", "-Wq"].map((letters): Case => ({
    name: `${letters} sets EXECLINE_STRICT`,
    argv: ["execlineb", letters, "-Pc", "env -u PATH"],
    env: { EXECLINE_STRICT: "1" },
    unordered: true,
  })),
  ...[["-P", "-S1"], ["-S1", "-P"], ["-p", "-S1"], ["-S1", "-p"], ["-S1", "-s1"], ["-s1", "-S2"]].map((
    letters,
  ): Case => ({
    name: `the last of ${letters.join(" ")} counts`,
    argv: ["execlineb", ...letters, "-c", "printf [%s] $1 $@ $2 $#", "a", "b"],
  })),
  { name: "arguments behind --", argv: ["execlineb", "-S1", "-c", "printf [%s] $@", "--", "-a", "-b"] },
  { name: "bytes that are no UTF-8", argv: ["execlineb", "-S1", "-c", "printf [%s] \xff$1 $1\xfe", "\xe9\x80"] },
  {
    name: "a script found through its first line",
    argv: ["./s", "a b", "c"],
    files: { s: file("#!/usr/bin/env -S execlineb -S1\nprintf [%s] $1 $@ $#\n") },
  },
  {
    name: "a script that runs scripts",
    argv: [
      "execlineb",
      "-c",
      "elgetpositionals foreground { execlineb -S1 s2 $2 } emptyenv -P env -u PATH",
      "1st",
      "2nd",
    ],
    files: { s2: "printf [%s] $1 $0\n" },
    unordered: true,
  },
  { name: "NUL ends a script", argv: ["execlineb", "-P", "s"], files: { s: "printf [%s] a \0 } b" } },
  { name: "NUL within quotes", argv: ["execlineb", "-P", "s"], files: { s: 'printf [%s] "a \0 b"' } },
  { name: "NUL in a comment", argv: ["execlineb", "-P", "s"], files: { s: "printf [%s] a # \0 \n b" } },
  { name: "NUL behind a brace", argv: ["execlineb", "-P", "s"], files: { s: "printf [%s] { a }\0 b" } },
];

/** Texts that are not scripts, and where their fault lies. */
const FAULTS: Readonly<Record<string, string>> = {
  'echo a\n "b\nc': 'line 2, column 2: syntax error: unterminated "',
  'a "b" c"': 'line 1, column 8: syntax error: unterminated "',
  '"b\\': 'line 1, column 1: syntax error: unterminated "',
  '"a\\"': 'line 1, column 1: syntax error: unterminated "',
  "a b\\": "line 1, column 4: syntax error: nothing follows the backslash",
  'a "\\0"': "line 1, column 4: syntax error: \\0 needs octal digits, or x and hexadecimal ones",
  'a\n\n  "bc\\09"': "line 3, column 6: syntax error: \\0 needs octal digits, or x and hexadecimal ones",
  'a "\\0xg"': "line 1, column 4: syntax error: \\0 needs octal digits, or x and hexadecimal ones",
  'a "\\0x0"': "line 1, column 4: syntax error: 0 is not the value of a byte",
  'a "\\256"': "line 1, column 4: syntax error: 256 is not the value of a byte",
  'a "\\0777"': "line 1, column 4: syntax error: 511 is not the value of a byte",
  'foo {\n bar "x\ny" {\n }\n': "line 1, column 5: unterminated block",
  "foo { a } {": "line 1, column 11: unterminated block",
  "a\n\n\n\n\n\n  { b {\n c }": "line 7, column 3: unterminated block",
  "foo { a }\n  }": "line 2, column 3: unmatched }",
  "}": "line 1, column 1: unmatched }",
  "\xe9 {": "line 1, column 3: unterminated block",
};

const faults: readonly Case[] = Object.entries(FAULTS).flatMap(([text, fault]): Case[] => {
  const exception = "the original only says what is wrong";
  return [
    {
      name: `says where ${JSON.stringify(text)} is wrong`,
      argv: ["execlineb", "-Pc", text],
      exception,
      expect: { stdout: "", code: 100, stderr: `execlineb: fatal: ${fault}\n` },
    },
    {
      name: `says in which file, and where, ${JSON.stringify(text)} is wrong`,
      argv: ["execlineb", "-P", "s"],
      files: { s: text },
      exception,
      expect: { stdout: "", code: 100, stderr: `execlineb: fatal: s, ${fault}\n` },
    },
    { name: `ends as the original where ${JSON.stringify(text)} is wrong`, argv: ["execlineb", "-c", text] },
  ];
});

/** What docker exec, cron and health checks run has the image's PATH, without /command. */
function elsewhere(name: string, script: string, stdout: string, code = 0): Case {
  return {
    name: `where PATH has none of our programs, ${name}`,
    argv: ["sh", "-c", `$(command -v execlineb) -Pc 'export PATH /bin:/nowhere ${script}'`],
    ...{ exception: "the original finds its programs in PATH alone", expect: { stdout, code } },
  };
}

const outsidePath = [
  elsewhere("links of a chain are found", "cd / umask 022 case a { a { echo yes } }", "yes\n"),
  elsewhere(
    "programs that run others are found",
    "if { eltest 1 -eq 1 } ifelse { false } { echo no } echo yes",
    "yes\n",
  ),
  elsewhere("a child is found", "foreground { exit 3 } importas -i ? ? echo $?", "3\n"),
  elsewhere("a program at the end is found", "s6-echo yes", "yes\n"),
  elsewhere("a shell still finds none", 'sh -c "s6-true || echo no"', "no\n"),
  elsewhere("what is not ours is not found", "nope", "", 127),
];

export const cases: readonly Case[] = [
  ...outsidePath,
  ...lexing,
  ...options,
  ...faults,
  {
    name: "says where a NUL within quotes is wrong",
    argv: ["execlineb", "-P", "s"],
    files: { s: 'printf [%s] "a \0 b"' },
    exception: "the original only says what is wrong",
    expect: { code: 100, stderr: 'execlineb: fatal: s, line 1, column 13: syntax error: unterminated "\n' },
  },
  {
    name: "says where a script that is started by its first line is wrong",
    argv: ["./s"],
    files: { s: file("#!/usr/bin/env -S execlineb -P\nfoo {\n") },
    exception: "the original only says what is wrong",
    expect: { code: 100, stderr: "execlineb: fatal: ./s, line 2, column 5: unterminated block\n" },
  },
  {
    name: "-e is accepted",
    argv: ["execlineb", "-ec", "echo a"],
    exception: "new in 2.9.4",
    expect: { stdout: "a\n", code: 0 },
  },
];
