// Writing what sources come to as a database: its files, and a service directory for each longrun.

import type { ByteString } from "../bytes.ts";
import { about } from "../report.ts";
import { type RemovePorts, removeTree } from "../tree.ts";
import type { Compiled } from "./compile.ts";
import { writeDatabase } from "./database_directory.ts";
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
