// s6-rc-set-delete: removes sets from a repository.

import { requireSetName } from "../../lib/rc/repository/repository.ts";
import { deleteSet } from "../../lib/rc/repository/sets.ts";
import { type Applet, utility } from "../applet.ts";
import { longOptions } from "../long_options.ts";
import { REPOSITORY_HELP, REPOSITORY_LONG, REPOSITORY_USAGE, repositoryOf, verbosityOf } from "./repository_call.ts";

export const setDelete: Applet = utility({
  name: "s6-rc-set-delete",
  usage: `${REPOSITORY_USAGE} setname...`,
  summary: "remove sets of services from a repository, with the databases that were compiled of them",
  help: REPOSITORY_HELP,
  exits: { 102: "the repository is not consistent" },
  options: "v:r:",
  long: longOptions(REPOSITORY_LONG),
  least: 1,
  run: (context, { options, args }) => {
    verbosityOf(options);
    for (const name of args) requireSetName(name);
    const repository = repositoryOf(context, options);
    repository.lock();
    for (const name of args) deleteSet(repository, name);
    return 0;
  },
});
