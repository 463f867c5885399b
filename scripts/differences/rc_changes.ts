// Differences from the original. s6-rc: changes of live services.

import { type Difference, inArea } from "./row.ts";

const ROWS = "tests/cases/s6_rc/rc.ts";

export const RC_CHANGES: readonly Difference[] = inArea("Changes of services (s6-rc)", [
  {
    ours: "**What is not started because of a failure is named** from verbosity 2 on, in one line behind that of the " +
      "failure.",
    original: "The original starts it not, and says nothing.",
    test: [ROWS, "s6-rc names what it does not start because of a failure"],
  },
  {
    ours: "**`s6-rc list`, `listall` and `diff` answer while a change goes on.** With `-b` they wait for its end.",
    original: "With the original they fail with `unable to take locks`, 111.",
    test: [ROWS, "lists are printed while a change goes on"],
  },
  {
    ours: "**`s6-rc -b` in a script that a change waits for fails at once**, with 111 and a line that names the " +
      "service.",
    original: "In the original both wait without end.",
    test: [ROWS, "what a change waits for does not wait for the change"],
  },
  {
    ours: "**The lock of a live directory can be opened by its user only.** Other users print lists without it.",
    original: "With the original it is readable as other files are, and a user who holds it keeps root from changes.",
    test: [
      "tests/containers/generation_3_update_test.ts",
      "a user who may only read keeps nobody from changes by a lock, nor the stop",
    ],
  },
  {
    ours: "**A supervisor that has gone is a failure at once.**",
    original: "The original waits for it until the time is over, if there is a limit.",
    test: [ROWS, "a supervisor that has gone is a failure at once"],
  },
  {
    ours: "**A change is one process.** It makes the transitions itself; the lines of `s6-svlisten` and `s6-sudoc` " +
      "are printed in their names. If it is killed, the scripts of oneshots that it waits for get `TERM`.",
    original: "The original starts an `s6-svc` or `s6-sudo` for each transition; these go on when it is killed.",
    untested: true,
  },
  {
    ours: "**A oneshot waits for the runner as long as the runner runs others of the same change.**",
    original: "In the original one that has waited for 30 seconds fails, as when more than 40 oneshots take long.",
    untested: true,
  },
]);
