// Removing whole directory trees. Links are removed as links, never followed, and what lies below the path given is
// reached by descriptors (descent.ts): no renaming can lead us out of the tree.

import type { ByteString } from "./bytes.ts";
import { Descent, type DescentPorts } from "./descent.ts";
import type { Os } from "./os/os.ts";
import { ifThere, isErrno } from "./report.ts";

export type RemovePorts =
  & DescentPorts
  & Pick<Os, "open" | "removeAt" | "unlink" | "removeDirectory" | "lstat" | "lstatAt">;

/**
 * So often a directory may turn out not to be done: another process works against us, or reading it has left names out.
 */
const PATIENCE = 1000;

/** Removes what the path names. What is not there is removed already. */
export function removeTree(os: RemovePorts, path: ByteString): void {
  ifThere(() => {
    if (os.lstat(path).kind !== "directory") return os.unlink(path);
    const top = os.open(path, ["read", "directory", "nofollow"]);
    try {
      empty(os, top, () => os.removeDirectory(path));
    } finally {
      os.close(top);
    }
  });
}

/** Removes all that is in the directory, and then the directory, by the call given. */
function empty(os: RemovePorts, top: number, removeTop: () => void): void {
  const walk = new Descent(os, top, true);
  let patience = PATIENCE;
  const isStillFull = (remove: () => void): boolean => {
    try {
      remove();
      return false;
    } catch (error) {
      if (isErrno(error, "ENOENT")) return false;
      if (!isErrno(error, "ENOTEMPTY", "EEXIST", "ENOTDIR") || patience-- === 0) throw error;
      return true;
    }
  };
  try {
    for (;;) {
      const name = walk.next();
      if (name !== undefined) {
        if (!removedAt(os, walk.directory, name)) tryEnter(walk, name);
      } else if (walk.depth > 0) {
        const left = walk.leave();
        if (isStillFull(() => os.removeAt(walk.directory, left, "directory"))) tryEnter(walk, left);
      } else if (isStillFull(removeTop)) os.seek(top, 0n);
      else return;
    }
  } finally {
    walk.close();
  }
}

/** Goes into a directory. If it is none any more, its name comes again: what it is in will not be empty. */
function tryEnter(walk: Descent, name: ByteString): void {
  ifThere(() => walk.enter(name), "ENOTDIR");
}

/** False if it is a directory, which has to be emptied first. */
function removedAt(os: RemovePorts, directory: number, name: ByteString): boolean {
  try {
    os.removeAt(directory, name, "other");
    return true;
  } catch (error) {
    if (isErrno(error, "ENOENT")) return true;
    // EISDIR is Linux's answer, EPERM that of POSIX and some file systems.
    if (isErrno(error, "EISDIR") || (isErrno(error, "EPERM") && os.lstatAt(directory, name).kind === "directory")) {
      return false;
    }
    throw error;
  }
}
