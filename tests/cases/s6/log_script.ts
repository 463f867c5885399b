// Rows for cli/s6/log.ts: which lines are selected, and what is done with them.

import type { Case } from "../../rows/harness.ts";
import { LINES, logScript } from "../../rows/logged.ts";

const SELECTIONS = [
  ["-^DEBUG", "1", "f", "./rest"],
  ["+ERROR", "-", "1"],
  ["-", "+ERROR", "=last", "1"],
  ["-", "+ERROR", "1", "+DEBUG", "p+", "1", "f", "pf", "1", "-", "+n", "pn", "1"],
  ["-^$", "1", "+^$", "pempty", "1"],
  ["-", "+two$", "-^[^D]", "1"],
  ["-E(R+)OR|note", "1", "-.", "./d"],
  ["-", "f", "1", "f", "./d"],
  ["-", "+\\\n", "1", "+o\n", "1", "+[[:space:]]$", "1", "f", "./d"],
].map((words): Case => ({ name: `selection: ${words.join(" ")}`, argv: ["s6-log", "--", ...words], stdin: LINES }));

const SETTINGS: readonly Case[] = [
  ["n007", "s004096", "l2048", "./d"],
  ["s4096", "l2049", "./d"],
  ["l2000", "s4096", "s1", "l2048", "./d"],
  ["s1", "l2049", "./d"],
  ["s99999999999", "./d"],
  ["s268435456", "l134217728", "./d"],
  ["s4294967295", "l134217727", "./d"],
  ["n+1", "1"],
  ["n 1", "1"],
  ["r1.5", "1"],
  ["S0x10", "1"],
  ["E-0", "1"],
  ["^a", "1"],
  ["t", "T"],
  ["t", "n4", "1"],
].map((words): Case => ({ name: `settings: ${words.join(" ")}`, argv: ["s6-log", ...words], stderr: true }));

const ACTIONS: readonly Case[] = [
  { name: "alerts are cut", argv: ["s6-log", "E8", "2", "E0", "2", "E4", "p+", "2"], stdin: LINES, stderr: true },
  { name: "a status file", argv: ["s6-log", "=f", "^3", "=g", "^0", "=h", "^12", "p!", "=i"], stdin: LINES },
  { name: "a status file in a directory that is missing", argv: ["s6-log", "=d/f", "1"], stdin: "a\n", stderr: true },
  { name: "prefixes", argv: ["s6-log", "p", "1", "pa b", "1", "p", "1"], stdin: LINES },
  {
    name: "settings hold for what follows, and only for that",
    argv: ["s6-log", "2", "E4", "2", "pA", "2", "^5", "=f", "^2", "p", "=g", "-one", "E0", "2"],
    stdin: LINES,
    stderr: true,
  },
  {
    name: "the longest alert that is not cut",
    argv: ["s6-log", "E5", "2"],
    stdin: "12345678\n123456789\n",
    stderr: true,
  },
  {
    name: "alerts of the default length",
    argv: ["s6-log", "2"],
    stdin: `${"x".repeat(203)}\n${"y".repeat(204)}\n`,
    stderr: true,
  },
  {
    name: "the old name of 2",
    argv: ["s6-log", "e"],
    stdin: "a\n",
    exception: "the original (2.11.3) has forgotten it",
    expect: {
      stderr: "s6-log: warning: directive e is deprecated, use 2 instead\ns6-log: alert: a\n",
      code: 0,
    },
  },
  {
    name: "one status file for some lines and for all",
    argv: ["s6-log", "^4", "=f", "-b", "p-", "=f"],
    stdin: "a\nb\n",
  },
  { name: "one status file twice", argv: ["s6-log", "^4", "=f", "p-", "=f"], stdin: "a\nb\n" },
  {
    name: "a status file that is a directory",
    argv: ["s6-log", "=d", "1"],
    stdin: "a\n",
    files: { d: { directory: 0o755 } },
    stderr: true,
    tells: "unable to write status file d: Is a directory",
  },
  {
    name: "the mode of a status file",
    argv: ["sh", "-c", "umask 027; s6-log =f"],
    stdin: "a\n",
    files: { f: { content: "old", mode: 0o600 } },
  },
  { name: "a status file of empty lines", argv: ["s6-log", "^3", "=f"], stdin: "\n" },
  { name: "a directory that cannot be made", argv: ["s6-log", "1", "/nowhere/d"], stderr: true },
  { name: "a directory behind a slash", argv: ["sh", "-c", 's6-log "$PWD/d" .'], stdin: LINES },
  { name: "a directory with a slash at its end", argv: ["s6-log", "./d/"], stdin: LINES },
  logScript("stamps of a prefix and an empty line", "printf '\\n' | s6-log pa t 1 p T 1 t T 1"),
  logScript(
    "a stamp is that of now",
    'before=$(date +%s); echo | s6-log t 1 | s6-tai64nlocal -g | { read -r day time; date -u -d "$day $time" +%s; } >then; test $before -le $(cat then) && test $(cat then) -le $(date +%s) && echo now; rm then',
  ),
  logScript(
    "local stamps know the zone, and the wrong ones",
    `for zone in UTC0 XXX-14 XXX12 America/St_Johns nope; do
       echo | TZ=$zone s6-log T 1 | cut -c1-13 >a; TZ=$zone date '+%Y-%m-%d %H' >b; cmp a b && echo $zone; done; rm a b`,
  ),
  logScript("stamps", "printf 'a\\nb\\n' | s6-log t 1 T 1 T t 1 t T p+ 1 1"),
  logScript("stamps of alerts", "printf 'a\\nb\\n' | s6-log t p+ 2 T E1 2 2>&1"),
  logScript("stamps of status files", "printf 'a\\nb\\n' | s6-log ^40 t =f ^40 T =g; cat f g; rm f g"),
  { name: "stdout is broken", argv: ["sh", "-c", "seq 100000 | s6-log 1 s268435455 ./d | head -n1"] },
  { name: "a directory", argv: ["s6-log", "./d"], stdin: LINES },
  { name: "two directories", argv: ["s6-log", "./d", "p+", "./e"], stdin: LINES },
  { name: "a directory in one that is missing", argv: ["s6-log", "./d/e"], stdin: LINES, stderr: true },
  { name: "a directory that is a file", argv: ["s6-log", "./d"], files: { d: "" }, stderr: true },
  { name: "the umask holds for files", argv: ["sh", "-c", "umask 077; s6-log ./d"], stdin: LINES },
  {
    name: "an existing directory keeps its mode, other files in it are left alone",
    argv: ["s6-log", "n0", "./d"],
    stdin: LINES,
    files: { "d/@4000000000000000000000zz.s": "mine", "d/@400000006b033f6922991a4.s": "mine too" },
  },
];

export const cases: readonly Case[] = [...SELECTIONS, ...SETTINGS, ...ACTIONS];
