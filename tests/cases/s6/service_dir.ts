// Rows for cli/s6/supervise.ts: what the files of a service directory do, right and wrong ones.

import type { Case, Given } from "../../rows/harness.ts";
import { script, STEADY, supervised } from "../../rows/supervised.ts";

const LOCKED: Readonly<Record<string, Given>> = {
  "web/run": script("echo start >>ran; exec sleep 1000"),
  "web/lock-fd": "5\n",
  "web/supervise": { directory: 0o700 },
  "web/supervise/service-lock": "",
};
/** A run that tells whether the descriptors are open, behind the shell's own. */
const TELLS = script("ls -l /proc/self/fd/5 2>/dev/null | sed 's,.*/,,'; : >told; exec sleep 1000");

const lock: readonly Case[] = [
  supervised(
    "lock-fd is open in run",
    { ...LOCKED, "web/run": TELLS },
    "events su; exists told; shows up true; ls -l /proc/$(pid)/fd/5 | sed 's,.*/,,'; ps -o args= -p $(pid)",
  ),
  {
    ...supervised(
      "lock-fd holds a lock",
      LOCKED,
      "events su; exists ran; s6-setlock -n web/supervise/service-lock true 2>/dev/null; echo $?",
      "s6-svc -wD -d web; s6-setlock -n web/supervise/service-lock true; echo $?; events sudD",
    ),
    exception: "in the original (2.11.3) the lock is lost when its descriptor is moved",
    expect: { stdout: "1\n0\nevents sudD\nsupervisor 0\n", code: 0 },
  },
  supervised(
    "a lock-fd without a lock file",
    { "web/run": STEADY, "web/lock-fd": "5" },
    "events su; shows up,wantedup 'true true'; stat -c '%a %s' web/supervise/service-lock",
  ),
  supervised(
    "a lock file that was written to is emptied",
    { ...LOCKED, "web/supervise/service-lock": "x" },
    "events su; exists ran; wc -c <web/supervise/service-lock",
  ),
  {
    ...supervised(
      "a service gets its lock-fd and its notification-fd, whatever their numbers",
      {
        ...LOCKED,
        "web/notification-fd": "7\n",
        "web/run": script("readlink /proc/self/fd/5 | sed 's,.*/,,'; echo >&7; exec sleep 1000"),
      },
      "events suU; shows up,ready 'true true'",
    ),
    exception: "the original gives one of them the other's number",
    expect: { stdout: "service-lock\nup,ready: true true\nevents suU\nsupervisor 0\n", code: 0 },
  },
  supervised(
    "lock-fd and notification-fd are two",
    { ...LOCKED, "web/notification-fd": "5" },
    "events s; until_true [ -s errors ]; shows up,wantedup 'false true'",
  ),
  {
    ...supervised(
      "a service whose lock is taken waits for it, its supervisor does not",
      { ...LOCKED, "web/down": "" },
      "s6-setlock web/supervise/service-lock sh -c ': >held; until [ -e go ]; do sleep 0.05; done' & until_true [ -e held ]",
      "s6-svc -u web; events su; ls web/ran; : >go; exists ran; s6-svc -d web; events sudD",
    ),
    exception: "the original's supervisor waits too, deaf to commands",
    expect: {
      stdout: "events sudD\nsupervisor 0\n" +
        "s6-supervise web: warning: another instance of the service is already running, child will block\n",
      code: 0,
    },
  },
];

const FILES = ["lock-fd", "notification-fd", "timeout-kill", "timeout-finish", "max-death-tally", "down-signal"];
const FINISH = script("exit 0");
const STOP = "events su; s6-svc -d web; events sudD; shows up,signal 'false SIGTERM'";

function each(content: Given): Readonly<Record<string, Given>> {
  return Object.fromEntries(FILES.map((file) => [`web/${file}`, content]));
}

const wrong: readonly Case[] = [
  ...["x\n", "", "\n", "1x\n", "-1\n", "12345678901234567890123\n"].map((content) =>
    supervised(
      `files that hold ${JSON.stringify(content)} are reported`,
      { "web/run": STEADY, "web/finish": FINISH, ...each(content) },
      `${STOP}; sort -u errors >sorted; mv sorted errors`,
    )
  ),
  supervised(
    "files that are directories are reported",
    { "web/run": STEADY, "web/finish": FINISH, ...each({ directory: 0o755 }) },
    `${STOP}; sort -u errors >sorted; mv sorted errors`,
  ),
  supervised(
    "a notification-fd that cannot be is no start",
    { "web/run": STEADY, "web/notification-fd": "999999999\n" },
    "events s; until_true [ -s errors ]; shows up,wantedup 'false true'; : >errors",
  ),
  supervised(
    "a down signal by number",
    { "web/run": STEADY, "web/down-signal": "9\n" },
    "events su; s6-svc -d web; events sudD; shows signal SIGKILL",
  ),
  supervised(
    "a down signal with a blank",
    { "web/run": STEADY, "web/down-signal": "KILL \n" },
    "events su; s6-svc -d web; events sudD; shows signal SIGTERM",
  ),
];

const limits: readonly Case[] = [
  ...[["0", 0], ["1", 14], ["2", 28]].map(([most, size]) =>
    supervised(
      `max-death-tally ${most}`,
      {
        "web/run": script("exit 0"),
        "web/finish": script("exit 0"),
        "web/max-death-tally": `${most}\n`,
        "web/down": "",
      },
      "events s; for told in sudD sudDudD sudDudDudD; do s6-svc -o web; events $told; done",
      `until_true [ "$(wc -c <web/supervise/death_tally)" = ${size} ]; s6-svdt web | wc -l`,
    )
  ),
  supervised(
    "a record of deaths does not outlive its supervisor",
    { "web/run": STEADY, "web/supervise": { directory: 0o700 }, "web/supervise/death_tally": "x".repeat(14) },
    "events su; wc -c <web/supervise/death_tally",
  ),
  supervised(
    "timeout-kill ends only what was asked to stop",
    { "web/run": script("trap '' TERM; : >told; while :; do sleep 0.05; done"), "web/timeout-kill": "100" },
    "events su; exists told; s6-svc -t web; sleep 0.4; shows up true; s6-svc -d web; events sudD; shows signal SIGKILL",
  ),
  supervised(
    "timeout-kill counts for a supervisor that is told to end",
    { "web/run": script("trap '' TERM; : >told; while :; do sleep 0.05; done"), "web/timeout-kill": "100" },
    "events su; exists told; kill $supervisor; events sudDx; until_true unsupervised",
  ),
  supervised(
    "a finish script that is killed in the end still ends its service",
    { "web/run": STEADY, "web/finish": script("trap '' TERM; exec sleep 1000"), "web/timeout-finish": "100" },
    "events su; s6-svc -dx web; events sudDx; until_true unsupervised",
  ),
  supervised(
    "a finish script that exits 125 while its supervisor ends",
    { "web/run": STEADY, "web/finish": script("exit 125") },
    "events su; s6-svc -dx web; events sudODx; until_true unsupervised",
  ),
  supervised(
    "a finish script that cannot run is as good as none",
    { "web/run": STEADY, "web/finish": "no script" },
    "events su; s6-svc -d web; events sudD; shows up,signal 'false SIGTERM'; : >errors",
  ),
];

const places: readonly Case[] = [
  ...["web", "web/supervise", "web/event"].map((path): Case => ({
    name: `s6-supervise where ${path} is a file`,
    argv: ["s6-supervise", "web"],
    files: { ...(path === "web" ? {} : { "web/run": STEADY }), [path]: "" },
    stderr: true,
    leaves: [],
  })),
  {
    name: "s6-supervise where supervise/control is a file",
    argv: ["s6-supervise", "web"],
    files: { "web/run": STEADY, "web/supervise/control": "" },
    stderr: true,
    leaves: [],
  },
  supervised(
    "directories that are there keep their modes",
    { "web/run": STEADY, "web/supervise": { directory: 0o711 } },
    "chmod 1733 web/event; events su; stat -c '%n %a' web/supervise web/event",
  ),
  supervised(
    "the umask of the service is that of the supervisor",
    { "web/run": script("umask >told; exec sleep 1000") },
    "events su; exists told; cat web/told",
  ),
  {
    ...supervised(
      "flag-newpidns makes run process 1",
      {
        "web/run": script("echo $$ >told; exec sleep 1000"),
        "web/flag-newpidns": "",
        "web/finish": script("[ $$ != 1 ]; echo $? $1 $2 $3"),
      },
      "events su; exists told; cat web/told; s6-svc -wD -dk web; s6-svstat -o up,signal web; events sudD",
    ),
    exception: "s6 has it since 2.13.1",
    expect: { stdout: "1\n0 256 9 web\nfalse SIGKILL\nevents sudD\nsupervisor 0\n", code: 0 },
  },
];

const BURSTS = ["xu", "xo", "xU", "xuxu", "xd", "dx", "xD", "xQ", "xt", "xk", "uxd", "xOo", "oxk"];

/** What is left alone is killed in the end. */
const bursts: readonly Case[] = ["", "down"].flatMap((down) =>
  BURSTS.map((letters) =>
    supervised(
      `the letters ${letters} in one write to a service that is ${down === "" ? "up" : "down"}`,
      { "web/run": script("echo $$ >pid; exec sleep 1000"), ...(down === "" ? {} : { "web/down": "" }) },
      `events ${down === "" ? "su; exists pid" : "s"}; printf ${letters} >web/supervise/control; sleep 0.3`,
      "s6-svok web; echo $?; s6-svstat -o up,wantedup web 2>/dev/null; ls web/down; s6-svc -dxk web; sleep 0.2",
      "until_true unsupervised; [ -e web/pid ] && kill -9 $(cat web/pid) && echo left alone",
    )
  )
);

export const cases: readonly Case[] = [...lock, ...wrong, ...limits, ...places, ...bursts];
