// The guarded door: the calls by which process 1 reaches files that others may have a hand in. lib/os/door.ts and
// lib/os/door_writing.ts implement it.

import type { ByteString } from "../bytes.ts";
import type { FileStatus } from "./file_status.ts";

/** How far a path may lead. */
export interface Reach {
  /** Links on the way and at its end. "refuse" is ELOOP on the way; at the end find() tells of the link itself. */
  readonly links?: "follow" | "refuse";
  /** Other file systems: "refuse" is EXDEV where one begins. */
  readonly mounts?: "cross" | "refuse";
}

/**
 * How process 1 reads files that others may have a hand in. It never waits: no fifo, device, lease or other file system
 * holds it up. Paths are absolute, or relative to `directory` (a descriptor; default the working directory).
 * A call throws OsError with errno EXDEV where another file system begins on the way (for an absolute path: another
 * than that of "/"), EAGAIN where another process holds a lease, ELOOP where a link is not to be followed (those of
 * /proc/PID never are), EFBIG where there is more than was asked for, EISDIR for a directory, EINVAL ("is a fifo, not a
 * file") for what else is not a regular file, besides what the system itself answers.
 */
export interface Door {
  /**
   * Holds a directory (O_PATH); what is reached through it stays on its file system. Release with close(). Where no
   * `directory` is given, the path is one that root has chosen: then it alone may lead across file systems, unless
   * `reach` says otherwise.
   */
  hold(path: ByteString, directory?: number, reach?: Reach): number;
  /** undefined where nothing is. Links are followed within the file system unless `links` is "refuse". */
  find(path: ByteString, directory?: number, reach?: Pick<Reach, "links">): FileStatus | undefined;
  /**
   * True if a path that root has chosen leads to this file or directory now; links and other file systems do not
   * matter.
   */
  leadsTo(path: ByteString, to: Pick<FileStatus, "device" | "inode">): boolean;
  /** True if something is at this path that root has chosen; links and other file systems do not matter. */
  isThere(path: ByteString): boolean;
  /** Where a held directory lies now; of one that is removed a path that leads nowhere. Undefined without /proc. */
  pathOf(directory: number): ByteString | undefined;
  /** True for a regular file that our ids may execute; false where nothing is, too. */
  mayExecute(path: ByteString, directory?: number): boolean;
  /**
   * Both at once: of a regular file that may be read, its first bytes, at most the given number, and whether our ids may
   * execute it.
   */
  readProgram(
    path: ByteString,
    size: number,
    directory?: number,
  ): { readonly head: ByteString; readonly mayExecute: boolean };
  /** The first bytes of a regular file, at most the given number. */
  readHead(path: ByteString, size: number, directory?: number): ByteString;
  /** A whole regular file of at most `most` bytes. */
  readWhole(path: ByteString, most: number, directory?: number, reach?: Pick<Reach, "links">): ByteString;
  /** As readWhole, with the owner and mode that the descriptor tells. */
  readOwned(
    path: ByteString,
    most: number,
    directory?: number,
    reach?: Pick<Reach, "links">,
  ): { readonly content: ByteString; readonly status: FileStatus };
  /** The names in a directory, without "." and "..", at most `most` of them. */
  list(path: ByteString, most: number, directory?: number): ByteString[];
  /** As list, but of a directory with more names the first ones. */
  listHead(path: ByteString, most: number, directory?: number): ByteString[];
}

/**
 * How process 1 changes files. Each call works on one entry of a held directory: `name` has no slash (EINVAL), and no link is
 * followed. Like all of the door it never waits, and refuses what is of another kind than asked for (EINVAL).
 */
export interface WritingDoor extends Door {
  /** False if something has that name already. The mode is exact, whatever the umask; -1 leaves the group alone. */
  makeDirectory(name: ByteString, mode: number, directory: number, gid?: number): boolean;
  /** Makes the fifo with this exact mode, unless it is there, and opens it for reading and writing, non-blocking. */
  provideFifo(name: ByteString, mode: number, directory: number): number;
  /** Opens a fifo for writing, non-blocking. Throws ENXIO where it has no reader. */
  openFifo(name: ByteString, directory: number): number;
  /**
   * Opens a regular file for appending. A file with more than one name is refused (EMLINK): it may be another one that
   * another user has linked there.
   */
  openFile(name: ByteString, directory: number): number;
  /** As openFile. One that is missing is made: with this exact mode, or with 0666 less the umask. */
  provideFile(name: ByteString, directory: number, mode?: number): number;
  /**
   * Puts a file in the place of whatever has the name, but a directory: the content is written to NAME.new, which is
   * made anew, and exchanged or renamed, so that a reader sees the old or the new content. The umask applies to its mode
   * (0666).
   * Returns what had to give way to NAME.new, if that was not a file.
   */
  replace(name: ByteString, content: ByteString, directory: number, mode?: number): FileStatus["kind"] | undefined;
  /** Removes an entry that is not a directory. */
  remove(name: ByteString, directory: number): void;
  /** A descriptor of /dev/null, for reading and writing. */
  openNull(): number;
  /** Where a link leads, as it is written. EINVAL for what is not a link. */
  readLink(name: ByteString, directory: number): ByteString;
}
