// Rows for cli/s6/log.ts: words that are refused, options, what is read.

import type { Case } from "../../rows/harness.ts";
import { LINES, logScript } from "../../rows/logged.ts";

const ERRORS = [
  ...["x", "var/log", "n", "n-1", "s12x", "n4294967296", "s4294967296", "S18446744073709551616", "ee"],
  ...["1x", "2x", "tx", "Tx", "fx", "=", "", "+(", "-[", "+a{2,1}", "l60000"],
].map((word): Case => ({
  name: `the word "${word}" is refused`,
  argv: ["s6-log", "1", word],
  stderr: true,
  tells: word === "l60000"
    ? "directive l60000 conflicts with previous s directive"
    : `${/^([12tTf]x|=)$/.test(word) ? "syntax error at" : "unrecognized"} directive: ${word}\n`,
}));

const MORE_ERRORS = [
  ...[["1", "-[", "x", "2x"], ["1", "-[", "s1x", "./d"], ["s1x", "-["], ["s1x", "1", "-["], ["l60000", "./d", "f"]],
].map((words): Case => ({ name: `several errors: ${words.join(" ")}`, argv: ["s6-log", ...words], stderr: true }));

const OPTIONS: readonly Case[] = [
  { name: "-d below 3", argv: ["s6-log", "-d", "2", "1"], stderr: true, tells: "notification fd must be 3 or more" },
  {
    name: "-d on a closed descriptor",
    argv: ["s6-log", "-d", "77", "1"],
    stderr: true,
    tells: "invalid notification fd: Bad file descriptor",
  },
  { name: "-d tells readiness", argv: ["sh", "-c", "s6-log -d 5 1 5>ready </dev/null"] },
  { name: "a limit that is no number", argv: ["s6-log", "-l", "x", "1"] },
  ...["e", "t", "t5"].map((option): Case => ({
    name: `the old option -${option}`,
    argv: ["s6-log", `-${option}`, "1"],
    stdin: "a\n",
    // From 2.12 on -t is another option.
    ...(option === "t5" ? { exception: "the original has this from 2.12 on", expect: { stdout: "a\n", code: 0 } } : {}),
  })),
  { name: "-d that is no number", argv: ["s6-log", "-d", "x", "1"] },
  { name: "-l beyond all numbers", argv: ["s6-log", "-l", "4294967296", "1"] },
  { name: "-t that is no number", argv: ["s6-log", "-t", "x", "1"] },
  { name: "a selection where options are looked for", argv: ["s6-log", "-^a", "1"] },
  { name: "a selection behind a word is no option", argv: ["s6-log", "1", "-b", "1"], stdin: "ab\nc\n" },
  { name: "-q and what would be warned of", argv: ["s6-log", "-q", "=d/f", "1", "+x"], stdin: "a\n", stderr: true },
  { name: "-q and alerts", argv: ["s6-log", "-qq", "2"], stdin: "a\n", stderr: true },
  { name: "-q does not keep errors back", argv: ["s6-log", "-q", "x"], stderr: true },
  { name: "-v", argv: ["s6-log", "-vv", "=d/f", "1"], stdin: "a\n", stderr: true },
  { name: "readiness only when all is open", argv: ["sh", "-c", "s6-log -d 5 ./a/b 5>ready </dev/null"] },
  { name: "an option that is none", argv: ["s6-log", "-z", "1"] },
  { name: "no script", argv: ["s6-log"] },
  {
    name: "a script without an action",
    argv: ["s6-log", "n5", "+x"],
    stderr: true,
    tells: "no action directive specified",
  },
  {
    name: "selections without an action at the end",
    argv: ["s6-log", "1", "+x", "n5"],
    stderr: true,
    tells: "ignoring extraneous non-action directives",
    stdin: "a\n",
  },
  { name: "settings at the end", argv: ["s6-log", "1", "n5", "s5000"], stderr: true, stdin: "a\n" },
  { name: "all options at once", argv: ["s6-log", "-qqvvbp", "-l100", "--", "1"], stdin: "a\nb\n" },
  {
    name: "R rotates by time",
    argv: ["s6-log", "R5", "1"],
    stdin: "a\n",
    exception: "the original has this from 2.14 on",
    expect: { stdout: "a\n", code: 0 },
  },
];

const LIMITS = [47, 48, 49, 96, 97, 500].map((length): Case => ({
  name: `a line of ${length} bytes under the smallest limit`,
  argv: ["s6-log", "-l", "1", "1"],
  stdin: `${"x".repeat(length)}\nnext\n`,
}));

const INPUT: readonly Case[] = [
  ...LIMITS,
  { name: "lines beyond the default limit", argv: ["s6-log", "1"], stdin: `${"x".repeat(20000)}\n\n` },
  { name: "no limit", argv: ["s6-log", "-l", "0", "1"], stdin: `${"x".repeat(20000)}\n` },
  { name: "a NUL ends a line", argv: ["s6-log", "1"], stdin: "a\0b\0\n\0c\n" },
  {
    name: "an input that cannot be read",
    argv: ["sh", "-c", "s6-log 1 ./d <."],
    stderr: true,
    tells: "unable to read from stdin: Is a directory",
  },
  { name: "no input", argv: ["s6-log", "1", "./d"] },
  { name: "bytes that are no text", argv: ["s6-log", "1"], stdin: "\xff\xfe\x80\n\x01\r\n" },
  {
    name: "an unfinished last line",
    argv: ["s6-log", "1"],
    stdin: "a\nb",
    exception: "the original (2.11.3) drops it, against its manual",
    expect: { stdout: "a\nb\n", code: 0 },
  },
  {
    name: "the input is a file",
    argv: ["sh", "-c", "s6-log 1 ./d <in"],
    files: { in: LINES },
  },
  {
    name: "an input that is closed",
    argv: ["sh", "-c", "s6-log 1 ./d <&-"],
    exception: "the original opens /dev/null in its place, without a word",
    expect: {
      stderr: "s6-log: warning: unable to read from stdin: Bad file descriptor\n",
      code: 0,
      files: { d: "700 directory", "d/current": "744 file ", "d/lock": "644 file ", "d/state": "644 file " },
    },
  },
  {
    name: "an output that is closed",
    argv: ["sh", "-c", "s6-log 1 ./d >&-"],
    stdin: "a\n",
    exception: "the original opens /dev/null in its place, without a word",
    expect: {
      stderr: "s6-log: warning: unable to write to stdout, closing the stream - error was: Bad file descriptor\n",
      code: 0,
      files: { d: "700 directory", "d/current": "744 file a\n", "d/lock": "644 file ", "d/state": "644 file " },
    },
  },
  {
    name: "an output that is full",
    argv: ["sh", "-c", "s6-log 1 ./d >/dev/full"],
    stdin: "a\nb\n",
    stderr: true,
    tells: "unable to write to stdout, closing the stream - error was: No space left on device",
  },
  {
    name: "an output that is full, and -q",
    argv: ["sh", "-c", "s6-log -q 1 ./d >/dev/full"],
    stdin: "a\n",
    stderr: true,
  },
  { name: "alerts that cannot be written", argv: ["sh", "-c", "s6-log 2 1 2>/dev/full"], stdin: "a\nb\n" },
  logScript("100000 lines arrive in order", "seq 100000 | s6-log 1 s268435455 ./d | cksum; cksum <d/current; rm -r d"),
];

export const cases: readonly Case[] = [...ERRORS, ...MORE_ERRORS, ...OPTIONS, ...INPUT];
