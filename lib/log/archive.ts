// The finished files of a log directory: named by the moment they were archived, ".s" when complete and on disk, ".u"
// when left behind by an unclean stop; the oldest are removed. And what a start makes of the files it finds.
// Follows s6-log(8), log directories.

import type { ByteString } from "../bytes.ts";
import { isArchiveName } from "./archive_name.ts";
import { systemError } from "../errno.ts";
import type { Os } from "../os/os.ts";
import { ifThere, OsError, unlessThere } from "../report.ts";
import { stampText } from "../tai.ts";
import type { Keeping } from "./directive.ts";

type ArchiveFiles = Pick<Os, "find" | "link" | "listDirectory" | "now" | "unlink">;

export type OpeningFiles =
  & ArchiveFiles
  & Pick<Os, "close" | "fchmod" | "fstat" | "lock" | "makeDirectory" | "open" | "writeFile">;

/** The mark of a file that was completely written and synced. */
export const OWNER_EXECUTE = 0o100;

/** Of a log directory that is made. */
export const DIRECTORY_MODE = 0o2700;

/**
 * Gives a file of the directory its archive name, if it is there, and trims. An empty one is removed: it is no archive.
 * @param suffix "s" for safe, "u" for unsafe
 */
export function archiveLog(
  os: ArchiveFiles,
  path: ByteString,
  { name, suffix, keeping, warn }: {
    readonly name: ByteString;
    readonly suffix: "s" | "u";
    readonly keeping: Keeping;
    readonly warn: (text: string) => void;
  },
): void {
  const file = `${path}/${name}`;
  const status = os.find(file);
  if (status === undefined) return;
  // A second link is the archive name that an attempt before this one had made.
  if (status.links === 1 && status.size > 0) linkAsArchive(os, path, file, suffix);
  os.unlink(file);
  trim(os, path, keeping, warn);
}

function linkAsArchive(os: ArchiveFiles, path: ByteString, file: ByteString, suffix: string): void {
  const now = os.now();
  // Two files may be archived at one moment, or the clock was set back: a later nanosecond is free.
  for (let sum = now.nanoseconds;; sum++) {
    const stamp = stampText({ seconds: now.seconds + Math.floor(sum / 1e9), nanoseconds: sum % 1e9 });
    if (unlessThere(() => os.link(file, `${path}/${stamp}.${suffix}`))) return;
  }
}

/** Removes the oldest archives until their number and size are within the limits. */
function trim(os: ArchiveFiles, path: ByteString, keeping: Keeping, warn: (text: string) => void): void {
  const names = os.listDirectory(path).filter((name) => isArchiveName(name));
  if (names.length <= keeping.archives && keeping.total === 0) return;
  names.sort();
  const attempt = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      warn(error.message);
    }
  };
  const sizes = keeping.total === 0 ? [] : names.map((name) => attempt(() => os.find(`${path}/${name}`))?.size ?? 0);
  let total = sizes.reduce((sum, size) => sum + size, 0);
  for (let at = 0; at < names.length; at++) {
    if (names.length - at <= keeping.archives && (keeping.total === 0 || total <= keeping.total)) return;
    attempt(() => os.unlink(`${path}/${names[at]}`));
    total -= sizes[at] ?? 0;
  }
}

/**
 * Makes the directory and its lock, archives what an unclean stop left, and opens `current`.
 * @param mode the mode of its files
 * @throws OsError, or Failure where it cannot be used
 */
export function openDirectory(
  os: OpeningFiles,
  path: ByteString,
  { keeping, mode, warn }: {
    readonly keeping: Keeping;
    readonly mode: number;
    readonly warn: (text: string) => void;
  },
): { readonly fd: number; readonly size: number } {
  unlessThere(() => os.makeDirectory(path, DIRECTORY_MODE));
  lock(os, `${path}/lock`);
  const current = os.find(`${path}/current`);
  if (current === undefined || (current.mode & OWNER_EXECUTE) === 0) recover(os, path, { keeping, warn });
  const fd = os.open(`${path}/current`, ["append", "create"]);
  os.fchmod(fd, mode);
  return { fd, size: os.fstat(fd).size };
}

/** Archives what an unclean stop left. What cannot be removed is overwritten later. */
function recover(
  os: OpeningFiles,
  path: ByteString,
  rest: { readonly keeping: Keeping; readonly warn: (text: string) => void },
): void {
  const discard = (name: string): void => {
    try {
      ifThere(() => os.unlink(`${path}/${name}`));
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      rest.warn(error.message);
    }
  };
  discard("state");
  discard("newstate");
  const processed = os.find(`${path}/processed`);
  if (processed !== undefined && (processed.mode & OWNER_EXECUTE) !== 0) {
    discard("previous");
    archiveLog(os, path, { name: "processed", suffix: "s", ...rest });
  } else {
    discard("processed");
    archiveLog(os, path, { name: "previous", suffix: "u", ...rest });
  }
  archiveLog(os, path, { name: "current", suffix: "u", ...rest });
  os.writeFile(`${path}/state`, "");
}

/** Holds the lock for as long as this process lives. */
function lock(os: OpeningFiles, file: ByteString): void {
  const fd = os.open(file, ["readwrite", "create", "nonblocking"]);
  if (!os.lock(fd)) throw systemError("lock", file, "EBUSY");
}
