// Rows for cli/s6/supervise.ts: how a service lives. What its directory may hold is in service_dir.ts.

import type { Case, Given } from "../../rows/harness.ts";
import { script, STEADY, supervised } from "../../rows/supervised.ts";

const NOTIFYING = { "web/run": script("echo >&3; exec sleep 1000"), "web/notification-fd": "3\n" };

/** Prints the masks of a process, but for the C library's own signals, which Deno.Command leaves ignored. */
const SIGNALS = "sed -nE 's/^(Sig(Blk|Ign)):.*(.{7})$/\\1 \\3/p' /proc/self/status";

const starting: readonly Case[] = [
  { name: "s6-supervise without a directory", argv: ["s6-supervise"], stderr: true },
  { name: "s6-supervise of a directory that is missing", argv: ["s6-supervise", "nope"], stderr: true },
  supervised(
    "run has its name, its service's name, its directory and a session of its own",
    { "web/run": script('echo "$0 $*"; basename $PWD; ps -o sid= -p $$ | grep -cw $$; : >told; exec sleep 1000') },
    "events su; exists told; s6-svc -d web; events sudD",
  ),
  supervised(
    "run gets no signal blocked or ignored, and none of our descriptors",
    { "web/run": script(`${SIGNALS}; exec 5>&-; ls /proc/self/fd; : >told; exec sleep 1000`) },
    "events su; exists told; s6-svc -d web; events sudD",
  ),
  supervised(
    "what the supervisor makes has the modes of the original",
    { "web/run": STEADY },
    "events su; cd web; stat -c '%n %a %F %s' event supervise supervise/*; cd ..",
  ),
  {
    name: "links that dangle are made directories where they lead",
    argv: [
      "sh",
      "-c",
      "s6-supervise web & until s6-svc -x web 2>/dev/null; do sleep 0.05; done; wait; stat -c '%n %a %F' made/*",
    ],
    files: { "web/event": { link: "../made/event" }, "web/supervise": { link: "../made/supervise" }, "made/x": "" },
    leaves: [],
  },
  supervised(
    "a service with a file down waits for a command",
    { "web/run": STEADY, "web/down": "" },
    "events s; shows up,wantedup 'false false'; s6-svc -u web; events su; shows up,wantedup 'true true'",
  ),
  supervised(
    "one supervisor a service",
    { "web/run": STEADY },
    "events su; s6-supervise web 2>&1; echo $?; s6-svc -dx web; events sudDx",
  ),
  {
    ...supervised(
      "a run script that is missing is tried again later, and named once",
      {},
      "events s; s6-svc -o web; shows up,wantedup 'false false'; s6-svc -ux web; events sx",
    ),
    exception: "one line says it all, and does not come again with each attempt",
    expect: {
      code: 0,
      stdout: "up,wantedup: false false\nevents sx\nsupervisor 0\n" +
        "s6-supervise web: warning: unable to spawn ./run - waiting 10 seconds: No such file or directory\n",
    },
  },
];

const dying: readonly Case[] = [
  supervised(
    "finish learns how run ended",
    {
      "web/run": script("echo $$ >pid; exec sleep 1000"),
      "web/finish": script('echo "$0 $1 $2 $3 $(($4 - $(cat pid)))"'),
    },
    "events su; kill -9 $(pid); events sudDu; s6-svc -d web; events sudDudD",
  ),
  supervised(
    "each death leaves a record, the last three if there are to be three",
    {
      "web/run": script("exit 7"),
      "web/finish": script("exec sleep 0.05"),
      "web/max-death-tally": "3\n",
      "web/down": "",
    },
    "events s; for told in sudD sudDudD sudDudDudD sudDudDudDudD; do s6-svc -o web; events $told; done",
    "od -An -tx1 web/supervise/death_tally | tr -d ' \\n' | sed 's/.\\{24\\}\\(....\\)/\\1 /g'; echo",
  ),
  supervised(
    "a finish script that exits 125 keeps the service down",
    { "web/run": script("exit 1"), "web/finish": script("exit 125") },
    "events sudOD; s6-svstat -o up,wantedup,ready,exitcode web; s6-svc -u web; events sudODudOD",
  ),
  supervised(
    "a finish script has its time",
    { "web/run": STEADY, "web/finish": script("exec sleep 1000"), "web/timeout-finish": "200" },
    "events su; s6-svc -d web; events sudD; s6-svstat -o up,signal web",
  ),
  supervised(
    "timeout-kill ends a service that does not end",
    { "web/run": script("trap '' TERM; : >told; while :; do sleep 0.05; done"), "web/timeout-kill": "200" },
    "events su; exists told; s6-svc -d web; events sudD; s6-svstat -o up,signal web",
  ),
  supervised(
    "the down signal is the one in the file",
    { "web/run": script("trap 'exit 9' USR1; : >told; while :; do sleep 0.05; done"), "web/down-signal": "usr1\n" },
    "events su; exists told; s6-svc -d web; events sudD; s6-svstat -o up,exitcode web",
  ),
];

const readiness: readonly Case[] = [
  supervised(
    "a newline makes a service ready",
    { "web/run": script("printf ab >&4; sleep 0.2; echo c >&4; exec sleep 1000"), "web/notification-fd": "4" },
    "events suU; shows up,ready 'true true'",
  ),
  supervised(
    "the end without a newline does not",
    { "web/run": script("printf ab >&3; exec 3>&-; : >told; exec sleep 1000"), "web/notification-fd": "3" },
    "events su; exists told; s6-svc -d web; events sudD",
  ),
  supervised(
    "a service that was ready for a second is restarted at once",
    NOTIFYING,
    "events suU; sleep 1.2; kill -9 $(pid); events suUdDuU; s6-svstat -o up,ready,wantedup web",
  ),
];

const NOTE_START = "date +%s%3N >>starts";
const NOTE_END = "date +%s%3N >>ended";
// One start may be late on a busy machine, the next need not be.
const PACE = `
has_starts() { [ "$(cat web/starts 2>/dev/null | wc -l)" -ge $1 ]; }
is_at_once() { tail -n +2 web/starts | paste - web/ended | awk 'NF == 2 && $1 - $2 < 900 { seen = 1 } END { exit !seen }'; }`;
const NO_MORE_EVENTS = "s6-svc -dx web; until_true grep -q x events; : >events";

function atOnce(name: string, files: Readonly<Record<string, Given>>, lines: string): Case {
  return {
    ...supervised(name, files, PACE, lines, "is_at_once && echo 'at once'", NO_MORE_EVENTS),
    exception: "s6 from 2.11.2 on waits for a second after each death, or after readiness",
    expect: { stdout: "at once\nevents \nsupervisor 0\n", code: 0 },
  };
}

const pace: readonly Case[] = [
  atOnce(
    "what was up for a second and is told to restart is started at once",
    { "web/run": script(`trap '${NOTE_END}; exit' TERM; ${NOTE_START}; while :; do sleep 0.05; done`) },
    "for n in 1 2 3 4; do until_true has_starts $n; sleep 1.1; s6-svc -r web; until_true has_starts $((n + 1)); ! is_at_once || break; done",
  ),
  atOnce(
    "a start follows at once a finish script that took a second",
    { "web/run": script(NOTE_START), "web/finish": script(`sleep 1.1; ${NOTE_END}`) },
    "until_true is_at_once",
  ),
  supervised(
    "what dies at once is started once a second at most",
    { "web/run": script(NOTE_START), "web/down": "" },
    PACE,
    "events s; before=$(date +%s%3N); s6-svc -u web; until_true has_starts 4",
    "[ $(($(sed -n 4p web/starts) - before)) -ge 2990 ] && echo 'once a second'",
    NO_MORE_EVENTS,
  ),
];

const commands: readonly Case[] = [
  supervised(
    "p and c are seen, and d undoes p",
    { "web/run": STEADY },
    "events su",
    "for step in 'p true true true' 'c true false true' 'p true true true' 'd false false false'; do",
    'set -- $step; s6-svc -$1 web; shows up,paused,wantedup "$2 $3 $4"; done; events sudD',
  ),
  supervised(
    "D, U and Q move the file down",
    { "web/run": STEADY },
    "events su; s6-svc -Q web; shows up,wantedup,normallyup 'true false false'",
    "s6-svc -U web; shows up,wantedup,normallyup 'true true true'",
    "s6-svc -D web; events sudD; shows up,wantedup,normallyup 'false false false'",
  ),
  supervised(
    "o starts once",
    { "web/run": script("exit 0"), "web/down": "" },
    "events s; s6-svc -o web; events sudD; shows up,wantedup 'false false'",
  ),
  ...[["TERM", "events sudDx"], ["HUP", "kill $child; events sudDx"], ["QUIT", "events sux; kill $child"]].map((
    [signal, after],
  ) =>
    supervised(
      `${signal} to the supervisor`,
      { "web/run": STEADY, "web/finish": script("echo finish; sleep 0.1") },
      `events su; child=$(pid); kill -${signal} $supervisor; ${after}`,
      "until_true unsupervised",
    )
  ),
];

export const cases: readonly Case[] = [...starting, ...dying, ...readiness, ...pace, ...commands];
