// Rows about one service under s6-supervise, its events heard as a listener hears them.

import { BOUND_SUPERVISOR } from "../surroundings/bound.ts";
import type { Case, Given } from "./harness.ts";

/** An executable shell script. */
export const script = (text: string): Given => ({ content: `#!/bin/sh\n${text}\n`, mode: 0o755 });
export const STEADY = script("exec sleep 1000");

// The listener's fifo is there before the supervisor is. What is waited for and does not come is reported. What looks again
// and again is the original's: it takes a tenth of the processor's time.
const START = `
mkdir -p web/event; chmod 3730 web/event
fifo=web/event/ftrig1:@40000000000000000000000a:abcdef
mkfifo $fifo; exec 5<>$fifo; cat <&5 >>events & cat=$!
until_true() {
  count=0
  until "$@"; do
    count=$((count + 1))
    if [ $count = 150 ]; then echo "never: $*"; break; fi
    sleep 0.1
  done
}
told() { [ "$(cat events)" = "$1" ]; }
is() { [ "$(/usr/bin/s6-svstat -o $1 web 2>/dev/null)" = "$2" ]; }
unsupervised() { ! /usr/bin/s6-svok web; }
events() { until_true told $1; }
read_all() { [ "$(tail -c 1 events)" = . ]; }
shows() { until_true is $1 "$2"; echo "$1: $2"; }
exists() { until_true [ -e web/$1 ]; }
pid() { /usr/bin/s6-svstat -o pid web; }`;

// What the supervisor has told is in the fifo, and the listener may not have written it down yet: it reads the mark last.
const STOP = `
printf . >&5; until_true read_all
echo "events $(tr -d . <events)"
kill $cat
kill $supervisor 2>/dev/null
wait $supervisor; echo "supervisor $?"
cat errors`;

/** A row that supervises ./web and does what the lines of shell say. */
export function supervised(name: string, files: Readonly<Record<string, Given>>, ...lines: readonly string[]): Case {
  return row(name, files, [`${BOUND_SUPERVISOR} s6-supervise web 2>errors & supervisor=$!`, ...lines]);
}

/** The same by a supervisor that runs as this user. */
export function supervisedAs(
  user: string,
  name: string,
  files: Readonly<Record<string, Given>>,
  ...lines: readonly string[]
): Case {
  const start =
    `chown -R ${user} .; s6-setuidgid ${user} ${BOUND_SUPERVISOR} s6-supervise web 2>errors & supervisor=$!`;
  return row(name, files, [start, ...lines]);
}

function row(name: string, files: Readonly<Record<string, Given>>, lines: readonly string[]): Case {
  return { name, argv: ["sh", "-c", [START, ...lines, STOP].join("\n")], files, leaves: [] };
}
