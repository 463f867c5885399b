// s6-rc-set-copy: makes a set like another one.

import { requireSetName } from "../../lib/rc/repository/repository.ts";
import { copySet } from "../../lib/rc/repository/sets.ts";
import { invalid } from "../../lib/report.ts";
import { type Applet, utility } from "../applet.ts";
import { longOptions } from "../long_options.ts";
import { REPOSITORY_HELP, REPOSITORY_LONG, REPOSITORY_USAGE, repositoryOf, verbosityOf } from "./repository_call.ts";

export const setCopy: Applet = utility({
  name: "s6-rc-set-copy",
  usage: `${REPOSITORY_USAGE} [ -f ] srcset dstset`,
  summary: "copy a set of services in a repository",
  help: { ...REPOSITORY_HELP, f: "replace a set that is there" },
  exits: { 1: "the second set is there", 102: "the repository is not consistent" },
  options: "v:r:f",
  long: longOptions({ ...REPOSITORY_LONG, force: "f" }),
  least: 2,
  run: (context, { options, args: [from = "", to = ""] }) => {
    verbosityOf(options);
    if (from === to) throw invalid("source and destination sets are the same");
    requireSetName(from);
    requireSetName(to);
    const repository = repositoryOf(context, options);
    repository.lock();
    copySet(repository, from, to, options.has("f"));
    return 0;
  },
});
