// s6-rc-compile: makes a database of source directories.

import type { ByteString } from "../../lib/bytes.ts";
import { type Compiled, compileDefinitions } from "../../lib/rc/compile.ts";
import { writeDatabase } from "../../lib/rc/database_directory.ts";
import { HOLDER_RIGHTS } from "../../lib/overlay/variable_names.ts";
import { internalServices, type InternalWishes } from "../../lib/rc/internal_services.ts";
import { takeLock } from "../../lib/rc/lock.ts";
import { type Progress, VERBOSITY } from "../../lib/rc/progress.ts";
import { writeGenerated, writeServiceDirectory } from "../../lib/rc/service_directories.ts";
import { readSources } from "../../lib/rc/source.ts";
import { about } from "../../lib/report.ts";
import { removeTree } from "../../lib/tree.ts";
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
    write(context, database, compiled, wishes, progress);
    return 0;
  });
}

/** Writes the database; what has been made of it goes if that fails. */
function write(
  { os }: Pick<Context, "os">,
  database: ByteString,
  compiled: Compiled,
  wishes: InternalWishes,
  progress: Progress,
): void {
  const { graph, directories } = compiled;
  progress(VERBOSITY.steps, "info", `writing compiled information to ${database}`);
  about("mkdir", database, () => os.makeDirectory(database, 0o755));
  const services = `${database}/servicedirs`;
  const longruns = graph.services.filter((service) => service.kind === "longrun");
  try {
    takeLock(os, database, {});
    about("mkdir", services, () => os.makeDirectory(services, 0o755));
    writeDatabase(os, database, compiled, progress);
    for (const [name, files] of internalServices(longruns, wishes)) writeGenerated(os, `${services}/${name}`, files);
    progress(VERBOSITY.services, "info", `writing ${services}`);
    for (const [number, longrun] of longruns.entries()) {
      const from = directories[number];
      if (from !== undefined) writeServiceDirectory(os, graph, longrun, from, `${services}/${longrun.name}`, progress);
    }
  } catch (error) {
    removeTree(os, database);
    throw error;
  }
}
