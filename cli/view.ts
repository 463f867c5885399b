// What a chain program sees of the system: files by the image's paths, read within a budget. A process of its own reads
// whatever it may; for process 1 see guarded_reading.ts.

import type { ByteString } from "../lib/bytes.ts";
import { systemError } from "../lib/errno.ts";
import type { Budget } from "../lib/image/budget.ts";
import type { ProcessImage } from "../lib/image/image.ts";
import type { Os } from "../lib/os/os.ts";
import type { EnvironmentStore, StoreOs } from "../lib/overlay/environment_store.ts";
import { isErrno } from "../lib/report.ts";
import type { SystemView } from "./applet.ts";

/** Reading files by this process's own paths. */
export type ChainReading = Pick<Os, "find" | "listDirectory" | "isInherited" | "credentials"> & StoreOs & {
  /** A file of at most this many bytes (Infinity is without limit). Throws OsError EFBIG where it has more. */
  readonly readFile: (path: ByteString, most: number) => ByteString;
};

/** Reads as a process of its own may. */
export function ownReading(
  os: Pick<Os, "find" | "listDirectory" | "isInherited" | "credentials" | "readFile"> & StoreOs,
): ChainReading {
  const { find, listDirectory, isInherited, credentials, open, openAt, close, read, fstat, readEntries } = os;
  return {
    ...{ find, listDirectory, isInherited, credentials, open, openAt, close, read, fstat, readEntries },
    readFile: (path, most) => {
      const size = most === Infinity ? 0 : os.find(path)?.size ?? 0;
      if (size > most) throw systemError("read", path, "EFBIG");
      return os.readFile(path);
    },
  };
}

/**
 * The same reading, which remembers if something could not be read that may well be there. Programs that take such a thing for
 * nothing (elglob does) have come to another result than a process of its own would.
 */
export function remembering(
  reading: ChainReading,
): { readonly reading: ChainReading; readonly refused: () => boolean } {
  let refused = false;
  const noting = <Given extends unknown[], T>(read: (...given: Given) => T) => (...given: Given): T => {
    try {
      return read(...given);
    } catch (error) {
      refused ||= !isErrno(error, "ENOENT", "ENOTDIR");
      throw error;
    }
  };
  const { find, readFile, listDirectory, isInherited } = reading;
  return {
    reading: {
      ...reading,
      find: noting(find),
      readFile: noting(readFile),
      listDirectory: noting(listDirectory),
      isInherited: noting(isInherited),
    },
    refused: () => refused,
  };
}

/** What a program of a chain is given to look with. */
export interface Viewing {
  readonly reading: ChainReading;
  /** The container's environment, where this process keeps it in memory. */
  readonly store: Pick<EnvironmentStore, "read"> | undefined;
  readonly budget: Budget;
  readonly warn: (text: string) => void;
  /** True once something was not to be read by this process: another is to follow the chain. */
  readonly refused?: (() => boolean) | undefined;
}

/** The view of a program, for an image. */
export function viewOf(image: ProcessImage, { reading, store, budget, warn }: Viewing): SystemView {
  const { word, expansion } = budget.most;
  // The variables that a program reads from files, all together.
  let read = 0;
  const readWithin = (path: ByteString, most: number): ByteString => {
    const content = reading.readFile(path, most);
    budget.file(content.length);
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
      budget.look(names.length);
      return names;
    },
    exists: (path) => {
      budget.look();
      return reading.find(image.resolve(path)) !== undefined;
    },
    isInherited: (fd) => reading.isInherited(fd),
    credentials: () => image.credentials ?? reading.credentials(),
    accounts: { readFile: (path) => readWithin(path, expansion) },
    store,
    storeFiles: reading,
    warn,
    budget,
  };
}
