// s6-rc-set-commit: compiles a set.

import { commitSet } from "../../lib/rc/repository/commit.ts";
import { requireSetName } from "../../lib/rc/repository/repository.ts";
import { VERBOSITY } from "../../lib/rc/progress.ts";
import { fixSteps } from "../../lib/rc/repository/rx.ts";
import { Failure } from "../../lib/report.ts";
import { type Applet, utility } from "../applet.ts";
import { longOptions } from "../long_options.ts";
import {
  compilerFor,
  FDHOLDER_USER_HELP,
  REPOSITORY_EXITS,
  REPOSITORY_HELP,
  REPOSITORY_LONG,
  REPOSITORY_USAGE,
  repositoryOf,
  verbosityOf,
} from "./repository_call.ts";
import { progressOn } from "./telling.ts";

const DEFAULT_BUNDLE = "default";
const NOT_CONSISTENT = 1;

export const setCommit: Applet = utility({
  name: "s6-rc-set-commit",
  usage: `${REPOSITORY_USAGE} [ -D defaultbundle ] [ -h fdhuser ] [ -K ] [ -f ] set`,
  summary: "compile a set of a repository, if it was changed",
  help: {
    ...REPOSITORY_HELP,
    D: `the bundle of what is to be up is called so (default ${DEFAULT_BUNDLE})`,
    h: FDHOLDER_USER_HELP,
    K: "keep the former database, and print where it is",
    f: "compile even what was not changed",
  },
  exits: { ...REPOSITORY_EXITS, 1: "the set is not consistent (s6-rc-set-fix), or cannot be compiled" },
  options: "v:r:D:h:Kf",
  long: longOptions({
    ...REPOSITORY_LONG,
    "default-bundle": "D",
    "fdholder-user": "h",
    "keep-old": "K",
    force: "f",
  }),
  least: 1,
  run: (context, { options, args: [set = ""] }) => {
    const verbosity = verbosityOf(options);
    requireSetName(set);
    const repository = repositoryOf(context, options);
    repository.lock();
    repository.requireSet(set);
    const progress = progressOn(context, verbosity);
    if (!options.has("f") && repository.isUpToDate(set)) {
      progress(VERBOSITY.steps, "info", `set ${set} is already up-to-date.`);
      return 0;
    }
    const where = `set ${set} of repository ${repository.path}`;
    const { done } = fixSteps(repository.reference(), repository.content(set), "down", where).next();
    if (done !== true) throw new Failure(NOT_CONSISTENT, "unable to commit: found inconsistent dependencies");
    const wishes = { bundle: options.value("D") ?? DEFAULT_BUNDLE, keepsOld: options.has("K") };
    const former = commitSet(repository, set, wishes, compilerFor(context, verbosity, options), progress);
    if (former !== undefined && wishes.keepsOld) context.print(`${former}\n`);
    return 0;
  },
});
