// Making a directory, with what is missing on the way to it.

import type { ByteString } from "./bytes.ts";
import type { Os } from "./os/os.ts";
import { isErrno, OsError } from "./report.ts";

interface Making {
  readonly mode: number;
  /** Make what is missing on the way, and be content with what is there. */
  readonly parents: boolean;
  readonly report: (path: ByteString) => void;
}

/** Makes a directory, with those on the way to it if they are asked for. */
export function makeDirectories(
  os: Pick<Os, "makeDirectory">,
  path: ByteString,
  { mode, parents, report }: Making,
): void {
  const ends = parents ? [...path.matchAll(/[^/](?=\/+[^/])/g)].map(({ index }) => index + 1) : [];
  for (const end of [...ends, path.length]) {
    const part = path.slice(0, end);
    try {
      os.makeDirectory(part, mode);
      report(part);
    } catch (error) {
      if (parents && isErrno(error, "EEXIST")) continue;
      throw error instanceof OsError ? error.about("mkdir", path) : error;
    }
  }
}
