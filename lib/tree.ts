// Whole directory trees: copying and removing. Links are copied and removed as links, never followed. What is removed
// is reached by descriptors, so that somebody who renames things meanwhile cannot lead us out of the tree.

import type { ByteString } from "./bytes.ts";
import type { FileStatus, Os } from "./os/os.ts";
import { isErrno, OsError } from "./report.ts";

export type RemovePorts = Pick<
  Os,
  "open" | "openAt" | "close" | "readNames" | "removeAt" | "unlink" | "removeDirectory" | "lstat"
>;
export type CopyPorts =
  & Pick<Os, "lstat" | "find" | "listDirectory" | "makeDirectory" | "makeFifo" | "chmod" | "lchown" | "credentials">
  & Pick<Os, "readLink" | "symlink" | "open" | "read" | "writeAll" | "close" | "fchmod">;

/** Removes what the path names. What is not there is removed already. */
export function removeTree(os: RemovePorts, path: ByteString): void {
  try {
    if (os.lstat(path).kind !== "directory") return os.unlink(path);
    empty(os, os.open(path, ["read", "directory", "nofollow"]));
    os.removeDirectory(path);
  } catch (error) {
    if (!isErrno(error, "ENOENT")) throw error;
  }
}

/** Removes all that is in the directory and closes the descriptor. */
function empty(os: RemovePorts, directory: number): void {
  try {
    for (const name of namesIn(os, directory)) removeEntry(os, directory, name);
  } finally {
    os.close(directory);
  }
}

function removeEntry(os: RemovePorts, directory: number, name: ByteString): void {
  try {
    os.removeAt(directory, name, "other");
  } catch (error) {
    if (isErrno(error, "ENOENT")) return;
    // EISDIR is Linux's answer, EPERM that of POSIX and some file systems.
    if (!isErrno(error, "EISDIR", "EPERM")) throw error;
    const inside = tryOpen(os, directory, name);
    if (inside === undefined) throw error;
    empty(os, inside);
    os.removeAt(directory, name, "directory");
  }
}

/** A descriptor of a directory, or undefined if it is none. */
function tryOpen(os: RemovePorts, directory: number, name: ByteString): number | undefined {
  try {
    return os.openAt(directory, name, ["read", "directory", "nofollow"]);
  } catch (error) {
    if (isErrno(error, "ENOTDIR", "ELOOP")) return undefined;
    throw error;
  }
}

// Read to the end before anything is removed: removing moves the entries of some file systems.
function namesIn(os: RemovePorts, directory: number): ByteString[] {
  const names: ByteString[] = [];
  for (let some = os.readNames(directory); some !== undefined; some = os.readNames(directory)) names.push(...some);
  return names;
}

/**
 * Copies a file or a directory with all that is in it; modes are kept, owners where we may set them.
 * @param onFailure takes what could not be copied inside a directory, and the rest is copied; without it that is thrown
 */
export function copyTree(
  os: CopyPorts,
  from: ByteString,
  to: ByteString,
  onFailure: (error: OsError) => void = rethrow,
): void {
  const owner = os.credentials();
  const copy = (source: ByteString, target: ByteString): void => {
    const status = os.lstat(source);
    // Before the copy is made: it may lie inside.
    const names = status.kind === "directory" ? os.listDirectory(source) : [];
    copyOne(os, source, target, status);
    if (status.uid !== owner.uid || status.gid !== owner.gid) own(os, target, status);
    for (const name of names) copyInside(`${source}/${name}`, `${target}/${name}`);
  };
  const copyInside = (source: ByteString, target: ByteString): void => {
    try {
      copy(source, target);
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      onFailure(error);
    }
  };
  copy(from, to);
}

function rethrow(error: OsError): void {
  throw error;
}

function copyOne(os: CopyPorts, source: ByteString, target: ByteString, status: FileStatus): void {
  if (status.kind === "link") return os.symlink(os.readLink(source), target);
  if (status.kind === "directory") return makeDirectory(os, target, status.mode);
  if (status.kind === "fifo") {
    os.makeFifo(target, status.mode);
    return os.chmod(target, status.mode);
  }
  // Sockets and devices have no business in a service directory.
  if (status.kind === "file") copyFile(os, source, target, status.mode);
}

function makeDirectory(os: CopyPorts, path: ByteString, mode: number): void {
  if (os.find(path)?.kind !== "directory") os.makeDirectory(path, mode);
  os.chmod(path, mode);
}

function copyFile(os: CopyPorts, source: ByteString, target: ByteString, mode: number): void {
  const from = os.open(source, ["read"]);
  try {
    const to = os.open(target, ["write", "create", "truncate", "nofollow"], mode & 0o700);
    try {
      const buffer = new Uint8Array(new ArrayBuffer(65536));
      for (let got = os.read(from, buffer); got > 0; got = os.read(from, buffer)) {
        os.writeAll(to, buffer.subarray(0, got));
      }
      os.fchmod(to, mode);
    } finally {
      os.close(to);
    }
  } finally {
    os.close(from);
  }
}

function own(os: CopyPorts, path: ByteString, status: FileStatus): void {
  try {
    os.lchown(path, status.uid, status.gid);
    // A change of owner takes the set-id bits away.
    if (status.kind !== "link" && (status.mode & 0o6000) !== 0) os.chmod(path, status.mode);
  } catch (error) {
    if (!isErrno(error, "EPERM")) throw error;
  }
}
