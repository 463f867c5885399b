// The directory of the catch-all logger: made, or taken over from the account that has logged there before. Another
// user may be able to write where it is made, and must not lead root elsewhere by a link.

import type { ByteString } from "../../bytes.ts";
import type { Credentials } from "../../os/operands.ts";
import type { Door, FileStatus, Os } from "../../os/os.ts";
import { EXIT, Failure, isErrno } from "../../report.ts";
import { PATHS } from "../paths.ts";

export type LogDirectoryOs =
  & Pick<Os, "openAt" | "close" | "fstat" | "fchown" | "fchmod" | "makeDirectory">
  & { readonly door: Pick<Door, "hold" | "find" | "list"> };

const MODE = 0o2700;
const WRITABLE_BY_OTHERS = 0o022;
/** A logger keeps far fewer files. */
const MOST_FILES = 65536;
const PLACE = PATHS.uncaughtLogs.slice(0, PATHS.uncaughtLogs.lastIndexOf("/"));
const NAME = PATHS.uncaughtLogs.slice(PLACE.length + 1);

/**
 * Makes the directory, and gives it to the logger with the files of the one before.
 * @throws OsError EXDEV where it is on another file system than the root; Failure if another user's link lies there
 */
export function provideLogDirectory(os: LogDirectoryOs, { uid, gid }: Credentials): void {
  const place = holdPlace(os);
  try {
    const directory = openDirectory(os, place);
    try {
      const was = os.fstat(directory);
      if (was.uid !== uid) handOver(os, directory, was.uid, uid, gid);
      if (was.uid !== uid || was.gid !== gid) os.fchown(directory, uid, gid);
      if (os.fstat(directory).mode !== MODE) os.fchmod(directory, MODE);
    } finally {
      os.close(directory);
    }
  } finally {
    os.close(place);
  }
}

function holdPlace(os: LogDirectoryOs): number {
  try {
    return os.door.hold(PLACE, undefined, { mounts: "refuse" });
  } catch (error) {
    if (!isErrno(error, "ENOENT")) throw error;
    os.makeDirectory(PLACE, 0o755);
    return os.door.hold(PLACE, undefined, { mounts: "refuse" });
  }
}

function openDirectory(os: LogDirectoryOs, place: number): number {
  const found = os.door.find(NAME, place, { links: "refuse" });
  if (found === undefined) makeDirectory(os);
  if (found?.kind !== "link") return os.openAt(place, NAME, ["read", "directory", "nofollow"]);
  if (!isTrusted(found, os.fstat(place))) throw foreign(found);
  // Held first: it may lead to another file system.
  const target = os.door.hold(NAME, place);
  try {
    return os.openAt(target, ".", ["read", "directory"]);
  } finally {
    os.close(target);
  }
}

function makeDirectory(os: LogDirectoryOs): void {
  try {
    os.makeDirectory(PATHS.uncaughtLogs, 0o755);
  } catch (error) {
    if (!isErrno(error, "EEXIST")) throw error;
  }
}

/** Only root can have put it there. */
function isTrusted(link: FileStatus, place: FileStatus): boolean {
  return link.uid === 0 && place.uid === 0 && (place.mode & WRITABLE_BY_OTHERS) === 0;
}

function foreign({ uid }: FileStatus): Failure {
  return new Failure(
    EXIT.system,
    `${PATHS.uncaughtLogs} is a link of user ${uid}, or lies where others than root can write, and is not followed: ` +
      `remove it, or have root put it into a ${PLACE} that only root can write to`,
  );
}

/** The files of the user who has logged here before go to the new one; all else there is left alone. */
function handOver(os: LogDirectoryOs, directory: number, from: number, uid: number, gid: number): void {
  for (const name of os.door.list(".", MOST_FILES, directory).filter(isLogFile)) {
    const file = os.openAt(directory, name, ["path", "nofollow"]);
    try {
      const status = os.fstat(file);
      // The owner of the directory may put links there, to files that belong to another user.
      if (status.kind === "file" && status.uid === from && status.links === 1) os.fchown(file, uid, gid);
    } finally {
      os.close(file);
    }
  }
}

/** What s6-log keeps in its directories. */
export function isLogFile(name: ByteString): boolean {
  return /^(current|previous|lock|state|newstate|processed|@[0-9a-f]{24}\.[su])$/.test(name);
}
