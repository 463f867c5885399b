// s6-rc-compile: makes a database of source directories.

import type { ByteString } from "../../lib/bytes.ts";
import { compileDefinitions } from "../../lib/rc/compile.ts";
import { writeCompiled } from "../../lib/rc/compiled_database.ts";
import { HOLDER_RIGHTS } from "../../lib/overlay/variable_names.ts";
import type { InternalWishes } from "../../lib/rc/internal_services.ts";
import { VERBOSITY } from "../../lib/rc/progress.ts";
import { readSources } from "../../lib/rc/source.ts";
import { type Applet, type Context, utility } from "../applet.ts";
import { longOptions } from "../long_options.ts";
import { curing, numberOf, progressOn } from "./telling.ts";

export const rcCompile: Applet = utility({
  name: "s6-rc-compile",
  usage: "[ -v verbosity ] [ -h fdholder_user ] [ -b ] destdir sources...",
  summary: "compile source directories of services into a database",
  help: {
    v: "how much to say: 0 failures, 1 warnings (default), 2 steps, 3 services, 4 names",
    h: "run the service that keeps the pipes as this user",
    b: "have scripts of oneshots wait while the database is locked",
  },
  exits: { 1: "a definition is wrong" },
  notes: [
    "The database must not exist, and is written when all definitions are right.",
    "A source holds a directory for each service, whose file type says oneshot, longrun or bundle.",
  ],
  options: "v:h:b",
  long: longOptions({ verbosity: "v", "fdholder-user": "h", block: "b" }),
  least: 2,
  run: (context, { options, args: [database = "", ...sources] }) => {
    const verbosity = numberOf(options, "v", "verbosity") ?? VERBOSITY.warnings;
    const wishes = { waits: options.has("b"), user: options.value("h"), rights: HOLDER_RIGHTS };
    return compileSources(context, database, sources, wishes, verbosity);
  },
});

/** @returns the exit code; what is wrong with a definition is said in the compiler's name */
export function compileSources(
  { os }: Pick<Context, "os">,
  database: ByteString,
  sources: readonly ByteString[],
  wishes: InternalWishes,
  verbosity: number,
): number {
  const context = { os, name: rcCompile.name };
  return curing(context, verbosity, () => {
    const progress = progressOn(context, verbosity);
    const compiled = compileDefinitions(readSources(os, sources, progress), progress);
    writeCompiled(os, database, compiled, wishes, progress);
    return 0;
  });
}
