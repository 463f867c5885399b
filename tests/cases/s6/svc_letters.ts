// Rows for cli/s6/svc.ts and its receivers: each letter of s6-svc under our s6-supervise, and each of s6-svscanctl.

import type { Case } from "../../rows/harness.ts";
import { script, STEADY, supervised } from "../../rows/supervised.ts";

const NAMES = {
  a: "ALRM",
  b: "ABRT",
  q: "QUIT",
  h: "HUP",
  t: "TERM",
  i: "INT",
  1: "USR1",
  2: "USR2",
  y: "WINCH",
} as const;

/** Tells which signals arrive. */
const LISTENING = script(
  `for s in ${Object.values(NAMES).join(" ")} CONT; do trap "echo $s >>got" $s; done
trap 'echo IO >>got; exit' IO
: >told; while :; do sleep 0.05; done`,
);

const signals: readonly Case[] = Object.entries({ ...NAMES, c: "CONT" }).map(([letter, name]) =>
  supervised(
    `s6-svc -${letter} sends ${name}`,
    { "web/run": LISTENING },
    `events su; exists told; s6-svc -${letter} web; exists got; cat web/got; shows up,wantedup 'true true'`,
    "s6-svc -Ok web; events sudD",
  )
);

/** The letters, and the events when the finish script has ended. */
const WHILE_FINISH_RUNS = {
  ...{ u: "sudDu", o: "sudD", d: "sudD", D: "sudD", U: "sudDu", Q: "sudD", O: "sudD", x: "sudDx" },
  ...{ t: "sudDu", k: "sudDu", r: "sudDu", p: "sudDu" },
};

// On a busy machine a second passes before it is asked: it is asked again, until two starts are less than that apart.
// The letters go straight to the supervisor, as s6-svc would send them.
const DOES_NOT_WAIT = `
send() { printf $1 >web/supervise/control; }
deaths() { [ $(tr -dc D <events | wc -c) = $1 ]; }
starts() { [ $(wc -l <web/starts) = $1 ]; }
at_once() { [ $(($(tail -n 1 web/starts) - $(tail -n 2 web/starts | head -n 1))) -lt 900 ]; }
events s
for n in 1 3 5 7 9 11 13; do
  send o; until_true deaths $n; : >web/stay
  send u; until_true starts $((n + 1)); ! at_once || break
  rm web/stay; send Ok; until_true deaths $((n + 1))
done
at_once && echo 'at once'; shows up,wantedup 'true true'; : >events`;

const others: readonly Case[] = [
  supervised(
    "s6-svc -k kills, and the service comes back",
    { "web/run": STEADY },
    "events su; s6-svc -k web; events sudDu; s6-svdt web | sed 's/.* exit/exit/; s/.* sig/sig/'",
  ),
  supervised(
    "s6-svc -p and -c stop and continue",
    { "web/run": STEADY },
    "events su; s6-svc -p web; shows paused true; until_true grep -q 'State:.T' /proc/$(pid)/status",
    "s6-svc -c web; shows paused false; until_true grep -q 'State:.S' /proc/$(pid)/status",
  ),
  supervised(
    "s6-svc -r sends the down signal and CONT follows only -d",
    { "web/run": LISTENING, "web/down-signal": "USR2\n" },
    "events su; exists told; s6-svc -r web; exists got; sleep 0.1; cat web/got; shows up,wantedup 'true true'",
    "s6-svc -d web; until_true grep -q CONT web/got; cat web/got; shows up,wantedup 'true false'; s6-svc -k web; events sudD",
  ),
  supervised(
    "s6-svc -o, -O, -u and -d while up only change the wish",
    { "web/run": STEADY },
    "events su; for l in o u O u; do s6-svc -$l web; sleep 0.1; s6-svstat -o up,wantedup web; done",
  ),
  supervised(
    "s6-svc -O does not start",
    { "web/run": STEADY, "web/down": "" },
    "events s; s6-svc -O web; sleep 0.2; shows up,wantedup 'false false'",
  ),
  supervised(
    "s6-svc -O takes a restart back",
    { "web/run": script("echo x >>starts") },
    // It dies at once, so that its next start has to wait.
    "until_true grep -q D events; s6-svc -O web; shows up,wantedup 'false false'",
    "before=$(wc -l <web/starts); sleep 1.2; [ $(wc -l <web/starts) = $before ] && echo 'no start'; : >events",
  ),
  supervised(
    "s6-svc -u does not wait for the second to pass",
    { "web/run": script("date +%s%3N >>starts; [ ! -e stay ] || exec sleep 1000"), "web/down": "" },
    DOES_NOT_WAIT,
  ),
  ...Object.entries(WHILE_FINISH_RUNS).map(([letter, then]) =>
    supervised(
      `s6-svc -${letter} while finish runs`,
      {
        "web/run": STEADY,
        "web/finish": script(": >going; until [ -e go ]; do sleep 0.05; done"),
        "web/timeout-finish": "0",
      },
      `events su; s6-svc -k web; exists going; s6-svstat -o up,ready,pid web; s6-svc -${letter} web; sleep 0.2`,
      `s6-svstat -o up,wantedup,paused web; ls web/down; : >web/go; events ${then}`,
    )
  ),
  ...["u", "d", "x", "D", "r", "t"].map((letter) =>
    supervised(
      `s6-svc -${letter} to a service that lives for the last time`,
      { "web/run": script("trap '' TERM; : >told; while :; do sleep 0.05; done") },
      `events su; exists told; s6-svc -x web; sleep 0.1; s6-svc -${letter} web; sleep 0.2; s6-svstat -o up,wantedup web`,
      "s6-svc -k web; events sudDx; until_true unsupervised",
    )
  ),
  supervised(
    "letters that mean nothing are ignored",
    { "web/run": STEADY },
    "events su; printf 'zZ?\\n\\0jd' >web/supervise/control; events sudD; shows wantedup false",
  ),
];

/**
 * A service with a child in its process group, which both tell what they get. The child starts nothing: dash starts
 * commands by vfork, and a shell whose command is stopped before its exec is asleep (State: D), not stopped (T).
 */
const FAMILY = script(`mkfifo never
trap 'echo parent >>got' USR1 HUP USR2; sh -c "trap 'echo child >>got' USR1 HUP USR2; : >born
while :; do read -r nothing <>never; done" & until [ -e born ]; do sleep 0.05; done; echo $! >child; : >told; while :; do sleep 0.05; done`);

function newer(row: Case, version: string, stdout: string): Case {
  return { ...row, exception: `s6 has it since ${version}`, expect: { stdout, code: 0 } };
}

const SLEEPS = "is_dead() { ! kill -0 $1 2>/dev/null || grep -q 'State:.Z' /proc/$1/status; }";

const ofNewerVersions: readonly Case[] = [
  newer(
    supervised(
      "s6-svc -l sends HUP, or the signal of reload-signal",
      { "web/run": FAMILY, "web/reload-signal": "USR2\n" },
      "events su; exists told; s6-svc -l web; exists got; cat web/got; rm web/reload-signal web/got; s6-svc -l web; exists got",
      "cat web/got; kill -9 $(cat web/child); s6-svc -dk web; events sudD",
    ),
    "2.15",
    "parent\nparent\nevents sudD\nsupervisor 0\n",
  ),
  newer(
    supervised(
      "s6-svc -P, -C and -K are for the process group",
      { "web/run": FAMILY },
      SLEEPS,
      "events su; exists told; child=$(cat web/child); s6-svc -P web; shows paused true",
      "until_true grep -q 'State:.T' /proc/$child/status; s6-svc -C web; shows paused false",
      "until_true grep -q 'State:.S' /proc/$child/status; s6-svc -OK web; events sudD; until_true is_dead $child",
    ),
    "2.13",
    "paused: true\npaused: false\nevents sudD\nsupervisor 0\n",
  ),
  newer(
    supervised(
      "flag-timeout-killpg kills the process group",
      { "web/run": FAMILY, "web/timeout-kill": "100", "web/down-signal": "USR1", "web/flag-timeout-killpg": "" },
      SLEEPS,
      "events su; exists told; child=$(cat web/child); s6-svc -d web; events sudD; until_true is_dead $child",
    ),
    "2.15",
    "events sudD\nsupervisor 0\n",
  ),
];

export const cases: readonly Case[] = [...signals, ...others, ...ofNewerVersions];
