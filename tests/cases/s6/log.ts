// Rows for cli/s6/log.ts. Stamps differ from run to run, so rows with stamps, or with archives, which are named by them,
// print what is left with the stamps taken out.

import type { Case } from "../../harness.ts";

const NO_STAMPS = "sed -E 's/@[0-9a-f]{24}/@STAMP/g; s/[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}\\.[0-9]{9}/LOCAL/g'";

/** Runs a shell script, waits until logger number $p is ready where it asks for that, and prints the output. */
function script(name: string, text: string, more: Partial<Case> = {}): Case {
  const tools = `
    umask 022
    mkfifo pipe; exec 9<>pipe
    start() { s6-log -d 3 "$@" <&9 9>&- 3>ready & p=$!; until test -s ready; do sleep 0.01; done; rm ready; }
    has() { until test "$(cat $1/current)" = "$2"; do sleep 0.01; done; }
    archived() { until test "$(ls $1 | grep -c '^@.*\\.[su]$')" = $2 && ! test -e $1/previous; do sleep 0.01; done; }
    left() { for f in $1/*; do echo "$(stat -c %a $f) $f:"; cat $f; done; rm -r $1; }
  `;
  return { name, argv: ["sh", "-c", `{ ${tools} ${text}\n } | ${NO_STAMPS}; rm -f pipe`], ...more };
}

const LINES = "ERROR one\n\nDEBUG two\nnote\nDEBUG ERROR three\n";

const ERRORS = [
  ...["x", "var/log", "n", "n-1", "s12x", "n4294967296", "s4294967296", "S18446744073709551616", "ee"],
  ...["1x", "2x", "tx", "Tx", "fx", "=", "", "+(", "-[", "+a{2,1}", "l60000"],
].map((word): Case => ({
  name: `the word "${word}" is refused`,
  argv: ["s6-log", "1", word],
  stderr: true,
}));

const OPTIONS: readonly Case[] = [
  { name: "-d below 3", argv: ["s6-log", "-d", "2", "1"], stderr: true },
  { name: "-d on a closed descriptor", argv: ["s6-log", "-d", "77", "1"], stderr: true },
  { name: "-d tells readiness", argv: ["sh", "-c", "s6-log -d 5 1 5>ready </dev/null"] },
  { name: "a limit that is no number", argv: ["s6-log", "-l", "x", "1"] },
  { name: "an option that is none", argv: ["s6-log", "-z", "1"] },
  { name: "no script", argv: ["s6-log"] },
  { name: "a script without an action", argv: ["s6-log", "n5", "+x"], stderr: true },
  { name: "selections without an action at the end", argv: ["s6-log", "1", "+x", "n5"], stderr: true, stdin: "a\n" },
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
  script("100000 lines arrive in order", "seq 100000 | s6-log 1 s268435455 ./d | cksum; cksum <d/current; rm -r d"),
];

const SELECTIONS = [
  ["-^DEBUG", "1", "f", "./rest"],
  ["+ERROR", "-", "1"],
  ["-", "+ERROR", "=last", "1"],
  ["-", "+ERROR", "1", "+DEBUG", "p+", "1", "f", "pf", "1", "-", "+n", "pn", "1"],
  ["-^$", "1", "+^$", "pempty", "1"],
  ["-", "+two$", "-^[^D]", "1"],
  ["-E(R+)OR|note", "1", "-.", "./d"],
  ["-", "f", "1", "f", "./d"],
].map((words): Case => ({ name: `selection: ${words.join(" ")}`, argv: ["s6-log", "--", ...words], stdin: LINES }));

const ACTIONS: readonly Case[] = [
  { name: "alerts are cut", argv: ["s6-log", "E8", "2", "E0", "2", "E4", "p+", "2"], stdin: LINES, stderr: true },
  { name: "a status file", argv: ["s6-log", "=f", "^3", "=g", "^0", "=h", "^12", "p!", "=i"], stdin: LINES },
  { name: "a status file in a directory that is missing", argv: ["s6-log", "=d/f", "1"], stdin: "a\n", stderr: true },
  { name: "prefixes", argv: ["s6-log", "p", "1", "pa b", "1", "p", "1"], stdin: LINES },
  script("stamps", "printf 'a\\nb\\n' | s6-log t 1 T 1 T t 1 t T p+ 1 1"),
  script("stamps of alerts", "printf 'a\\nb\\n' | s6-log t p+ 2 T E1 2 2>&1"),
  script("stamps of status files", "printf 'a\\nb\\n' | s6-log ^40 t =f ^40 T =g; cat f g; rm f g"),
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

const RECOVERY: readonly Case[] = [
  {
    name: "a clean current is continued",
    argv: ["s6-log", "./d"],
    stdin: LINES,
    files: { "d/current": { content: "old\n", mode: 0o744 }, "d/state": "s", "d/newstate": "n", "d/previous": "p" },
  },
  script("an unclean current", "mkdir d; echo old >d/current; echo s >d/state; echo new | s6-log ./d; left d"),
  script("an unclean, empty current", "mkdir d; >d/current; echo new | s6-log ./d; left d"),
  script("an unfinished output of the processor", "mkdir d; echo p >d/processed; echo new | s6-log ./d; left d"),
  script(
    "a finished output of the processor",
    `mkdir d; echo old >d/current; echo previous >d/previous; echo processed >d/processed; chmod 744 d/processed
     echo new | s6-log ./d; left d`,
  ),
  script("an unclean previous", "mkdir d; echo old >d/previous; echo new | s6-log ./d; left d"),
  script(
    "unclean current and previous",
    `mkdir d; echo old >d/current; echo older >d/previous; echo new | s6-log ./d; left d`,
    {
      exception: "the original (2.11.3) gives both the same name, fails and exits 111",
      expect: {
        stdout: "644 d/@STAMP.u:\nolder\n644 d/@STAMP.u:\nold\n744 d/current:\nnew\n644 d/lock:\n644 d/state:\n",
      },
    },
  ),
];

const ROTATION: readonly Case[] = [
  script(
    "a file is rotated when it is large enough",
    `start n2 s4096 l0 ./d
     for i in 1 2 3 4 5 6 7 8 9 10 11 12; do printf '%01000d\\n' $i; sleep 0.02; done >&9
     archived d 2; kill $p; wait $p; echo $?; left d`,
  ),
  script(
    "the tolerance makes it earlier, the total size leaves fewer",
    `start S9000 s4096 l1000 ./d
     for i in 1 2 3 4 5 6 7 8 9 10 11; do printf '%0999d\\n' $i; sleep 0.02; done >&9
     archived d 2; kill $p; wait $p; echo $?; left d`,
  ),
  script(
    "SIGALRM rotates what is not empty",
    `start ./d; kill -ALRM $p; echo a >&9; has d a; kill -ALRM $p; archived d 1; kill -ALRM $p
     echo b >&9; has d b; kill $p; wait $p; echo $?; left d`,
  ),
  script(
    "a processor in sh",
    `start '?cat; cat <&4; echo new >&5; pwd | sed "s/.*\\///"' ./d
     for i in 1 2; do echo $i >&9; has d $i; kill -ALRM $p; archived d $i; done
     kill $p; wait $p; echo $?; left d`,
  ),
  script(
    "a processor in execline that fails at first",
    `start r50 '!sh -c "cat; test -e ../again || { >../again; exit 1; }"' ./d 2>&1
     echo a >&9; has d a; kill -ALRM $p; archived d 1; kill $p; wait $p; echo $?; rm again; left d`,
  ),
  script(
    "a processor that is killed at first, and a stop meanwhile",
    `start r50 '?read x; echo $x; test -e ../again || { >../again; kill $$; }' ./d 2>&1
     echo a >&9; has d a; kill -ALRM $p; echo b >&9; kill $p; wait $p; echo $?; rm again; left d`,
    { leaves: [] },
  ),
];

const STOPS: readonly Case[] = [
  script("SIGTERM between lines", "start ./d; echo a >&9; has d a; kill $p; wait $p; echo $?; echo b >&9; left d"),
  script("SIGHUP between lines", "start ./d; echo a >&9; has d a; kill -HUP $p; wait $p; echo $?; left d"),
  script(
    "SIGTERM within a line reads to its end",
    `start ./d; printf 'a\\nb' >&9; has d a; kill $p; printf 'c\\nrest\\n' >&9; wait $p; echo $?; read -r x <&9; echo $x
     left d`,
  ),
  script(
    "with -p SIGTERM is ignored, SIGHUP is not",
    `start -p ./d; echo a >&9; has d a; kill $p; echo b >&9; has d "$(printf 'a\\nb')"; kill -HUP $p; wait $p; echo $?
     left d`,
  ),
  script(
    "another signal kills, and leaves an unclean current",
    `start ./d; echo a >&9; has d a; kill -USR1 $p; wait $p 2>/dev/null; echo $?; left d`,
  ),
  script("a second logger is refused", `start ./d; s6-log ./d 2>&1; echo $?; kill $p; wait $p; left d`),
  script(
    "10000 lines and the end of the input all arrive with -b and -p",
    "seq 10000 | s6-log -bp n200 s4096 ./d; cat d/@* d/current | cksum; rm -r d",
  ),
];

export const cases: readonly Case[] = [
  ...ERRORS,
  ...OPTIONS,
  ...INPUT,
  ...SELECTIONS,
  ...ACTIONS,
  ...RECOVERY,
  ...ROTATION,
  ...STOPS,
];
