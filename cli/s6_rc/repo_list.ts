// s6-rc-repo-list: which sets a repository has.

import { type Applet, utility } from "../applet.ts";
import { longOptions } from "../long_options.ts";
import { REPOSITORY_HELP, REPOSITORY_LONG, REPOSITORY_USAGE, repositoryOf, verbosityOf } from "./repository_call.ts";

export const repoList: Applet = utility({
  name: "s6-rc-repo-list",
  usage: `${REPOSITORY_USAGE} [ -x exclude ]`,
  summary: "list the sets of a repository of services",
  help: { ...REPOSITORY_HELP, x: "leave this set out" },
  options: "v:r:x:",
  long: longOptions({ ...REPOSITORY_LONG, exclude: "x" }),
  least: 0,
  run: (context, { options }) => {
    verbosityOf(options);
    const repository = repositoryOf(context, options);
    repository.lock();
    const names = repository.sets().filter((name) => name !== options.value("x"));
    context.print(names.map((name) => `${name}\n`).join(""));
    return 0;
  },
});
