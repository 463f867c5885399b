// What is not there, by the names that a directory has: most files that a definition may have are missing, and one listing
// costs less than looking for each.

import type { ByteString } from "../bytes.ts";
import type { Os } from "../os/os.ts";
import { unlessRefused } from "../report.ts";

/** Tells without a look that nothing has this path; false where it may be there. */
export type Lacks = (path: ByteString) => boolean;

/** The same system, which also tells that by listings of directories that do not change meanwhile. */
export function withListings<T extends Pick<Os, "listDirectory">>(os: T): T & { readonly lacks: Lacks } {
  // Not a copy: that would load what the system loads on demand.
  return Object.assign(Object.create(os), { lacks: lacksByListing(os) });
}

/** Each directory is listed once. What cannot be listed may have anything. */
function lacksByListing(os: Pick<Os, "listDirectory">): Lacks {
  const known = new Map<ByteString, ReadonlySet<ByteString> | undefined>();
  const lacks = (path: ByteString): boolean => {
    const slash = path.lastIndexOf("/");
    const [directory, name] = [path.slice(0, slash), path.slice(slash + 1)];
    if (!known.has(directory)) known.set(directory, isMissing(directory) ? new Set() : namesIn(directory));
    return known.get(directory)?.has(name) === false;
  };
  // By what is known already: its own directory is not listed for this.
  const isMissing = (directory: ByteString): boolean => {
    const slash = directory.lastIndexOf("/");
    return known.get(directory.slice(0, slash))?.has(directory.slice(slash + 1)) === false;
  };
  const namesIn = (directory: ByteString): ReadonlySet<ByteString> | undefined => {
    const names = unlessRefused(() => os.listDirectory(directory));
    return names && new Set(names);
  };
  return lacks;
}
