// s6-rc-set-new: makes sets in a repository.

import { requireSetName } from "../../lib/rc/repository/repository.ts";
import { makeSet } from "../../lib/rc/repository/sets.ts";
import { type Applet, utility } from "../applet.ts";
import { longOptions } from "../long_options.ts";
import { REPOSITORY_HELP, REPOSITORY_LONG, REPOSITORY_USAGE, repositoryOf, verbosityOf } from "./repository_call.ts";

export const setNew: Applet = utility({
  name: "s6-rc-set-new",
  usage: `${REPOSITORY_USAGE} setname...`,
  summary: "make sets of services in a repository",
  help: REPOSITORY_HELP,
  notes: ["In a new set essential services are always up, recommended ones active, and all others usable."],
  options: "v:r:",
  long: longOptions(REPOSITORY_LONG),
  least: 1,
  run: (context, { options, args }) => {
    verbosityOf(options);
    for (const name of args) requireSetName(name);
    const repository = repositoryOf(context, options);
    repository.lock();
    for (const name of args) makeSet(repository, name);
    return 0;
  },
});
