// Rows for cli/s6/svscan.ts: its options, commands, signals and ends, one by one.

import type { Case, Given } from "../../rows/harness.ts";
import { scanned } from "../../rows/scanned.ts";
import { script, STEADY } from "../../rows/supervised.ts";

const HANDLED = ["HUP", "INT", "TERM", "QUIT", "USR1", "USR2", "PWR", "WINCH"];
const LONG = "n".repeat(251);
/** The catch-all logger's own words, and where they go. */
// It stays when its input is at its end: started again, it would say the same once more.
const CATCH_ALL = script("echo logger >&2; cat >>../../caught; exec sleep 1000");
const TELLS_ITS_END = script(
  "trap 'echo TERM >>../../ended; exit' TERM; trap 'echo HUP >>../../ended' HUP; : >told; while :; do sleep 0.05; done",
);

const options: readonly Case[] = [
  ...["-c", "-t", "-d", "-X"].map((option): Case => ({
    name: `s6-svscan ${option} of a word`,
    argv: ["s6-svscan", option, "x", "."],
    leaves: [],
  })),
  ...["0", "1", "2"].map((fd): Case => ({
    name: `s6-svscan -X ${fd}`,
    argv: ["s6-svscan", "-X", fd, "."],
    leaves: [],
  })),
  { name: "s6-svscan -X of a closed descriptor", argv: ["s6-svscan", "-X", "77", "."], leaves: [] },
  { name: "s6-svscan of a file", argv: ["s6-svscan", "file"], files: { file: "" }, leaves: [] },
  ...[".s6-svscan", ".s6-svscan/control"].map((path): Case => ({
    name: `s6-svscan where ${path} is a file`,
    argv: ["s6-svscan", "."],
    files: { [path]: "" },
    leaves: [],
  })),
  scanned(
    "-c of less than two is two",
    { "scan/a/run": STEADY, "scan/b/run": STEADY, "scan/c/run": STEADY },
    "begin -c 1; until_true [ -s errors ]; sed -i 's/for [abc]:/for X:/' errors",
    "until_true [ $(ls -d scan/*/supervise/status | wc -l) = 2 ]; s6-svscanctl -t scan",
  ),
  {
    ...scanned(
      "-C counts loggers too",
      { "scan/a/run": STEADY, "scan/b/run": STEADY, "scan/c/run": STEADY },
      "begin -C 4; until_true [ -s errors ]; s6-svscanctl -t scan",
    ),
    exception: "s6 has it since 2.12",
    expect: {
      stdout: "scanner 0\ns6-svscan: warning: unable to start supervisor for c: too many services\n",
      code: 0,
    },
  },
  {
    ...scanned(
      "-L limits names",
      { "scan/short/run": STEADY, "scan/twelve_chars/run": STEADY },
      "begin -L 1; up short; until_true [ -s errors ]; s6-svscanctl -t scan",
    ),
    exception: "s6 has it since 2.12; less than 11 is 11",
    expect: {
      stdout: "short is up\nscanner 0\ns6-svscan: warning: name too long - not spawning service: twelve_chars\n",
      code: 0,
    },
  },
  scanned("a name of 251 characters", { [`scan/${LONG}/run`]: STEADY }, `begin; up ${LONG}; s6-svscanctl -t scan`),
  scanned(
    "-X gives the catch-all logger and the finish script the console",
    {
      "scan/web/run": script("echo web >&2; exec sleep 1000"),
      "scan/s6-svscan-log/run": CATCH_ALL,
      "scan/.s6-svscan/finish": script("echo finish; echo finish >&2"),
    },
    "mkfifo pipe; cat pipe >stream & exec 4>console 5<>pipe; begin -X 4 >pipe; up web; until_true [ -s console ]",
    "until_true [ -e caught ]; s6-svc -Ok scan/web; s6-svscanctl -q scan; wait $scanner; exec 5>&-; cat console",
  ),
];

const commands: readonly Case[] = [
  ...["t", "i", "q"].map((letter) =>
    scanned(
      `s6-svscanctl -${letter} ends services and loggers`,
      {
        "scan/web/run": TELLS_ITS_END,
        "scan/web/log/run": script(
          "trap 'echo logger TERM >>../../../ended; exit' TERM; : >told; cat; while :; do sleep 0.05; done",
        ),
      },
      `begin; up web; up web/log; until_true [ -e scan/web/told ]; until_true [ -e scan/web/log/told ]`,
      `s6-svscanctl -${letter} scan; until_true grep -q ^TERM ended; gone scan/web; s6-svc -k scan/web/log; wait $scanner; sort ended`,
    )
  ),
  ...["n", "N", "an", "h", "aN"].map((letters) =>
    scanned(
      `s6-svscanctl -${letters} after a service has gone`,
      { "scan/web/run": STEADY, "scan/stays/run": STEADY },
      `begin; up web; up stays; mv scan/web web; s6-svscanctl -${letters} scan; sleep 0.3; s6-svok web; echo $?; up stays`,
      "s6-svscanctl -an scan; gone web; s6-svscanctl -t scan",
    )
  ),
  scanned(
    "s6-svscanctl -z and -a change nothing where nothing has changed",
    { "scan/web/run": STEADY },
    "begin; up web; before=$(pid web); s6-svscanctl -zaaz scan; sleep 0.2; [ $(pid web) = $before ] && echo same",
    "s6-svscanctl -t scan",
  ),
  scanned(
    "s6-svscanctl -tb ends services and waits for none",
    { "scan/web/run": script("trap '' TERM; : >told; while :; do sleep 0.05; done") },
    "begin; up web; until_true [ -e scan/web/told ]; child=$(pid web); s6-svscanctl -tb scan; wait $scanner; echo left",
    "kill -9 $child; gone scan/web; sleep 0.1",
  ),
  scanned(
    "s6-svscanctl -bt waits",
    { "scan/web/run": TELLS_ITS_END },
    "begin; up web; until_true [ -e scan/web/told ]; s6-svscanctl -bt scan; wait $scanner; cat ended",
  ),
  scanned(
    "s6-svscanctl -b leaves services alone",
    { "scan/web/run": TELLS_ITS_END },
    "begin; up web; until_true [ -e scan/web/told ]; child=$(pid web); s6-svscanctl -b scan; wait $scanner",
    "kill -0 $child && echo lives; s6-svc -xd scan/web 2>/dev/null; kill -9 $child 2>/dev/null; gone scan/web; sleep 0.1",
  ),
];

const signals: readonly Case[] = [
  ...HANDLED.map((name) =>
    scanned(
      `SIG${name} runs its handler`,
      { "scan/web/run": STEADY, [`scan/.s6-svscan/SIG${name}`]: script(`echo "$# $0 \${PWD##*/}" >../handled`) },
      `begin; up web; kill -${name} $scanner; until_true [ -s handled ]; cat handled; up web; s6-svscanctl -t scan`,
    )
  ),
  ...["INT", "TERM", "QUIT"].map((name) =>
    scanned(
      `SIG${name} without a handler ends the scanner`,
      { "scan/web/run": TELLS_ITS_END },
      `begin; up web; until_true [ -e scan/web/told ]; kill -${name} $scanner; wait $scanner; cat ended`,
    )
  ),
  ...["USR1", "USR2", "PWR", "WINCH"].map((name) =>
    scanned(
      `SIG${name} without a handler does nothing`,
      { "scan/web/run": STEADY },
      `begin; up web; kill -${name} $scanner; sleep 0.2; up web; s6-svscanctl -t scan`,
    )
  ),
  scanned(
    "SIGABRT is -b",
    { "scan/web/run": STEADY },
    "begin; up web; child=$(pid web); kill -ABRT $scanner; wait $scanner; kill -0 $child && echo lives",
    "s6-svc -xd scan/web 2>/dev/null; kill -9 $child 2>/dev/null; gone scan/web; sleep 0.1",
  ),
  scanned(
    "handlers are looked up anew at each signal",
    { "scan/web/run": STEADY, "handler": script("echo x >>../handled") },
    "begin; up web; kill -USR1 $scanner; sleep 0.1; cp handler scan/.s6-svscan/SIGUSR1; kill -USR1 $scanner",
    "until_true [ -s handled ]; rm scan/.s6-svscan/SIGUSR1; kill -USR1 $scanner; sleep 0.1; wc -l <handled; s6-svscanctl -t scan",
  ),
];

function finishing(name: string, finish: Given, more: Readonly<Record<string, Given>> = {}): Case {
  return scanned(
    name,
    { "scan/web/run": STEADY, "scan/.s6-svscan/finish": finish, ...more },
    "begin; up web; s6-svscanctl -t scan",
  );
}

const ends: readonly Case[] = [
  finishing("a finish script that cannot run leads to crash", "no script", {
    "scan/.s6-svscan/crash": script('echo "crash $# $0 ${PWD##*/}"; exit 5'),
  }),
  finishing("a finish script that cannot run, and no crash", "no script"),
  finishing("the scanner becomes finish", script("ps -o args= -p $$ | wc -l; echo $# $0; exit 3")),
  scanned(
    "a scanner that cannot begin does not crash",
    { "scan/web/run": STEADY, "scan/.s6-svscan/crash": script("echo crash") },
    "begin; up web; s6-svscan scan; echo $?; s6-svscanctl -t scan",
  ),
  scanned(
    "a second scanner may follow the first",
    { "scan/web/run": STEADY },
    "begin; up web; s6-svscanctl -t scan; wait $scanner; begin; up web; s6-svscanctl -t scan",
  ),
];

export const cases: readonly Case[] = [...options, ...commands, ...signals, ...ends];
