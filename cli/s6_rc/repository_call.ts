// What the programs of repositories have in common: where the repository is, how much they say, and how they compile.

import { HOLDER_RIGHTS } from "../../lib/overlay/variable_names.ts";
import { VERBOSITY } from "../../lib/rc/progress.ts";
import { Repository } from "../../lib/rc/repository/repository.ts";
import type { Compile } from "../../lib/rc/repository/sync.ts";
import { exitCodeOf, Failure, invalid, OsError, textOf } from "../../lib/report.ts";
import type { Context } from "../applet.ts";
import type { Options } from "../getopt.ts";
import { printError } from "../print.ts";
import { compileSources, rcCompile } from "./compile.ts";

const REPOSITORY = "/var/lib/s6-rc/repository";

type Given = Pick<Options, "value">;

export const REPOSITORY_USAGE = "[ -v verbosity ] [ -r repo ]";
export const REPOSITORY_HELP = {
  v: "how much to tell (default 1)",
  r: `the repository (default ${REPOSITORY})`,
} as const;
export const REPOSITORY_LONG = { verbosity: "v", repodir: "r" } as const;
export const REPOSITORY_EXITS = { 3: "there is no such set", 102: "the repository is not consistent" } as const;
export const FDHOLDER_USER_HELP = "in databases, the service that keeps the pipes runs as this user";

export function verbosityOf(options: Given): number {
  const value = options.value("v");
  if (value === undefined) return VERBOSITY.warnings;
  const number = /^[0-9]+$/.test(value) ? Number(value) : NaN;
  if (!(number <= 0xffffffff)) throw invalid("verbosity needs to be an unsigned integer");
  return number;
}

export function repositoryOf({ os }: Pick<Context, "os">, options: Given): Repository {
  return new Repository(os, options.value("r") ?? REPOSITORY);
}

/** What runs oneshots waits for locks, in databases of repositories. */
export function compilerFor({ os }: Pick<Context, "os">, verbosity: number, user: Given): Compile {
  const wishes = { waits: true, user: user.value("h"), rights: HOLDER_RIGHTS };
  return (database, sources) => {
    try {
      return compileSources({ os }, database, sources, wishes, verbosity);
    } catch (error) {
      if (!(error instanceof OsError) && !(error instanceof Failure)) throw error;
      printError(os, rcCompile.name, "fatal", textOf(error));
      return exitCodeOf(error);
    }
  };
}
