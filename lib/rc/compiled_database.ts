// Writing what sources come to as a database: its files, and a service directory for each longrun.

import type { ByteString } from "../bytes.ts";
import { about } from "../report.ts";
import { type RemovePorts, removeTree } from "../tree.ts";
import type { Compiled } from "./compile.ts";
import { writeDatabase } from "./database_directory.ts";
import type { Graph, Longrun } from "./graph.ts";
import { internalServices, type InternalWishes } from "./internal_services.ts";
import { type LockPorts, takeLock } from "./lock.ts";
import { type Progress, VERBOSITY } from "./progress.ts";
import { type ServiceDirectoryPorts, writeGenerated, writeServiceDirectory } from "./service_directories.ts";

type CompiledOs = ServiceDirectoryPorts & LockPorts & RemovePorts;

/** Writes the database, which must not exist; what has been made of it goes if that fails. */
export function writeCompiled(
  os: CompiledOs,
  database: ByteString,
  compiled: Compiled,
  wishes: InternalWishes,
  progress: Progress,
): void {
  writeTables(os, database, compiled, wishes, progress);
  try {
    progress(VERBOSITY.services, "info", `writing ${database}/servicedirs`);
    for (const number of longrunsOf(compiled.graph).keys()) writeLongrun(os, database, compiled, number, progress);
  } catch (error) {
    removeTree(os, database);
    throw error;
  }
}

/**
 * Writes the database but for the service directories of the longruns that have definitions. It must not exist; what has
 * been made of it goes if that fails.
 */
export function writeTables(
  os: CompiledOs,
  database: ByteString,
  compiled: Compiled,
  wishes: InternalWishes,
  progress: Progress,
): void {
  progress(VERBOSITY.steps, "info", `writing compiled information to ${database}`);
  about("mkdir", database, () => os.makeDirectory(database, 0o755));
  const services = `${database}/servicedirs`;
  try {
    takeLock(os, database, {});
    about("mkdir", services, () => os.makeDirectory(services, 0o755));
    writeDatabase(os, database, compiled, progress);
    const internal = internalServices(longrunsOf(compiled.graph), wishes);
    for (const [name, files] of internal) writeGenerated(os, `${services}/${name}`, files);
  } catch (error) {
    removeTree(os, database);
    throw error;
  }
}

/** Writes the service directory of the longrun with this number, unless it is one of s6-rc itself. */
export function writeLongrun(
  os: CompiledOs,
  database: ByteString,
  { graph, directories }: Compiled,
  number: number,
  progress: Progress,
): void {
  const longrun = graph.services[number];
  const from = directories[number];
  if (longrun?.kind !== "longrun" || from === undefined) return;
  writeServiceDirectory(os, graph, longrun, from, `${database}/servicedirs/${longrun.name}`, progress);
}

/** They have the first numbers. */
function longrunsOf(graph: Graph): Longrun[] {
  return graph.services.filter((service) => service.kind === "longrun");
}
