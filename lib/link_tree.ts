// Laying a directory tree down a second time with the same files in it: a name costs a fraction of what a copy does. For
// trees that no other user can change.

import type { ByteString } from "./bytes.ts";
import { type CopyPorts, copyTree } from "./copy.ts";
import type { Os } from "./os/os.ts";
import { isErrno } from "./report.ts";

type LinkTreePorts =
  & CopyPorts
  & Pick<Os, "listDirectory" | "lstat" | "makeDirectory" | "chmod" | "link" | "symlink" | "readLink">;

/**
 * Directories are new, with the modes of those that are there; symbolic links are copied. Where a file cannot have a second
 * name, as the target is on another file system, it is copied.
 * @throws OsError
 */
export function linkTree(os: LinkTreePorts, from: ByteString, to: ByteString): void {
  const { kind, mode } = os.lstat(from);
  if (kind === "link") return os.symlink(os.readLink(from), to);
  if (kind !== "directory") return linkFile(os, from, to);
  os.makeDirectory(to, 0o700);
  for (const name of os.listDirectory(from)) linkTree(os, `${from}/${name}`, `${to}/${name}`);
  os.chmod(to, mode & 0o7777);
}

function linkFile(os: LinkTreePorts, from: ByteString, to: ByteString): void {
  try {
    os.link(from, to);
  } catch (error) {
    if (!isErrno(error, "EXDEV", "EPERM", "EMLINK")) throw error;
    copyTree(os, from, to);
  }
}
