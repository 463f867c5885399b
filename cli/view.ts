// What a chain program sees of the system: files by the image's paths, read within a budget. A process of its own reads
// whatever it may; process 1 only what nobody but root, or its own user, can change.

import type { ByteString } from "../lib/bytes.ts";
import type { Budget } from "../lib/image/budget.ts";
import type { ProcessImage } from "../lib/image/image.ts";
import type { FileStatus, Os } from "../lib/os/os.ts";
import type { EnvironmentStore, StoreOs } from "../lib/overlay/environment_store.ts";
import { PATHS } from "../lib/overlay/paths.ts";
import { OsError } from "../lib/report.ts";
import type { SystemView } from "./applet.ts";

/** Reading files by this process's own paths. */
export type ChainReading = Pick<Os, "find" | "listDirectory" | "isInherited"> & StoreOs & {
  /** A file of at most so many bytes (Infinity is without limit). Throws OsError EFBIG where it has more. */
  readonly readFile: (path: ByteString, most: number) => ByteString;
};

/** Reads as a process of its own may. */
export function ownReading(
  os: Pick<Os, "find" | "listDirectory" | "isInherited" | "readFile"> & StoreOs,
): ChainReading {
  return {
    ...os,
    readFile: (path, most) => {
      const size = most === Infinity ? 0 : os.find(path)?.size ?? 0;
      if (size > most) throw new OsError("read", path, "EFBIG", "File too large");
      return os.readFile(path);
    },
  };
}

/** The longest file that process 1 reads for a chain: accounts. A script or a variable has less, by its budget. */
const LONGEST_FILE = 8 * 1024 * 1024;
/** The most files of a directory that it reads. */
const MOST_ENTRIES = 4096;
const WRITABLE_BY_OTHERS = 0o022;

/** Reads as process 1 may: only files and directories that root, or its own user, alone can change. */
export function guardedReading(os: Pick<Os, "door" | "isInherited" | "credentials"> & StoreOs): ChainReading {
  const { uid } = os.credentials();
  const requireTrust = (status: FileStatus, path: ByteString): void => {
    const own = status.uid === 0 || status.uid === uid;
    if (own && (status.mode & WRITABLE_BY_OTHERS) === 0) return;
    throw new OsError("read", path, "EPERM", "others can change it");
  };
  const isState = (path: ByteString): boolean => path.startsWith(`${PATHS.state}/`);
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

/** What a program of a chain is given to look with. */
export interface Viewing {
  readonly reading: ChainReading;
  /** The container's environment, where this process keeps it in memory. */
  readonly store: Pick<EnvironmentStore, "read"> | undefined;
  readonly budget: Budget;
  readonly warn: (by: string, text: string) => void;
}

/** The view of the program of that name, for an image. */
export function viewOf(image: ProcessImage, name: string, { reading, store, budget, warn }: Viewing): SystemView {
  const { word, expansion } = budget.most;
  // The variables that a program reads from files, all together.
  let read = 0;
  const readWithin = (path: ByteString, most: number): ByteString => {
    budget.steps(1);
    const content = reading.readFile(path, most);
    budget.steps(content.length >> 8);
    return content;
  };
  return {
    readFile: (path, most = word) => {
      const content = readWithin(image.resolve(path), most);
      if (most === word && word !== Infinity) budget.expansion(read += content.length);
      return content;
    },
    listDirectory: (path) => {
      const names = reading.listDirectory(image.resolve(path));
      budget.steps(1 + names.length);
      return names;
    },
    exists: (path) => {
      budget.steps(2);
      return reading.find(image.resolve(path)) !== undefined;
    },
    isInherited: (fd) => reading.isInherited(fd),
    accounts: { readFile: (path) => readWithin(path, expansion) },
    store,
    storeFiles: reading,
    warn: (text) => warn(name, text),
    budget,
  };
}
