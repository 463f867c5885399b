// Rows for the table of diagnoses: why a service is not ready that s6-notifyoncheck tells for, and why one cannot have the
// descriptor that it is to tell on.

import type { Checking, Facts, RunFile } from "../../../../lib/overlay/explain/facts.ts";
import { factsWith, runWith } from "./host.ts";

/** Facts, and what is said then. */
export interface Row {
  readonly facts: Facts;
  readonly name: string;
  readonly why: RegExp;
  readonly cure: RegExp;
}

const CALLING = runWith({ head: "#!/bin/sh\nexec s6-notifyoncheck sleep 9\n" });
const CHECK = { pid: 10, name: "curl", letter: "S", parent: 9, group: 20, session: 20, started: 0 };
const TROUBLE = "unable to spawn ./run - waiting 10 seconds: unable to copy descriptor 9 to 9999: Bad file descriptor";

function unready(checking: Checking | undefined, more: Partial<Facts> = {}, checkFile?: RunFile): Facts {
  const notification = { fd: 3, isOpen: false, hasSocket: false, checking, checkFile };
  return factsWith({ ready: false }, { notification, run: CALLING, ...more });
}

/** @param lasts milliseconds */
export function checkedFor(lasts: number): Facts {
  return unready({ check: { work: { stat: CHECK, activity: "waits" }, lasts } });
}

export const CHECK_ROWS: Readonly<Record<string, Row>> = {
  "a check that is not there": {
    facts: unready({ check: undefined }, {}, runWith({ path: "/srv/web/data/check", kind: "missing" })),
    name: "check-cannot-run",
    why: /^s6-notifyoncheck cannot execute data\/check: there is no /,
    cure: /exits 0 when/,
  },
  "a check that hangs": {
    facts: checkedFor(3000),
    name: "check-hangs",
    why: /has not ended for 3 s: curl \(pid 10\) waits$/,
    cure: /-n 0 -t 2000\. See .*\.\/data\/check/,
  },
  "checks that end, and fail": {
    facts: checkedFor(10),
    name: "check-fails",
    why: /no check has exited 0$/,
    cure: /^See .*echo \$\?/,
  },
  "a pause between checks": {
    facts: unready({ check: undefined }),
    name: "check-fails",
    why: /again and again/,
    cure: /^See /,
  },
  "checks that are over": {
    facts: unready(undefined),
    name: "check-given-up",
    why: /checks no more/,
    cure: /^-n 0 .* See /,
  },
  "no readiness where nothing checks": {
    facts: unready(undefined, { run: runWith({}) }),
    name: "never-ready",
    why: /descriptor 3/,
    cure: /echo >&3/,
  },
  "a descriptor beyond the limit": {
    facts: factsWith({ state: "down", wanted: "up", pid: null, trouble: TROUBLE }),
    name: "backing-off",
    why: /copy descriptor 9 to 9999/,
    cure: /limit of open files \(ulimit -n\)/,
  },
};
