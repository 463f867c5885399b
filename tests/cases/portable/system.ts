// Rows for cli/portable/system.ts.

import { ownNamespaces } from "../../../scripts/namespaces.ts";
import type { Case } from "../../rows/harness.ts";
import { fails, misused, prints, row } from "./rows.ts";

const script = (text: string): string[] => ["sh", "-c", text];
/** Starts a pause; once it has these signals ignored or in hand, sends it some, and prints how it ended. */
function paused(options: string, mask: string, ...signals: string[]): string[] {
  const ready = `grep -qE '^Sig(Ign|Blk):.0*${mask}$' /proc/$!/status`;
  const kills = signals.map((signal) => `kill -${signal} $!`).join("; ");
  return script(`s6-pause ${options} & until ${ready}; do sleep 0.05; done; ${kills}; wait $! 2>/dev/null; echo $?`);
}

const MAXIMUM = "[ -0 | -a | -b | -i | -k | -q | -t | -x | -1 | -2 ] milliseconds prog...";
/** A program that says it got the signal, and what is printed. */
const told = (option: string, signal: string): Case =>
  row(
    ["s6-maximumtime", option, "1500", "sh", "-c", `trap 'echo ${signal}; kill $!; exit' ${signal}; sleep 25 & wait`],
    {
      stdout: `${signal}\n`,
      code: 99,
    },
  );
/** In a namespace, so that no other process gets the signals, from which a process waits that says which it gets. */
const nuked = (argv: readonly string[], stdout: string): Case =>
  row(
    [...ownNamespaces("pid", "proc"), "sh", "attack", "s6-nuke", ...argv],
    { stdout, code: 0 },
    { files: { attack: ATTACK, waits: WAITS }, unordered: true },
  );
const ATTACK = `mkfifo ready; sh waits & read line <ready; "$@"; echo $?; : >end; wait $!; exit 0`;
const WAITS = `for signal in HUP TERM CONT; do trap "echo $signal" $signal; done
echo >ready; until test -e end; do sleep 0.05; done`;

export const cases: readonly Case[] = [
  prints("s6-sleep 0", ""),
  prints("s6-sleep 0 echo a", "a\n"),
  prints("s6-sleep -m 50 echo a", "a\n"),
  prints("s6-sleep 0 no-such-program", "", 127),
  prints("s6-sleep x", "", 100),
  ...misused("s6-sleep", "[ -m ] duration prog..."),
  fails("s6-sleep 0 nope", "s6-sleep: fatal: unable to exec nope: No such file or directory", 127),
  row(script("a=$(date +%s%N); s6-sleep -m 300; b=$(date +%s%N); test $(((b - a) / 1000000)) -ge 300"), { code: 0 }),
  row(paused("", "0", "TERM"), { stdout: "143\n" }),
  row(paused("-t", "4000", "TERM", "HUP"), { stdout: "129\n" }),
  row(paused("-thaqbi", "6027", "TERM", "HUP", "ALRM", "QUIT", "ABRT", "INT", "USR1"), { stdout: "138\n" }),
  row(paused("-p 10,12", "a00", "USR1", "USR2", "TERM"), { stdout: "143\n" }),
  row(paused("-p '10,,12 1'", "a01", "USR1", "HUP", "USR2", "TERM"), { stdout: "143\n" }),
  prints("s6-pause -p x", "", 100),
  prints("s6-pause -p ,", "", 100),
  ...misused("s6-pause", "[ -t ] [ -h ] [ -a ] [ -q ] [ -b ] [ -i ] [ -p signal,signal... ]", 0),
  row(script("nice -n 0 s6-nice nice"), { stdout: "10\n", code: 0 }),
  prints("s6-nice -n 5 nice", "5\n"),
  prints("s6-nice -n 100 nice", "19\n"),
  prints("s6-nice -n -5 nice", "-5\n"),
  prints("s6-setuidgid nobody s6-nice -n -5 nice", "0\n"),
  prints("s6-setuidgid nobody s6-nice -i -n -5 nice", "", 111),
  prints("s6-setuidgid nobody s6-nice -iI -n -5 nice", "0\n"),
  prints("s6-nice no-such-program", "", 127),
  prints("s6-nice -x nice", "", 100),
  prints("s6-nice -n x nice", "", 100),
  prints("s6-nice -n 5", "", 100),
  prints("s6-nice -iI -n 1 nice", "1\n"),
  fails("s6-nice -n 1 nope", "s6-nice: fatal: unable to exec nope: No such file or directory", 127),
  ...misused("s6-nice", "[ -I | -i ] [ -n value ] prog..."),
  row(["s6-maximumtime", "9000", "sh", "-c", "exit 7"], { stdout: "", code: 7 }),
  row(["s6-maximumtime", "0", "sh", "-c", "exit 3"], { stdout: "", code: 3 }),
  row(["s6-maximumtime", "9000", "sh", "-c", "kill -9 $$"], {
    stdout: "",
    stderr: "s6-maximumtime: warning: child process crashed\n",
    code: 111,
  }),
  ...[["-a", "ALRM"], ["-b", "ABRT"], ["-i", "INT"], ["-q", "QUIT"], ["-t", "TERM"], ["-x", "XCPU"], ["-2", "USR2"], [
    "-at",
    "TERM",
  ]].map(([option = "", signal = ""]) => told(option, signal)),
  row(["s6-maximumtime", "-k", "1000", "sh", "-c", "trap '' TERM; exec sleep 25"], {
    stdout: "",
    stderr: "s6-maximumtime: warning: unable to wait for child process: Connection timed out\n",
    code: 99,
  }),
  fails("s6-maximumtime 9000 nope", "s6-maximumtime: fatal: unable to spawn nope: No such file or directory", 111),
  ...misused("s6-maximumtime", MAXIMUM),
  prints("s6-maximumtime 50 sleep 9", "", 99),
  row(["s6-maximumtime", "-0", "50", "sh", "-c", "sleep 0.4; echo late"], { stdout: "late\n", code: 99 }),
  row(["s6-maximumtime", "50", "sh", "-c", "sleep 0.4; echo late"], { stdout: "", code: 99 }),
  row(["s6-maximumtime", "-1", "300", "sh", "-c", "trap 'echo one' USR1; sleep 1; exit"], {
    stdout: "one\n",
    code: 99,
  }),
  prints("s6-maximumtime x true", "", 100),
  prints("s6-maximumtime 9", "", 100),
  row(script("s6-clock | grep -cE '^@40000000[0-9a-f]{16}$'"), { stdout: "1\n" }),
  fails("s6-clock x", "s6-clock: usage: s6-clock [ tai64nlabel ]", 100),
  prints("s6-clock --", "", 100),
  prints("s6-clock @400000006b08ef5b267002b", "", 100),
  prints("s6-clock @400000006b08ef5b267002bxx", "", 100),
  nuked([], "0\n"),
  nuked(["-h"], "0\nHUP\n"),
  nuked(["-t"], "0\nTERM\nCONT\n"),
  nuked(["-th"], "0\nHUP\nTERM\nCONT\n"),
  nuked(["-k"], "0\n"),
  row([...ownNamespaces("pid"), "s6-nuke", "-h"], {
    stderr: "s6-nuke: fatal: unable to kill: No such process\n",
    code: 111,
  }),
  ...misused("s6-nuke", "[ -h | -t | -k ]", 0),
  prints("s6-clock -x", "", 100),
  prints("s6-clock @400000006b0343732906ea4", "", 100),
  prints("s6-clock 400000006b0343732906ea43", "", 100),
  // To be refused it has to have been asked for.
  row("s6-setuidgid nobody s6-clock @400000006b0343732906ea43".split(" "), {
    stdout: "",
    code: 111,
    stderr: "s6-clock: fatal: unable to set the clock: Operation not permitted\n",
  }),
  prints("s6-sync -x", ""),
  row(script("s6-uniquename a/b | grep -cE '^a/b:@[0-9a-f]{24}:[0-9]+:[^:]+:[A-Za-z0-9]{8}$'"), { stdout: "1\n" }),
  row(script("s6-uniquename -n 0 a | grep -cE '^a:@[0-9a-f]{24}:[0-9]+:[^:]+$'"), { stdout: "1\n" }),
  ...misused("s6-uniquename", "[ -n randomlen ] prefix"),
  prints("s6-uniquename -n x a", "", 100),
];
