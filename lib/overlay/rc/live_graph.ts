// The database of the boot as process 1 reads it: through the door, so that nothing there can hold it up.

import { rawBytes } from "../../bytes.ts";
import type { Door, Os } from "../../os/os.ts";
import { readDatabaseBy } from "../../rc/database_directory.ts";
import type { Graph } from "../../rc/graph.ts";
import { about } from "../../report.ts";
import { DATABASE } from "./places.ts";

type LiveGraphOs = Pick<Os, "close"> & { readonly door: Pick<Door, "hold" | "readWhole"> };

const LARGEST_FILE = 16 * 1024 * 1024;

/** Our own child has just written it. */
export function readGraph(os: LiveGraphOs): Graph {
  const { graph } = readDatabaseBy((file, action, decode) => {
    const slash = file.lastIndexOf("/");
    return decode(about(action, file, () => {
      const directory = os.door.hold(file.slice(0, slash));
      try {
        return rawBytes(os.door.readWhole(file.slice(slash + 1), LARGEST_FILE, directory));
      } finally {
        os.close(directory);
      }
    }));
  }, DATABASE);
  return graph;
}
