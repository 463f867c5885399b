// Event directories: made with the modes that let listeners put their fifos there and no other user look into them or
// remove them, and cleaned of fifos that no process reads any more. As s6-mkfifodir and s6-cleanfifodir do it.

import type { ByteString } from "../bytes.ts";
import { systemError } from "../errno.ts";
import type { Os } from "../os/os.ts";
import { isErrno, unlessThere } from "../report.ts";
import { isListener } from "./publish.ts";

const PUBLIC = 0o1733;
const OF_GROUP = 0o3730;

export type FifodirOs =
  & Pick<Os, "makeDirectory" | "stat" | "chown" | "chmod" | "credentials">
  & Pick<Os, "open" | "close" | "fstat" | "readEntries" | "fchown" | "fchmod">;

/**
 * Makes the directory, for the listeners of this group or for all users. One that is there is left as it is, unless
 * `force` is set: then it gets the mode and group too.
 */
export function makeFifodir(os: FifodirOs, path: ByteString, group?: number, force = false): void {
  const mode = group === undefined ? PUBLIC : OF_GROUP;
  if (unlessThere(() => os.makeDirectory(path, 0o700))) return openUp(os, path, group, mode);
  if (os.stat(path).kind !== "directory") throw systemError("use", path, "ENOTDIR");
  if (!force) return;
  // A filter of system calls may refuse a change to what is so already.
  if (group !== undefined && os.stat(path).gid !== group) os.chown(path, -1, group);
  os.chmod(path, mode);
}

/** The owner of the directory around it may have put a link there meanwhile, or another directory. */
function openUp(os: FifodirOs, path: ByteString, group: number | undefined, mode: number): void {
  const directory = os.open(path, ["read", "directory", "nofollow"]);
  try {
    const { uid, gid } = os.fstat(directory);
    const isOurs = uid === os.credentials().uid && isNew(os, directory);
    if (!isOurs) throw systemError("use", path, "EPERM", "another process has replaced it as it was made");
    if (group !== undefined && gid !== group) os.fchown(directory, -1, group);
    os.fchmod(directory, mode);
  } finally {
    os.close(directory);
  }
}

/** Nothing is in it but what others who wait have put there by now. */
function isNew(os: Pick<Os, "readEntries">, directory: number): boolean {
  for (let some = os.readEntries(directory); some !== undefined; some = os.readEntries(directory)) {
    if (!some.names.every((name) => isListener(name.replace(/^\./, "")))) return false;
  }
  return true;
}

/** Removes the listeners without a reader. What has a listener's name and is not a fifo stays. */
export function cleanFifodir(os: Pick<Os, "door" | "close">, path: ByteString): void {
  const directory = os.door.hold(path);
  try {
    for (const name of os.door.list(".", Infinity, directory)) {
      if (isListener(name)) removeIfStale(os, directory, name);
    }
  } finally {
    os.close(directory);
  }
}

function removeIfStale(os: Pick<Os, "door" | "close">, directory: number, name: ByteString): void {
  try {
    os.close(os.door.openFifo(name, directory));
  } catch (error) {
    if (isErrno(error, "ENXIO")) os.door.remove(name, directory);
    else if (!isErrno(error, "ENOENT", "EINVAL", "ELOOP")) throw error;
  }
}
