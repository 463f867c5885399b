// A state directory elsewhere: where /var/run/s6 cannot be made, in a container of a user who may not write to /run, or with
// a root directory that is read-only. Only programs of the overlay find it by its usual names.

import type { ByteString } from "../../bytes.ts";
import type { Os } from "../../os/os.ts";
import { isErrno, OsError, unlessRefused } from "../../report.ts";

type FindingOs = Pick<Os, "find" | "lstat" | "readLink" | "credentials">;
type MakingOs = FindingOs & Pick<Os, "makeDirectory">;

/** A state directory is a file tree that runs scripts: first where that is usually allowed. */
const PLACES = ["/tmp", "/dev/shm", "/var/tmp"];
const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;

/**
 * Where the state directory of this container is, if it has been moved: for programs that find no lock of process 1 in
 * the usual place. It belongs to their user, or to that of process 1, and no other user can write to it.
 */
export function findMovedState(os: FindingOs): ByteString | undefined {
  const users = new Set([os.credentials().uid, os.find("/proc/1")?.uid ?? 0]);
  for (const uid of users) {
    const found = candidates(os, uid).find((path) => isSafe(os, placeOf(path), uid) && isOwned(os, path, uid));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Makes a state directory elsewhere, or takes up the one of an earlier run. Undefined if there is no place for it. */
export function makeMovedState(os: MakingOs): ByteString | undefined {
  const { uid } = os.credentials();
  return candidates(os, uid).find((path) => isSafe(os, placeOf(path), uid) && make(os, path, uid));
}

function placeOf(path: ByteString): ByteString {
  return path.slice(0, path.lastIndexOf("/"));
}

/** Containers that share such a place have namespaces of pids of their own. */
function candidates(os: FindingOs, uid: number): ByteString[] {
  const namespace = /\d+/.exec(unlessRefused(() => os.readLink("/proc/self/ns/pid")) ?? "")?.[0] ?? "0";
  return PLACES.map((place) => `${place}/s6-overlay-${uid}-${namespace}`);
}

/** No other user can put another directory in its place, or rename one of our own to its name. */
function isSafe(os: FindingOs, place: ByteString, uid: number): boolean {
  const status = os.find(place);
  if (status === undefined || (status.uid !== 0 && status.uid !== uid)) return false;
  return (status.mode & WRITABLE_BY_OTHERS) === 0 || (status.mode & STICKY) !== 0;
}

function make(os: MakingOs, path: ByteString, uid: number): boolean {
  try {
    os.makeDirectory(path, 0o755);
    return true;
  } catch (error) {
    if (!(error instanceof OsError)) throw error;
    return isErrno(error, "EEXIST") && isOwned(os, path, uid);
  }
}

function isOwned(os: FindingOs, path: ByteString, uid: number): boolean {
  const status = unlessRefused(() => os.lstat(path));
  return status?.kind === "directory" && status.uid === uid && (status.mode & WRITABLE_BY_OTHERS) === 0;
}
