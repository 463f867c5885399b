// Differences from the original. s6-rc: updates of live directories, and repositories.

import { type Difference, inArea } from "./row.ts";

const UPDATES = "tests/cases/s6_rc/update.ts";
const REPOSITORIES = "tests/cases/s6_rc/repository.ts";

export const RC_UPDATES: readonly Difference[] = inArea("Updates and repositories (s6-rc)", [
  {
    ours:
      "**A service that becomes a consumer gets its pipe in `s6-rc-update`**, whatever it was before: what the holder " +
      "has is compared with what the new database needs.",
    original: "The original makes none for one that keeps its name, whose script then fails.",
    test: [UPDATES, "a service that becomes a consumer gets its pipe"],
  },
  {
    ours:
      "**`s6-rc-update` copies all files before it touches the first service**; what follows are renamings, which " +
      "are taken back if one fails.",
    original:
      "The original copies files while it moves directories; where one is missing, it is left without a live directory.",
    test: [UPDATES, "a database that lacks a service directory changes nothing"],
  },
  {
    ours: "**A closing brace alone in a conversion file is a mismatched one.**",
    original: "The original takes it for a keyword that it does not know.",
    test: [UPDATES, "a closing brace in a conversion file"],
  },
  {
    ours:
      "**`s6-rc-update -b` in a script that a change waits for fails at once**, and so does `s6-rc-format-upgrade " +
      "-b`; `s6-rc -b list` prints there without waiting.",
    original: "In the original both wait without end.",
    test: [
      "tests/containers/generation_3_update_test.ts",
      "within a transition an update that would wait for it is refused in one line, and so is whatever else waits",
    ],
  },
  {
    ours:
      "**A stop behind `s6-rc-update` brings down what the new database has**, by `s6-rc` as a child of process 1, " +
      "within the services' time.",
    original: "The original waits for it without limit.",
    test: [
      "tests/containers/generation_3_update_test.ts",
      "services are added, removed, changed and renamed while others go on",
    ],
  },
  {
    ours: "**The locks are held until `s6-rc-update` has ended**, that of the new live directory too.",
    original: "The original gives them up before it starts services again.",
    untested: true,
  },
  {
    ours: "**Programs of repositories say by themselves that a name is unknown.**",
    original: "With the original, `s6-rc-db` says it.",
    test: [REPOSITORIES, "a service that no store has"],
  },
  {
    ours: "**`s6-rc-set-status` of a bundle without services prints nothing.**",
    original: "The original prints all services of the set.",
    test: [REPOSITORIES, "the status of no services"],
  },
  {
    ours: "**`s6-rc-set-delete` removes the databases of the set.**",
    original: "The original looks for another name, and leaves them.",
    test: [REPOSITORIES, "the databases of a set go with it"],
  },
  {
    ours: "**A commit that fails leaves nothing in the set.**",
    original: "The original leaves a directory `bundle` there.",
    test: [REPOSITORIES, "a commit that fails leaves nothing in the set"],
  },
  {
    ours:
      "**After `s6-rc-set-install` the link of the next boot leads to the live database**, even if a service could " +
      "not be started. Whether there was a switch is looked up, and not taken from the exit code.",
    original: "The original removes the former database, and leaves the link on it.",
    test: [REPOSITORIES, "the next boot has the database that is live, even if a service could not be started"],
  },
]);
