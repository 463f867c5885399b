// Rows about a small scan directory under s6-svscan, operated from outside.

import { BOUND_SUPERVISOR } from "../surroundings/bound.ts";
import type { Case, Given } from "./harness.ts";

// What is waited for and does not come is reported. What looks again and again is the original's (supervised.ts).
const TOOLS = `
until_true() {
  count=0
  until "$@"; do
    count=$((count + 1))
    if [ $count = 150 ]; then echo "never: $*"; break; fi
    sleep 0.1
  done
}
answers() { /usr/bin/s6-svscanctl scan 2>/dev/null; }
alive() { kill -0 $scanner 2>/dev/null; }
is() { [ "$(/usr/bin/s6-svstat -o $1 $2 2>/dev/null)" = "$3" ]; }
up() { until_true is up,wantedup scan/$1 'true true'; echo "$1 is up"; }
gone() { until_true unsupervised $1; echo "$1 is gone"; }
unsupervised() { ! /usr/bin/s6-svok $1; }
pid() { /usr/bin/s6-svstat -o pid scan/$1; }
# pid prints -1 for a service that is down, which kill would take for everybody.
strike() { until_true is up scan/$1 true; victim=$(pid $1); [ $victim -gt 1 ] && kill -9 $victim; until_true changed $1; }
dead() { ! kill -0 $victim 2>/dev/null; }
changed() { case "$(/usr/bin/s6-svstat -o up,pid scan/$1 2>/dev/null)" in "true $victim" | false* | "") false ;; esac; }
begin() { ${BOUND_SUPERVISOR} s6-svscan "$@" scan 2>errors & scanner=$!; until_true answers; }`;

const END = `
wait $scanner; echo "scanner $?"
sed 's/: it .*//; s/ (.*//' errors`;

/** A row that runs s6-svscan on ./scan and does what the lines of shell say; they end it. */
export function scanned(name: string, files: Readonly<Record<string, Given>>, ...lines: readonly string[]): Case {
  return { name, argv: ["sh", "-c", ["mkdir -p scan", TOOLS, ...lines, END].join("\n")], files, leaves: [] };
}
