// /var/run/s6, where process 1 keeps what it relies on: made, or taken over so that no other user has a hand in it.
// What lies there may be from an earlier run of this container, or be put there by a user who can write to /run.

import type { ByteString } from "../../bytes.ts";
import { systemError } from "../../errno.ts";
import type { Door, FileStatus, Os } from "../../os/os.ts";
import { EXIT, Failure, isErrno, OsError, textOf, unlessThere } from "../../report.ts";
import type { Reporter } from "../../reporter.ts";
import { type RemovePorts, removeTree } from "../../tree.ts";
import { PATHS } from "../paths.ts";

export type StateOs =
  & RemovePorts
  & Pick<Os, "makeDirectory" | "listDirectory" | "chmod" | "find" | "readLink" | "stat" | "fstat" | "fchmod" | "fchown">
  & Pick<Os, "credentials" | "setUmask" | "lock" | "mayWrite" | "moveState" | "timeOfDay">
  & { readonly door: Pick<Door, "listHead"> };

/** Makes a state directory in another place, and says where; undefined if there is none. */
export type Elsewhere = () => ByteString | undefined;

/** Where the state directory is made. */
const PLACE = "/var/run";
const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;
/** Others may fill a directory that all can write to: what lies behind this many entries stays. */
const MOST_LOOKED_AT = 4096;
/** Milliseconds since it was made, for a directory that is taken for one which is left. */
const LEAST_AGE = 60_000;
const MODE = 0o755;

/** Makes the state directory with what `fill` puts there, or fails with what can be done about it. */
export function prepareState(os: StateOs, report: Reporter, elsewhere: Elsewhere, fill: () => void): void {
  const { uid } = os.credentials();
  const umask = os.setUmask(0o022);
  try {
    settleState(os, uid, report, elsewhere);
    fill();
  } catch (error) {
    const remedy = remedyFor(error, uid);
    throw remedy === undefined ? error : new Failure(EXIT.system, `${textOf(error)}: ${remedy}`);
  } finally {
    os.setUmask(umask);
  }
}

/** In its usual place, or elsewhere, and locked. */
function settleState(os: StateOs, uid: number, report: Reporter, elsewhere: Elsewhere): void {
  try {
    makeUsual(os, uid, report);
    lockState(os);
  } catch (error) {
    if (!isErrno(error, "EROFS", "EACCES", "EPERM")) throw error;
    const place = elsewhere();
    if (place === undefined) throw error;
    os.moveState(place);
    lockState(os);
    removeLeft(os, place, uid);
    report(
      "warning",
      "s6-init",
      `${textOf(error)}${stateOf(os, "/run")}: the state directory is ${place}, where only the programs of ` +
        `the overlay find it by its usual names (--tmpfs /run/s6:exec gives it its usual place)`,
    );
  }
}

function makeUsual(os: StateOs, uid: number, report: Reporter): void {
  for (const path of ["/var", PLACE]) makeWhereMissing(os, path);
  if (uid === 0) guardPlace(os, report);
  try {
    makeStateDirectory(os, uid, report);
  } catch (error) {
    if (!isErrno(error, "EROFS") || !separatePlace(os)) throw error;
    makeStateDirectory(os, uid, report);
  }
}

/**
 * A container that is started again has a new namespace: what its earlier runs have left elsewhere is not found any
 * more.
 */
function removeLeft(os: StateOs, place: ByteString, uid: number): void {
  const [directory, begin] = [place.slice(0, place.lastIndexOf("/")), place.slice(0, place.lastIndexOf("-") + 1)];
  whereAllowed(() => {
    for (const name of os.door.listHead(directory, MOST_LOOKED_AT)) {
      const path = `${directory}/${name}`;
      if (path.startsWith(begin) && path !== place) whereAllowed(() => removeUnused(os, path, uid));
    }
  });
}

/** A container that is starting has made its directory, and does not have its lock yet: one that is new stays. */
function removeUnused(os: StateOs, path: ByteString, uid: number): void {
  if (os.lstat(path).uid !== uid) return;
  const lock = os.open(`${path}/.lock`, ["read", "write", "nonblocking", "nofollow"]);
  try {
    const age = os.timeOfDay() - Number(os.fstat(lock).modified / 1_000_000n);
    if (age > LEAST_AGE && os.lock(lock)) removeTree(os, path);
  } finally {
    os.close(lock);
  }
}

/** Nothing depends on it that what is left is gone. */
function whereAllowed(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof OsError)) throw error;
  }
}

/** Who may write there, in words. */
function stateOf(os: StateOs, path: ByteString): string {
  const status = os.find(path);
  if (status === undefined) return "";
  return ` (${path} belongs to user ${status.uid} and group ${status.gid}, mode ${(status.mode & 0o7777).toString(8)})`;
}

function makeWhereMissing(os: StateOs, path: ByteString): void {
  if (os.find(path) !== undefined) return;
  if (unlessThere(() => os.makeDirectory(path, MODE))) return;
  // /var/run -> /run on an image that has no /run yet
  os.makeDirectory(linkTarget(path, os.readLink(path)), MODE);
}

function linkTarget(path: ByteString, target: ByteString): ByteString {
  return target.startsWith("/") ? target : `${path.slice(0, path.lastIndexOf("/"))}/${target}`;
}

/** Where only /var can be written, /var/run must not lead out of it any more. False if that cannot be had. */
function separatePlace(os: StateOs): boolean {
  try {
    if (os.lstat(PLACE).kind !== "link") return false;
    os.unlink(PLACE);
    os.makeDirectory(PLACE, MODE);
    return true;
  } catch {
    return false;
  }
}

/** A user who can rename root's state directory could put another in its place. */
function guardPlace(os: StateOs, report: Reporter): void {
  const { uid, mode } = os.stat(PLACE);
  if (uid !== 0) {
    return report("warning", "s6-init", `${PLACE} belongs to user ${uid}, who can replace what process 1 relies on`);
  }
  if ((mode & WRITABLE_BY_OTHERS) === 0 || (mode & STICKY) !== 0) return;
  try {
    os.chmod(PLACE, mode | STICKY);
  } catch (error) {
    report("warning", "s6-init", `others can replace what process 1 relies on: ${textOf(error)}`);
  }
}

/**
 * "share": it stays as it is, though another user has a hand in it. "adopt": it gets its mode. "take over": it becomes
 * ours, and all that is in it is removed.
 */
export type Verdict = "follow" | "keep" | "share" | "adopt" | "take over" | "replace" | "refuse";

/** What is to be done with what lies in the state directory's place already, by the user that we are. */
export function judgeStateDirectory(
  { kind, uid: owner, mode }: Pick<FileStatus, "kind" | "uid" | "mode">,
  uid: number,
): Verdict {
  const trusted = owner === uid || owner === 0;
  if (kind === "link" && trusted) return "follow";
  if (kind !== "directory") return owner === uid || uid === 0 ? "replace" : "refuse";
  // An image may have prepared it for a user, or a group, of which it did not know the number.
  // A process that is not root cannot become another user: no process of that number need run here.
  if (owner !== uid) return uid === 0 ? "take over" : owner === 0 ? "keep" : "share";
  if ((mode & WRITABLE_BY_OTHERS) !== 0) return "take over";
  return (mode & 0o777) === MODE ? "keep" : "adopt";
}

function makeStateDirectory(os: StateOs, uid: number, report: Reporter): void {
  const path = PATHS.state;
  if (unlessThere(() => os.makeDirectory(path, MODE))) return;
  const entry = os.lstat(path);
  const found = judgeStateDirectory(entry, uid) === "follow" ? os.find(path) : entry;
  // A link that leads nowhere gives way.
  const verdict = found === undefined ? "replace" : judgeStateDirectory(found, uid);
  if (verdict === "refuse") throw foreign(path, (found ?? entry).uid);
  if (verdict === "share") {
    if (!os.mayWrite(path)) throw systemError("write to", path, "EACCES");
    report("warning", "s6-init", `${path} belongs to user ${found!.uid}, who can change what process 1 relies on`);
  } else if (verdict === "replace") {
    os.unlink(path);
    os.makeDirectory(path, MODE);
  } else if (verdict !== "keep") takeOver(os, path, uid, verdict === "take over");
}

/** Once it is our own, and no other user can write to it, what others have put there goes. */
function takeOver(os: StateOs, path: ByteString, uid: number, clear: boolean): void {
  const fd = os.open(path, ["read", "directory"]);
  try {
    if (os.fstat(fd).uid !== uid) os.fchown(fd, uid, -1);
    os.fchmod(fd, MODE);
  } finally {
    os.close(fd);
  }
  if (clear) { for (const name of os.listDirectory(path)) removeTree(os, `${path}/${name}`); }
}

/**
 * No other process may use the directory as long as this one lives: another /init would empty it. The kernel keeps the
 * lock for this process alone, and no child has it.
 */
function lockState(os: StateOs): void {
  const fd = openLock(os);
  try {
    if (os.lock(fd)) return;
  } catch (error) {
    // A file system that has no locks.
    if (!(error instanceof OsError)) throw error;
    return os.close(fd);
  }
  throw new Failure(
    EXIT.system,
    `${PATHS.state} is in use by another /init that is alive: a container starts /init once, as its entry point and ` +
      "not in its command too, and no two containers have the same /run",
  );
}

function openLock(os: StateOs): number {
  const open = (): number => os.open(PATHS.lock, ["read", "write", "create", "nonblocking", "nofollow"], 0o600);
  try {
    return open();
  } catch (error) {
    if (!isErrno(error, "EACCES", "ELOOP", "EISDIR", "ENXIO")) throw error;
  }
  // It was put there by another user, in a directory that is not ours alone.
  removeTree(os, PATHS.lock);
  return open();
}

function foreign(path: ByteString, owner: number): Failure {
  return new Failure(EXIT.system, `${path} belongs to user ${owner}, who must not have a hand in it: remove it`);
}

/** What to do about a failure that has to do with who we are, or how the container was started. */
function remedyFor(error: unknown, uid: number): string | undefined {
  if (!(error instanceof OsError)) return undefined;
  if (error.errno === "EROFS") return "mount a tmpfs on /run (--tmpfs /run)";
  if (uid === 0 || (error.errno !== "EACCES" && error.errno !== "EPERM")) return undefined;
  return `user ${uid} may not write there: mount a tmpfs on /run that it may write to, or let the image have the ` +
    `directory (mkdir -p /run/s6 && chown ${uid} /run/s6)`;
}
