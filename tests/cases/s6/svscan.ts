// Rows for cli/s6/svscan.ts: a small scan directory under s6-svscan, operated from outside.

import type { Case } from "../../rows/harness.ts";
import { scanned } from "../../rows/scanned.ts";
import { script, STEADY } from "../../rows/supervised.ts";

/** Says a line, and the next when it is told to. */
const TALKER = script(
  "for n in 1 2 3; do echo line $n; until [ -e ../../go$n ] || [ $n = 3 ]; do sleep 0.05; done; done; exec sleep 1000",
);
const LISTENER = script("exec cat >>../../../log");

const SLOW_TO_STOP = script("trap 'echo last; sleep 0.1; echo words; exit' TERM; while :; do sleep 0.05; done");

const commandLine: readonly Case[] = [
  { name: "s6-svscan with an unknown option", argv: ["s6-svscan", "-Q"] },
  { name: "s6-svscan of a directory that is missing", argv: ["s6-svscan", "nope"] },
  { name: "s6-svscan -d of a standard descriptor", argv: ["s6-svscan", "-d", "2", "."], stderr: true, leaves: [] },
  { name: "s6-svscan -d of a closed descriptor", argv: ["s6-svscan", "-d", "77", "."], stderr: true, leaves: [] },
  { name: "s6-svscan -t of a word", argv: ["s6-svscan", "-t", "x", "."], leaves: [] },
  scanned(
    "one scanner a directory",
    { "scan/web/run": STEADY },
    "begin; up web; s6-svscan scan 2>&1; echo $?; s6-svscanctl -t scan",
  ),
  scanned(
    "-d tells when the scanner is ready",
    { "scan/web/run": STEADY },
    "begin -d 4 4>ready; until_true [ -s ready ]; od -c ready; s6-svscanctl -t scan",
  ),
  {
    ...scanned(
      "services have no processes that supervise them",
      { "scan/a/run": STEADY, "scan/b/run": STEADY },
      "begin; up a; up b; ps -o args= --ppid $scanner; s6-svscanctl -t scan",
    ),
    exception: "the original has an s6-supervise for each of them",
    expect: { stdout: "a is up\nb is up\nsleep 1000\nsleep 1000\nscanner 0\n", code: 0 },
  },
  scanned(
    "-c limits the number of services",
    { "scan/a/run": STEADY, "scan/b/run": STEADY, "scan/c/run": STEADY },
    "begin -c 2; until_true [ -s errors ]; sed -i 's/for [abc]:/for X:/' errors",
    "until_true [ $(ls -d scan/*/supervise/status | wc -l) = 2 ]; s6-svscanctl -t scan",
  ),
  scanned(
    "-t rescans by itself",
    { "late/run": STEADY },
    "begin -t 200; mv late scan/late; up late; s6-svscanctl -t scan",
  ),
  scanned(
    "what the scanner makes has the modes of the original",
    { "scan/web/run": STEADY },
    "begin; up web; cd scan; stat -c '%n %a %F %s' .s6-svscan .s6-svscan/*; cd ..; s6-svscanctl -t scan",
  ),
];

const scanning: readonly Case[] = [
  scanned(
    "directories and links to directories are services, dot names and files are not",
    {
      "scan/web/run": STEADY,
      "scan/.hidden/run": STEADY,
      "scan/file": "",
      "other/run": STEADY,
      "scan/linked": { link: "../other" },
    },
    "begin; up web; up linked; ls scan scan/.hidden; s6-svscanctl -t scan",
  ),
  scanned(
    "a renamed service is the same one",
    { "scan/web/run": STEADY },
    "begin; up web; before=$(pid web); mv scan/web scan/site; s6-svscanctl -an scan; up site",
    '[ "$(pid site)" = $before ] && echo same; s6-svscanctl -z scan; up site; s6-svscanctl -t scan',
  ),
  scanned(
    "a service whose directory is gone runs on, and is restarted, until it is pruned",
    { "scan/web/run": STEADY },
    "begin; up web; mv scan/web web; s6-svscanctl -a scan; victim=$(pid ../web); kill $victim",
    "until_true changed ../web; s6-svdt web | cut -d ' ' -f 2-; s6-svscanctl -n scan; gone web",
    "s6-svscanctl -t scan",
  ),
  scanned(
    "a link that is removed leaves the service behind it to be pruned",
    { "real/web/run": STEADY, "scan/web": { link: "../real/web" } },
    "begin; up web; rm scan/web; s6-svscanctl -an scan; gone real/web; s6-svstat -o up,signal real/web; echo $?",
    "s6-svscanctl -t scan",
  ),
  scanned(
    "a supervisor that was told to exit is replaced",
    { "scan/web/run": STEADY },
    "begin; up web; victim=$(pid web); s6-svc -xt scan/web; until_true changed web; up web; s6-svscanctl -t scan",
  ),
];

const logging: readonly Case[] = [
  scanned(
    "no line is lost when the logger dies, nor when the service does",
    { "scan/web/run": TALKER, "scan/web/log/run": LISTENER },
    // Dead before the next line is written: while it dies it may still take one out of the pipe.
    "begin; up web; until_true grep -q 'line 1' log; victim=$(pid web/log); kill -9 $victim; until_true dead",
    ": >go1; until_true grep -q 'line 2' log; strike web; : >go2; until_true grep -q 'line 3' log; s6-svscanctl -t scan; wait $scanner; sort -u log",
  ),
  scanned(
    "a logger lives until its service has had its last words",
    { "scan/web/run": SLOW_TO_STOP, "scan/web/log/run": script("trap '' TERM; exec cat >>../../../log") },
    "begin; up web; up web/log; s6-svscanctl -t scan; wait $scanner; cat log",
  ),
  scanned(
    "the catch-all logger is waited for",
    { "scan/web/run": STEADY, "scan/s6-svscan-log/run": STEADY },
    "begin; up web; up s6-svscan-log; catch=$(pid s6-svscan-log); s6-svscanctl -t scan; gone scan/web",
    "alive && echo waits; kill $catch",
  ),
  scanned(
    "-q ends it as well",
    { "scan/web/run": STEADY, "scan/s6-svscan-log/run": STEADY },
    "begin; up web; up s6-svscan-log; s6-svscanctl -q scan",
  ),
];

const signals: readonly Case[] = [
  scanned(
    "a handler stands in for a signal's usual meaning",
    { "scan/web/run": STEADY, "scan/.s6-svscan/SIGTERM": script('echo "$# $0 ${PWD##*/}"; : >handled') },
    "begin; up web; kill -TERM $scanner; until_true [ -e scan/handled ]; up web; s6-svscanctl -t scan",
  ),
  scanned(
    "a handler that cannot run is reported, and the usual thing done",
    { "scan/web/run": STEADY, "scan/.s6-svscan/SIGTERM": "no script" },
    "begin; up web; kill -TERM $scanner",
  ),
  scanned(
    "HUP rescans and prunes, ALRM only rescans, USR1 and WINCH do nothing",
    { "scan/web/run": STEADY, "late/run": STEADY },
    "begin; up web; kill -USR1 $scanner; kill -WINCH $scanner; mv late scan/late; kill -ALRM $scanner; up late",
    "mv scan/late late; kill -HUP $scanner; gone late; up web; kill -INT $scanner",
  ),
  scanned(
    "unknown letters are reported",
    { "scan/web/run": STEADY },
    "begin; up web; printf Zx >scan/.s6-svscan/control; until_true grep -q x$ errors; kill -QUIT $scanner",
  ),
];

// By the shell itself: while it starts a program its signals are blocked.
const OWN_MASK = "while read -r name mask; do [ $name != SigBlk: ] || echo $mask; done </proc/$$/status";

const ending: readonly Case[] = [
  scanned(
    "the finish script is what the scanner becomes",
    {
      "scan/web/run": STEADY,
      "scan/.s6-svscan/finish": script(
        `echo "$# $0 \${PWD##*/}"; s6-svstat web >/dev/null 2>&1; echo $?; ${OWN_MASK}; exit 7`,
      ),
    },
    "begin; up web; s6-svscanctl -t scan",
  ),
  scanned(
    "a service that ignores TERM is waited for",
    { "scan/web/run": script("trap '' TERM; : >deaf; while :; do sleep 0.05; done"), "scan/quick/run": STEADY },
    "begin; up web; up quick; until_true [ -e scan/web/deaf ]; s6-svscanctl -t scan; gone scan/quick",
    "alive && echo waits; s6-svc -k scan/web",
  ),
];

export const cases: readonly Case[] = [...commandLine, ...scanning, ...logging, ...signals, ...ending];
