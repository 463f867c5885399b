// Rows about s6-log that need a logger at work: shell scripts that feed it, signal it and show what it left. Stamps differ
// from run to run, so what is printed has them taken out, and long lines made short.

import type { Case } from "./harness.ts";

const NO_STAMPS =
  "sed -E 's/0{99,}/0/g; s/@[0-9a-f]{24}/@STAMP/g; s/[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}\\.[0-9]{9}/LOCAL/g'";

// "start" waits until logger number $p is ready; descriptor 9 is the other end of its input.
const TOOLS = `
umask 022
mkfifo pipe; exec 9<>pipe
start() { env --default-signal=INT,QUIT s6-log -d 3 "$@" <&9 9>&- 3>ready & p=$!; until test -s ready; do sleep 0.05; done; rm ready; }
has() { until test "$(cat $1/current)" = "$2"; do sleep 0.05; done; }
archived() { until test "$(ls $1 | grep -c '^@.*\\.[su]$')" = $2 && ! test -e $1/previous; do sleep 0.05; done; }
there() { until test -e $1; do sleep 0.05; done; }
stopped() { kill $p; wait $p; echo $?; }
left() { for f in $1/*; do echo "$(stat -c '%a %s' $f) $f:"; cat $f; done; rm -r $1; }`;

export const LINES = "ERROR one\n\nDEBUG two\nnote\nDEBUG ERROR three\n";

/** A row that runs a shell script with these tools and prints its output. */
export function logScript(name: string, text: string, more: Partial<Case> = {}): Case {
  return { name, argv: ["sh", "-c", `{ ${TOOLS}\n${text}\n } | ${NO_STAMPS}; rm -f pipe`], ...more };
}
