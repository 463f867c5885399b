// The files of a log directory that have lines, in the order in which they were written, and which of them come after
// one that has been read, whatever its name has become. Pure. Follows s6-log(8), log directories.

import type { ByteString } from "../../bytes.ts";
import { isArchiveName } from "../../log/archive_name.ts";

const CURRENT = "current";
/** What `current` is called in the middle of a rotation. */
const PREVIOUS = "previous";

export interface LogFile {
  readonly name: ByteString;
  readonly inode: number;
}

/** A file that was opened. */
export interface OpenedLog extends LogFile {
  /** The newest archive that was there then, if it is not an archive itself. All of them are older. */
  readonly newestBefore: ByteString;
}

/** True for a file that has lines. */
export function hasLines(name: ByteString): boolean {
  return name === CURRENT || name === PREVIOUS || isArchiveName(name);
}

/** Names of such files, the oldest first. */
export function inOrderOfWriting(names: readonly ByteString[]): ByteString[] {
  const archives = names.filter((name) => isArchiveName(name)).sort();
  return archives.concat([PREVIOUS, CURRENT].filter((name) => names.includes(name)));
}

/** The name of the newest archive; empty where there is none. */
export function newestArchive(names: readonly ByteString[]): ByteString {
  return names.reduce((newest, name) => isArchiveName(name) && name > newest ? name : newest, "");
}

/** True for a name that a file may have which was written later than this one, or this one by now. */
export function mayFollow(name: ByteString, last: OpenedLog | undefined): boolean {
  if (last === undefined || !isArchiveName(name)) return true;
  return name > (isArchiveName(last.name) ? last.name : last.newestBefore);
}

/**
 * The files that were written after one that has been read.
 * @param files in order, those that may follow it
 */
export function filesAfter(files: readonly LogFile[], last: OpenedLog | undefined): LogFile[] {
  return withoutSecondNames(files.slice(indexAfter(files, last)));
}

function indexAfter(files: readonly LogFile[], last: OpenedLog | undefined): number {
  if (last === undefined) return 0;
  const here = files.findLastIndex(({ inode }) => inode === last.inode);
  if (here >= 0 || isArchiveName(last.name)) return here + 1;
  // It has gone, and the first archive since then is what the logger's processor has made of it.
  return files[0] !== undefined && isArchiveName(files[0].name) ? 1 : 0;
}

/** A file has two names while it is archived. */
function withoutSecondNames(files: readonly LogFile[]): LogFile[] {
  const seen = new Set<number>();
  return files.filter(({ inode }) => !seen.has(inode) && seen.add(inode));
}

/**
 * Whether it cannot be told what was written right behind a file that was read, as archives that came after it may have
 * been removed: whether the first one that is left is what a processor has made of it, neither.
 * @param files those that may follow it
 * @param names all that are there
 */
export function isOutOfSight(
  files: readonly LogFile[],
  last: OpenedLog | undefined,
  names: readonly ByteString[],
): boolean {
  if (last === undefined || isArchiveName(last.name) || files.some(({ inode }) => inode === last.inode)) return false;
  // The oldest are removed first.
  if (last.newestBefore !== "") return !names.includes(last.newestBefore);
  return files.filter(({ name }) => isArchiveName(name)).length > 1;
}

/** One that is an archive by now has its name: what follows it is known by that, also when it is removed. */
export function byPresentName(files: readonly LogFile[], last: OpenedLog): OpenedLog {
  const now = files.find(({ name, inode }) => inode === last.inode && isArchiveName(name));
  return now === undefined ? last : { ...last, name: now.name };
}

/** How many of the archives that were to be read have been removed before, as a logger does with the oldest. */
export function removedUnread(awaited: readonly LogFile[], present: readonly LogFile[]): number {
  const names = new Set(present.map(({ name }) => name));
  return awaited.filter(({ name }) => isArchiveName(name) && !names.has(name)).length;
}
