// s6-rc-repo-sync: has a repository follow its stores.

import { syncStores } from "../../lib/rc/repository/sync.ts";
import { type Applet, utility } from "../applet.ts";
import { longOptions } from "../long_options.ts";
import {
  compilerFor,
  FDHOLDER_USER_HELP,
  REPOSITORY_HELP,
  REPOSITORY_LONG,
  REPOSITORY_USAGE,
  repositoryOf,
  verbosityOf,
} from "./repository_call.ts";
import { progressOn } from "./telling.ts";

export const repoSync: Applet = utility({
  name: "s6-rc-repo-sync",
  usage: `${REPOSITORY_USAGE} [ -h fdhuser ]`,
  summary: "take what has changed in the stores of a repository into its sets",
  help: { ...REPOSITORY_HELP, h: FDHOLDER_USER_HELP },
  exits: { 1: "what the stores define does not fit together: nothing is changed" },
  notes: [
    "A set gets the services that are new: essential ones are always up, recommended ones active, others usable.",
  ],
  options: "v:r:h:",
  long: longOptions({ ...REPOSITORY_LONG, "fdholder-user": "h" }),
  least: 0,
  run: (context, { options }) => {
    const verbosity = verbosityOf(options);
    const repository = repositoryOf(context, options);
    repository.lock();
    syncStores(repository, compilerFor(context, verbosity, options), progressOn(context, verbosity));
    for (const set of repository.sets()) repository.touchSet(set);
    return 0;
  },
});
