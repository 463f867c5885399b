// s6-rc-repo-init: makes a repository of the services that stores define.

import type { ByteString } from "../../lib/bytes.ts";
import { makeRepository } from "../../lib/rc/repository/make.ts";
import type { Repository } from "../../lib/rc/repository/repository.ts";
import { setStores, syncStores } from "../../lib/rc/repository/sync.ts";
import { about, EXIT, Failure, invalid, unlessRefused } from "../../lib/report.ts";
import { removeTree } from "../../lib/tree.ts";
import { type Applet, type Context, utility } from "../applet.ts";
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

const MOST_STORES = 65535;

export const repoInit: Applet = utility({
  name: "s6-rc-repo-init",
  usage: `${REPOSITORY_USAGE} [ -h fdhuser ] [ -f ] [ -U ] [ -B ] stores...`,
  summary: "make a repository of the services that stores define",
  help: {
    ...REPOSITORY_HELP,
    h: FDHOLDER_USER_HELP,
    f: "make a new one even if there is one, which is moved away",
    U: "only change the stores of a repository that is there",
    B: "do not read the stores yet: s6-rc-repo-sync does",
  },
  exits: { 1: "what the stores define does not fit together" },
  notes: ["A store is a directory of service definitions, as s6-rc-compile takes it. Definitions of later stores win."],
  options: "v:r:h:fUB",
  long: longOptions({ ...REPOSITORY_LONG, "fdholder-user": "h", force: "f", "update-stores": "U", bare: "B" }),
  least: 1,
  run: (context, { options, args: stores }) => {
    const { os } = context;
    if (stores.length > MOST_STORES) throw invalid("too many stores specified");
    const verbosity = verbosityOf(options);
    checkStores(context, stores);
    const repository = repositoryOf(context, options);
    if (!options.has("U")) makeRepository(os, repository.path, options.has("f"));
    repository.lock();
    const former = setStores(repository, stores);
    const compile = compilerFor(context, verbosity, options);
    try {
      if (!options.has("B")) syncStores(repository, compile, progressOn(context, verbosity));
    } catch (error) {
      if (former !== undefined) putBack(repository, former);
      throw error;
    }
    if (former !== undefined) unlessRefused(() => removeTree(os, `${repository.path}/${former}`));
    return 0;
  },
});

function checkStores({ os }: Context, stores: readonly ByteString[]): void {
  for (const store of stores) {
    if (!store.startsWith("/")) throw invalid(`${store} is not an absolute path`);
    if (store.includes("\n")) throw invalid("stores cannot contain newlines in their path");
  }
  for (const store of stores) {
    const { kind } = about("stat", store, () => os.stat(store));
    if (kind !== "directory") throw new Failure(EXIT.system, `${store} is not a directory`);
    about("access", store, () => os.stat(`${store}/.`));
  }
}

/** The stores are what they were before. */
function putBack(repository: Repository, former: ByteString): void {
  const failed = repository.relink(former, `${repository.path}/stores`);
  if (failed !== undefined) unlessRefused(() => removeTree(repository.os, `${repository.path}/${failed}`));
}
