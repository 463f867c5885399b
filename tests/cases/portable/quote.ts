// Rows for cli/portable/quote.ts.

import type { Case } from "../../rows/harness.ts";
import { fails, misused, prints, row } from "./rows.ts";

const script = (text: string): string[] => ["sh", "-c", text];
const from = (stdin: string): { stdin: string } => ({ stdin });
const bytes = (first: number, last: number): string =>
  Array.from({ length: last - first + 1 }, (_, at) => String.fromCharCode(first + at)).join("");
const hex = (first: number, last: number): string =>
  bytes(first, last).replace(/[^]/g, (char) => `\\0x${char.charCodeAt(0).toString(16).padStart(2, "0")}`);

const ALL = bytes(1, 255);
const ESCAPED = hex(1, 6) + "\\a\\b\\t\\n\\v\\f\\r" + hex(14, 31) + bytes(32, 126).replace("\\", "\\\\") +
  hex(127, 255);
const CANNOT = "unable to quote: Invalid argument";

const quoting: readonly Case[] = [
  prints("s6-quote a", '"a"\n'),
  prints("s6-quote -n a b", '"a"'),
  row(["s6-quote", ""], { stdout: '""\n', code: 0 }),
  row(["s6-quote", ALL], { stdout: `"${ESCAPED.replace('"', '\\"')}"\n`, code: 0 }),
  row(["s6-quote", "-u", ALL], { stdout: `${ESCAPED.replace('"', '\\"')}\n`, code: 0 }),
  row(["s6-quote", "-ud", "", ALL], { stdout: `${ESCAPED}\n`, code: 0 }),
  row(["s6-quote", "-ud", "'", "a'b\"c"], { stdout: "a\\'b\"c\n", code: 0 }),
  prints("s6-quote -d go gag", "g\\ga\\gg\n"),
  prints("s6-quote -d $ $1$&", "$\\$1\\$&$\n"),
  ...["\\", "0", "9", "a", "f", "n", "r", "t", "v", "x", "\x01", "\x7f", "\xff"].map((quote) =>
    row(["s6-quote", "-d", quote, "a"], { stdout: "", stderr: `s6-quote: fatal: ${CANNOT}\n`, code: 111 })
  ),
  row(["s6-quote", "-d", "", "a"], { stderr: "s6-quote: fatal: no character to quote with!\n", code: 100 }),
  ...misused("s6-quote", "[ -n ] [ -u ] [ -d delim ] string"),
  prints("s6-quote-filter", '"a"\n"b\\"c"\n""\n"last"', 0, from('a\nb"c\n\nlast')),
  prints("s6-quote-filter -u", 'a\nb\\"c\n\nlast', 0, from('a\nb"c\n\nlast')),
  prints("s6-quote-filter -d '", "'a\"\\''\n", 0, from("a\"'\n")),
  prints("s6-quote-filter", '"x\\0x00y\\0xe9"\n', 0, from("x\0y\xe9\n")),
  prints("s6-quote-filter x", "", 0, from("")),
  fails("s6-quote-filter -d x", `s6-quote-filter: fatal: ${CANNOT}`, 111),
  row(["s6-quote-filter", "-d", ""], { stderr: "s6-quote-filter: fatal: no character to quote with!\n", code: 100 }),
  ...misused("s6-quote-filter", "[ -u ] [ -d delim ]", 0),
  row(script("s6-quote-filter <&-"), {
    stderr: "s6-quote-filter: fatal: unable to read from stdin: Bad file descriptor\n",
    code: 111,
  }),
];

const GOOD: readonly [quoted: string, text: string][] = [
  ['"a"', "a"],
  ['""', ""],
  ['"\\a\\b\\t\\n\\v\\f\\r"', "\x07\b\t\n\v\f\r"],
  ['"\\0x41\\0xff\\0xfff"', "A\xff\xfff"],
  ['"\\065\\0X4"', "\x0065\0X4"],
  ['"\\x41\\q\\1\\""', 'x41q1"'],
  ['"\\\\"', "\\"],
  ['"\\\nx"', "\nx"],
];

const BAD: readonly [quoted: string, error: string][] = [
  ["a", "invalid starting quote character"],
  [' "a"', "invalid starting quote character"],
  ['"a', "no ending quote character"],
  ['"', "no ending quote character"],
  ['"\\"', "no ending quote character"],
  ["", "the empty string isn't a quoted string"],
  ['"\\0x41\\0x4g"', "unable to unquote at character 10: Protocol error"],
  ['"\\0x4"', "unable to unquote at character 5: Protocol error"],
  ['"\\0x"', "unable to unquote at character 4: Protocol error"],
  ['"a\\0xAb"', "unable to unquote at character 5: Protocol error"],
  ['"ab\\0x', "unable to unquote at character 6: Broken pipe"],
  ['"a\\', "unable to unquote at character 3: Broken pipe"],
];

const unquoting: readonly Case[] = [
  ...GOOD.map(([quoted, text]) => row(["s6-unquote", quoted], { stdout: `${text}\n`, stderr: "", code: 0 })),
  ...BAD.map(([quoted, error]) =>
    row(["s6-unquote", quoted], { stdout: "", stderr: `s6-unquote: fatal: ${error}\n`, code: 100 })
  ),
  row(["s6-unquote", '"a"b'], {
    stdout: "a\n",
    stderr: "s6-unquote: warning: found ending quote character at position 2/3; ignoring remainder\n",
    code: 0,
  }),
  prints('s6-unquote -n "a" b', "a"),
  prints("s6-unquote -d '\" 'a\"", "a\n"),
  row(["s6-unquote", "-d", "", '"a\\"'], { stdout: '"a"\n', code: 0 }),
  row(["s6-unquote", "-d", "", ""], { stdout: "\n", code: 0 }),
  row(["s6-unquote", "-d", "", "abc\\"], {
    stderr: "s6-unquote: fatal: unable to unquote at character 4: Broken pipe\n",
    code: 100,
  }),
  fails("s6-unquote -d xy yay", "s6-unquote: fatal: unable to unquote at character 1: Invalid argument", 100),
  fails("s6-unquote -d xy a", "s6-unquote: fatal: invalid starting quote character", 100),
  ...misused("s6-unquote", "[ -n ] [ -d delim ] string"),
];

const LINES = '"a"\nbad\n"x\\\\qy"\n"open\n"a"rest\n"\\0x4"\n\n"last"';
const MADE = 'a\nbad\nx\\qy\n"open\na\n"\\0x4"\n\nlast';
const warnings = (...lines: readonly string[]): string =>
  lines.map((line) => `s6-unquote-filter: warning: ${line}\n`).join("");
const ONLY_WARNED = {
  stdout: MADE,
  stderr: warnings(
    "invalid starting quote character",
    "unable to unquote: no ending quote character",
    "unable to unquote: Protocol error",
    "empty line",
  ),
  code: 0,
};
const strict = (stdin: string, stdout: string, error: string): Case =>
  row(["s6-unquote-filter", "-w"], { stdout, stderr: `s6-unquote-filter: fatal: ${error}\n`, code: 100 }, from(stdin));

const filtering: readonly Case[] = [
  row(["s6-unquote-filter"], ONLY_WARNED, from(LINES)),
  row(["s6-unquote-filter", "-Q"], ONLY_WARNED, from(LINES)),
  row(["s6-unquote-filter", "-wq"], { stdout: MADE, stderr: "", code: 0 }, from(LINES)),
  row(["s6-unquote-filter", "-v"], {
    stdout: MADE,
    stderr: warnings(
      "invalid starting quote character in line: bad",
      'unable to unquote: no ending quote character in line: "open',
      'found ending quote character at position 2/6, ignoring remainder of line: "a"rest',
      'unable to unquote line: "\\0x4": Protocol error',
      "empty line",
    ),
    code: 0,
  }, { ...from(LINES), exception: "the original has an empty line behind each line that it shows" }),
  strict('"a"\nbad\n"b"\n', "a\n", "invalid starting quote character"),
  strict('"a"\n"bad\n', "a\n", "unable to unquote: no ending quote character"),
  strict('"a"\n\n', "a\n", "empty line"),
  strict('"\\0x"\n', "", "unable to unquote: Protocol error"),
  row(["s6-unquote-filter", "-w"], {
    stdout: "a\nb\n",
    stderr: warnings('found ending quote character at position 2/4, ignoring remainder of line: "a" x'),
    code: 0,
  }, from('"a" x\n"b"\n')),
  row(["s6-unquote-filter", "-d", ""], { stdout: '"a"\nq\n\n\\', stderr: "", code: 0 }, from('"a"\n\\q\n\n\\\\')),
  prints("s6-unquote-filter -d '", 'a"\n', 0, from("'a\"'\n")),
  prints("s6-unquote-filter x", "", 0, from("")),
  ...misused("s6-unquote-filter", "[ -q | -Q | -v | -w ] [ -d delim ]", 0),
  row(script("s6-unquote-filter <&-"), {
    stderr: "s6-unquote-filter: fatal: unable to read from stdin: Bad file descriptor\n",
    code: 111,
  }),
];

export const cases: readonly Case[] = [...quoting, ...unquoting, ...filtering];
