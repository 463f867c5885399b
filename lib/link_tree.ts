// Laying a directory tree down a second time with the same files in it: a name costs a fraction of what a copy does. What
// another user can change is copied all the same: it is to change in one place only.

import type { ByteString } from "./bytes.ts";
import { type CopyPorts, copyTree } from "./copy.ts";
import type { FileStatus, Os } from "./os/os.ts";
import { isErrno } from "./report.ts";

type LinkTreePorts =
  & CopyPorts
  & Pick<Os, "listDirectory" | "lstat" | "makeDirectory" | "chmod" | "link" | "symlink" | "readLink">;

const WRITABLE_BY_OTHERS = 0o022;

/**
 * Directories are new, with the modes of those that are there; symbolic links are copied. So is a file that another user can
 * change or replace, and one that cannot have a second name, as the target is on another file system.
 * @throws OsError
 */
export function linkTree(os: LinkTreePorts, from: ByteString, to: ByteString): void {
  const status = os.lstat(from);
  const { uid } = os.credentials();
  if (status.kind !== "directory" || !isOurs(status, uid)) return copyTree(os, from, to);
  os.makeDirectory(to, 0o700);
  for (const name of os.listDirectory(from)) {
    const [source, target] = [`${from}/${name}`, `${to}/${name}`];
    const entry = os.lstat(source);
    if (entry.kind === "link") os.symlink(os.readLink(source), target);
    else if (entry.kind === "file" && isOurs(entry, uid)) linkFile(os, source, target);
    else linkTree(os, source, target);
  }
  os.chmod(to, status.mode & 0o7777);
}

function isOurs({ uid, mode }: FileStatus, own: number): boolean {
  return uid === own && (mode & WRITABLE_BY_OTHERS) === 0;
}

function linkFile(os: LinkTreePorts, from: ByteString, to: ByteString): void {
  try {
    os.link(from, to);
  } catch (error) {
    if (!isErrno(error, "EXDEV", "EPERM", "EMLINK")) throw error;
    copyTree(os, from, to);
  }
}
