// Rows for cli/s6/svscan.ts: services with loggers that come, go and come back, and what is not a service.

import type { Case, Given } from "../../rows/harness.ts";
import { scanned } from "../../rows/scanned.ts";
import { script, STEADY } from "../../rows/supervised.ts";

const LISTENER = script("exec cat >>../../../log");
const PAIR: Readonly<Record<string, Given>> = {
  "scan/web/run": script("echo said; exec sleep 1000"),
  "scan/web/log/run": LISTENER,
};

export const cases: readonly Case[] = [
  scanned(
    "the logger of a service that is pruned ends with it",
    PAIR,
    "begin; up web; up web/log; until_true [ -s log ]; mv scan/web web; s6-svscanctl -an scan; gone web; gone web/log",
    "s6-svscanctl -t scan",
  ),
  scanned(
    "a service that comes back is started afresh",
    PAIR,
    "begin; up web; up web/log; until_true [ -s log ]; mv scan/web web; s6-svscanctl -an scan; gone web; gone web/log",
    "mv web scan/web; s6-svscanctl -a scan; up web; up web/log; until_true [ $(wc -l <log) = 2 ]; cat log; s6-svscanctl -t scan",
  ),
  scanned(
    "a service that comes back before it is pruned has never been away",
    PAIR,
    "begin; up web; up web/log; before=$(pid web); mv scan/web web; s6-svscanctl -a scan; mv web scan/web",
    "s6-svscanctl -an scan; sleep 0.2; [ $(pid web) = $before ] && echo same; s6-svscanctl -t scan",
  ),
  scanned(
    "an inactive service that is told to end does not come back, and its logger stays until it is pruned",
    PAIR,
    "begin; up web; up web/log; mv scan/web web; s6-svscanctl -a scan; sleep 0.2; s6-svc -xd web; gone web",
    "s6-svok web/log && echo stays; s6-svscanctl -an scan; gone web/log",
    "s6-svscanctl -t scan",
  ),
  scanned(
    "two links to one directory are one service",
    {
      "real/run": script("echo x >>../starts; exec sleep 1000"),
      "scan/a": { link: "../real" },
      "scan/b": { link: "../real" },
    },
    "begin; up a; up b; [ $(pid a) = $(pid b) ] && echo same; wc -l <starts; s6-svscanctl -t scan",
  ),
  scanned(
    "a log that is a link to a directory is a logger",
    {
      "scan/web/run": script("echo said; exec sleep 1000"),
      "scan/web/log": { link: "../../listens" },
      "listens/run": script("exec cat >>../log"),
    },
    "begin; up web; up web/log; until_true [ -s log ]; cat log; s6-svscanctl -t scan",
  ),
  scanned(
    "a log that is a file is no logger",
    { "scan/web/run": STEADY, "scan/web/log": "" },
    "begin; up web; s6-svscanctl -t scan",
  ),
  scanned(
    "s6-svscan-log has no logger",
    { "scan/s6-svscan-log/run": STEADY, "scan/s6-svscan-log/log/run": STEADY },
    "begin; up s6-svscan-log; ls -d scan/s6-svscan-log/log/supervise; s6-svscanctl -q scan",
  ),
  scanned(
    "services and handlers have the scanner's environment",
    { "scan/web/run": script("echo $TOLD >../../env; exec sleep 1000") },
    "TOLD=words; export TOLD; begin; up web; until_true [ -s env ]; cat env; s6-svscanctl -t scan",
  ),
  scanned(
    "a logger that is told to end is replaced, and the pipe is the same",
    PAIR,
    "begin; up web; up web/log; until_true [ -s log ]; victim=$(pid web/log); s6-svc -xk scan/web/log; until_true changed web/log",
    "s6-svscanctl -t scan",
  ),
];
