// Rows for cli/portable/system.ts.

import type { Case } from "../../harness.ts";
import { prints, row } from "./rows.ts";

const script = (text: string): string[] => ["sh", "-c", text];
/** Starts a pause; once it has these signals ignored or in hand, sends it some, and prints how it ended. */
function paused(options: string, mask: string, ...signals: string[]): string[] {
  const ready = `grep -qE '^Sig(Ign|Blk):.0*${mask}$' /proc/$!/status`;
  const kills = signals.map((signal) => `kill -${signal} $!`).join("; ");
  return script(`s6-pause ${options} & until ${ready}; do sleep 0.01; done; ${kills}; wait $! 2>/dev/null; echo $?`);
}

export const cases: readonly Case[] = [
  prints("s6-sleep 0", ""),
  prints("s6-sleep 0 echo a", "a\n"),
  prints("s6-sleep -m 50 echo a", "a\n"),
  prints("s6-sleep 0 no-such-program", "", 127),
  prints("s6-sleep x", "", 100),
  prints("s6-sleep", "", 100),
  row(script("a=$(date +%s%N); s6-sleep -m 300; b=$(date +%s%N); test $(((b - a) / 1000000)) -ge 300"), { code: 0 }),
  row(paused("", "0", "TERM"), { stdout: "143\n" }),
  row(paused("-t", "4000", "TERM", "HUP"), { stdout: "129\n" }),
  row(paused("-thaqbi", "6027", "TERM", "HUP", "ALRM", "QUIT", "ABRT", "INT", "USR1"), { stdout: "138\n" }),
  row(paused("-p 10,12", "a00", "USR1", "USR2", "TERM"), { stdout: "143\n" }),
  prints("s6-pause -p x", "", 100),
  prints("s6-pause -z", "", 100),
  row(script("nice -n 0 s6-nice nice"), { stdout: "10\n", code: 0 }),
  prints("s6-nice -n 5 nice", "5\n"),
  prints("s6-nice -n 100 nice", "19\n"),
  prints("s6-nice -n -5 nice", "-5\n"),
  prints("s6-setuidgid nobody s6-nice -n -5 nice", "0\n"),
  prints("s6-setuidgid nobody s6-nice -i -n -5 nice", "", 111),
  prints("s6-nice -n x nice", "", 100),
  prints("s6-nice -n 5", "", 100),
  row(["s6-maximumtime", "9000", "sh", "-c", "exit 7"], { stdout: "", code: 7 }),
  row(["s6-maximumtime", "0", "sh", "-c", "exit 3"], { stdout: "", code: 3 }),
  row(["s6-maximumtime", "9000", "sh", "-c", "kill -9 $$"], { stdout: "", code: 111 }),
  prints("s6-maximumtime 50 sleep 9", "", 99),
  row(["s6-maximumtime", "-0", "50", "sh", "-c", "sleep 0.4; echo late"], { stdout: "late\n", code: 99 }),
  row(["s6-maximumtime", "50", "sh", "-c", "sleep 0.4; echo late"], { stdout: "", code: 99 }),
  row(["s6-maximumtime", "-1", "300", "sh", "-c", "trap 'echo one' USR1; sleep 1; exit"], {
    stdout: "one\n",
    code: 99,
  }),
  prints("s6-maximumtime 9000 no-such-program", "", 111),
  prints("s6-maximumtime x true", "", 100),
  prints("s6-maximumtime 9", "", 100),
  row(script("s6-clock | grep -cE '^@40000000[0-9a-f]{16}$'"), { stdout: "1\n" }),
  prints("s6-clock x", "", 100),
  prints("s6-sync -x", ""),
  row(script("s6-uniquename a/b | grep -cE '^a/b:@[0-9a-f]{24}:[0-9]+:[^:]+:[A-Za-z0-9]{8}$'"), { stdout: "1\n" }),
  row(script("s6-uniquename -n 0 a | grep -cE '^a:@[0-9a-f]{24}:[0-9]+:[^:]+$'"), { stdout: "1\n" }),
  prints("s6-uniquename", "", 100),
];
