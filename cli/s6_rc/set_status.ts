// s6-rc-set-status: what a set says of its services.

import type { ByteString } from "../../lib/bytes.ts";
import { namesOf } from "../../lib/rc/plan.ts";
import { REFERENCE, type Repository, requireServiceName, requireSetName } from "../../lib/rc/repository/repository.ts";
import { EVERY_RX, isInternal, RX, RX_NAMES } from "../../lib/rc/repository/rx.ts";
import { Failure } from "../../lib/report.ts";
import { type Applet, utility } from "../applet.ts";
import { longOptions } from "../long_options.ts";
import {
  REPOSITORY_EXITS,
  REPOSITORY_HELP,
  REPOSITORY_LONG,
  REPOSITORY_USAGE,
  repositoryOf,
  verbosityOf,
} from "./repository_call.ts";

const UNKNOWN_NAME = 3;

export const setStatus: Applet = utility({
  name: "s6-rc-set-status",
  usage: `${REPOSITORY_USAGE} [ -E | -e ] [ -L ] set services...`,
  summary: "tell which services of a set are always up, active, usable or masked",
  help: {
    ...REPOSITORY_HELP,
    E: "tell services that are always up too (default)",
    e: "leave out services that are always up",
    L: "tell names only",
  },
  exits: { ...REPOSITORY_EXITS, 3: "there is no such set, or no such service" },
  options: "v:r:EeL",
  long: longOptions({ ...REPOSITORY_LONG, "with-essentials": "E", "without-essentials": "e", list: "L" }),
  least: 1,
  run: (context, { options, args: [set = "", ...names] }) => {
    verbosityOf(options);
    requireSetName(set);
    for (const name of names) requireServiceName(name);
    const repository = repositoryOf(context, options);
    repository.lock();
    repository.requireSet(set);
    const chosen = names.length === 0 ? undefined : new Set(atomicNames(repository, names));
    const hidden = options.last("E", "e") === "e" ? RX.always : undefined;
    const lines = EVERY_RX.filter((rx) => rx !== hidden).reverse().flatMap((rx) =>
      repository.servicesOf(set, rx).filter((name) => chosen?.has(name) ?? true).map((name) =>
        options.has("L") ? `${name}\n` : `${name}/${RX_NAMES[rx]}\n`
      )
    );
    context.print(lines.join(""));
    return 0;
  },
});

/** The atomic services that these names stand for, from the highest number on. @throws Failure 3 */
export function atomicNames(repository: Repository, names: readonly ByteString[]): readonly ByteString[] {
  const graph = repository.reference();
  const numbersOf = namesOf(graph);
  const numbers = names.flatMap((name) => {
    const found = numbersOf(name);
    if (found !== undefined) return found;
    throw new Failure(UNKNOWN_NAME, `${name} is not a valid identifier in ${repository.compiled}/${REFERENCE}`);
  });
  const sorted = [...new Set(numbers)].sort((a, b) => b - a);
  return sorted.map((number) => graph.services[number]!.name).filter((name) => !isInternal(name));
}
