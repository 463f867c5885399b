// Rows for starts that fail before run runs: nothing is up, nothing has died, finish does not run, and it is tried again
// later. The original tells of the cause in a line of its own, ours in the one that is compared here.

import type { Case, Given } from "../../rows/harness.ts";
import { script, supervised, supervisedAs } from "../../rows/supervised.ts";

const FINISH = { "web/finish": script("echo finish $1 $2 $3") };
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

// The kernel lets arguments and environment have a quarter of the stack's limit, but 128 KB in any case.
const MANY_VARIABLES = { FIRST: "x".repeat(100_000), SECOND: "x".repeat(100_000) };
const LITTLE_STACK = "prlimit --pid $supervisor --stack=65536";

/** run runs, and a later program of its chain cannot be executed: that is the end of a run like any other. */
function runs(name: string, chain: string, before = ":", after = ":"): Case {
  return supervised(
    `run has run if ${name}`,
    { ...FINISH, "web/down": "", "web/run": script(`exec 2>told; exec ${chain}`) },
    `events s; ${before}; s6-svc -o web; events sudD; shows up,wantedup 'false false'; ${after}`,
    // The original has another name for s6-setuidgid.
    "s6-svdt web | cut -d ' ' -f 2-; sed 's/^s6-[a-z]*: //' web/told; s6-svc -x web; events sudDx",
  );
}

/** Two processes of the user's. */
const HAS_TWO = "s6-setuidgid nobody sleep 1000 & first=$!; s6-setuidgid nobody sleep 1000 & second=$!; " +
  "sleeps() { [ $(cat /proc/$1/comm) = sleep ]; }; until_true sleeps $first; until_true sleeps $second";

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
  {
    ...fails("has more variables than its stack has room for", { "web/run": script("exit 0") }, LITTLE_STACK),
    env: MANY_VARIABLES,
  },
  { ...runs("its last program has no room for the variables", "s6-softlimit -s 65536 true"), env: MANY_VARIABLES },
  { ...runs("a program in its midst has none", "s6-softlimit -s 65536 nice true"), env: MANY_VARIABLES },
  runs(
    "its user has as many processes as it may have",
    "s6-softlimit -p 1 s6-setuidgid nobody true",
    HAS_TWO,
    "kill $first $second",
  ),
  supervisedAs(
    "nobody",
    "a start fails if the supervisor can have no more processes",
    { ...FINISH, "web/run": script("exit 0"), "web/down": "" },
    "events s; s6-setuidgid nobody prlimit --pid $supervisor --nproc=0; s6-svc -u web; until_true [ -s errors ]",
    "events s; shows up,wantedup 'false true'; s6-svdt web; s6-svc -dx web; events sx",
    "grep -o 'waiting 60 seconds' errors; : >errors",
  ),
];
