// What process 1 reads for the programs of a chain: only files and directories that only root, or its own user, can
// change.

import type { ByteString } from "../lib/bytes.ts";
import { systemError } from "../lib/errno.ts";
import type { FileStatus, Os } from "../lib/os/os.ts";
import type { StoreOs } from "../lib/overlay/environment_store.ts";
import { PATHS } from "../lib/overlay/paths.ts";
import { LIVE_DIRECTORY } from "../lib/rc/places.ts";
import type { ChainReading } from "./view.ts";

/** The longest file that process 1 reads for a chain: accounts. A script or a variable has less, by its budget. */
const LONGEST_FILE = 8 * 1024 * 1024;
/** The most files of a directory that it reads. */
const MOST_ENTRIES = 4096;
const WRITABLE_BY_OTHERS = 0o022;
/** What we make at each start, and the live directory of s6-rc, a link to one with a name made from its own. */
const OURS = [`${PATHS.state}/`, `${LIVE_DIRECTORY}/`, `${LIVE_DIRECTORY}:`];

/** Reads as process 1 may: only files and directories that root, or its own user, alone can change. */
export function guardedReading(os: Pick<Os, "door" | "isInherited" | "credentials"> & StoreOs): ChainReading {
  const { uid } = os.credentials();
  const requireTrust = (status: FileStatus, path: ByteString): void => {
    const own = status.uid === 0 || status.uid === uid;
    if (own && (status.mode & WRITABLE_BY_OTHERS) === 0) return;
    throw systemError("read", path, "EPERM", "others can change it");
  };
  const isState = (path: ByteString): boolean =>
    OURS.some((begin) => path.startsWith(begin)) && !path.split("/").includes("..");
  const readOwned = (path: ByteString, most: number): ReturnType<typeof os.door.readOwned> => {
    // The state directory may be on a file system of its own, which is ours.
    if (!isState(path)) return os.door.readOwned(path, most);
    const slash = path.lastIndexOf("/");
    const directory = os.door.hold(path.slice(0, slash));
    try {
      return os.door.readOwned(path.slice(slash + 1), most, directory);
    } finally {
      os.close(directory);
    }
  };
  return {
    ...os,
    find: (path) => os.door.find(path),
    readFile: (path, most) => {
      const { content, status } = readOwned(path, Math.min(most, LONGEST_FILE));
      requireTrust(status, path);
      return content;
    },
    listDirectory: (path) => {
      const directory = os.door.hold(path, undefined, { mounts: isState(path) ? "cross" : "refuse" });
      try {
        requireTrust(os.fstat(directory), path);
        return os.door.list(".", MOST_ENTRIES, directory);
      } finally {
        os.close(directory);
      }
    },
  };
}
