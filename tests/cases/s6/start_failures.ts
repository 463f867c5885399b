// Rows for starts that fail before run runs: nothing is up, nothing has died, finish does not run, and it is tried again
// later. The original tells of the cause in a line of its own, ours in the one that is compared here.

import type { Case, Given } from "../../harness.ts";
import { script, supervised } from "../../supervised.ts";

const FINISH = { "web/finish": script("echo finish $*") };
const SHOWN = "grep -o 'unable to spawn ./run - waiting 10 seconds' errors | head -n 1; rm errors; : >errors";

function fails(name: string, run: Readonly<Record<string, Given>>, before: string, ...more: readonly string[]): Case {
  return supervised(
    `a start fails if run ${name}`,
    { ...FINISH, ...run, "web/down": "" },
    `events s; ${before}; s6-svc -u web; until_true [ -s errors ]`,
    ...more,
    "events s; shows up,wantedup 'false true'; s6-svdt web; s6-svc -dx web; events sx",
    SHOWN,
  );
}

export const cases: readonly Case[] = [
  fails("is missing", {}, ":"),
  fails("is not executable", { "web/run": "#!/bin/sh\nexit 0\n" }, ":"),
  fails("has an interpreter that is missing", { "web/run": { content: "#!/no/such\n", mode: 0o755 } }, ":"),
  fails("is a directory", { "web/run/file": "" }, ":"),
  fails("is a fifo", {}, "mkfifo web/run"),
  fails("is a loop of links", { "web/run": { link: "run" } }, ":"),
  fails("is being written", {}, "cp /bin/true web/run; exec 7>>web/run"),
  supervised(
    "a start that failed works when its cause is gone, and the next failure is told again",
    { ...FINISH, "web/down": "" },
    "events s; s6-svc -o web; until_true [ -s errors ]; rm errors; : >errors",
    "printf '#!/bin/sh\\nexec sleep 1000\\n' >web/run; chmod +x web/run; s6-svc -u web; events su; s6-svc -d web",
    "events sudD",
  ),
];
