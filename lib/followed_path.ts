// Going along a path whose directories a service's user may have a hand in: one entry after the other, so that of each link
// on the way it is known who can have put it there.

import type { ByteString } from "./bytes.ts";
import { systemError } from "./errno.ts";
import type { FileStatus, Os } from "./os/os.ts";

export type FollowingPorts = Pick<
  Os,
  "actualPath" | "close" | "credentials" | "find" | "fstat" | "open" | "openAt" | "readLinkAt"
>;

/** What a path leads to in the end, which is no link. */
export interface Followed {
  /** It itself, neither to be read nor written. */
  readonly fd: number;
  /** The directory that it was found in. */
  readonly above: FileStatus;
  /** Another user than root or ours can have something else lie there from now on. */
  readonly isUnsettled: boolean;
}

const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;
const MOST_LINKS = 40;

/**
 * Follows a path.
 * @param onForeign learns of each link, by its name, that another user than root or ours can have put there; it may throw
 * @throws OsError
 */
export function followPath(
  os: FollowingPorts,
  path: ByteString,
  onForeign: (name: ByteString, link: FileStatus, directory: FileStatus) => void,
): Followed {
  const { uid } = os.credentials();
  const kernels = os.find("/proc")?.device;
  let words = wordsOf(os.actualPath(path));
  let at = os.open(path.startsWith("/") ? "/" : ".", ["path", "directory"]);
  let above = os.fstat(at);
  let isUnsettled = false;
  try {
    for (let links = 0; words.length > 0;) {
      const [word = "", ...rest] = words;
      const directory = os.fstat(at);
      let next = os.openAt(at, word, ["path", "nofollow"]);
      const status = os.fstat(next);
      const target = status.kind === "link" ? closing(os, next, () => os.readLinkAt(at, word)) : undefined;
      // Such a link of the kernel's is no path: it leads to what a process has open.
      const leadsBeside = target !== undefined && directory.device === kernels && /^[a-z_]+:\[/.test(target);
      if (leadsBeside) next = os.openAt(at, word, ["path"]);
      if (target === undefined || leadsBeside) {
        os.close(at);
        isUnsettled ||= !isKept(status, directory, uid);
        [at, above, words] = [next, directory, rest];
        continue;
      }
      if (++links > MOST_LINKS) throw systemError("open", path, "ELOOP");
      if (!isTrusted(status, directory, uid)) onForeign(word, status, directory);
      if (target.startsWith("/")) {
        const top = os.open("/", ["path", "directory"]);
        os.close(at);
        at = top;
        above = os.fstat(at);
      }
      words = [...wordsOf(target), ...rest];
    }
    return { fd: at, above, isUnsettled };
  } catch (error) {
    os.close(at);
    throw error;
  }
}

function closing<T>(os: Pick<Os, "close">, fd: number, work: () => T): T {
  try {
    return work();
  } finally {
    os.close(fd);
  }
}

function wordsOf(path: ByteString): ByteString[] {
  return path.split("/").filter((word) => word !== "" && word !== ".");
}

/** Only root, or we ourselves, can have put it there. */
function isTrusted(link: FileStatus, directory: FileStatus, uid: number): boolean {
  return isOurs(link, uid) && isClosed(directory, uid);
}

/** Only root, or we ourselves, can put something else there. */
function isKept(entry: FileStatus, directory: FileStatus, uid: number): boolean {
  return isClosed(directory, uid) ||
    isOurs(entry, uid) && isOurs(directory, uid) && (directory.mode & STICKY) !== 0;
}

/** Only root, or we ourselves, can change what is in the directory. */
export function isClosed(directory: Pick<FileStatus, "mode" | "uid">, uid: number): boolean {
  return isOurs(directory, uid) && (directory.mode & WRITABLE_BY_OTHERS) === 0;
}

function isOurs({ uid: owner }: Pick<FileStatus, "uid">, uid: number): boolean {
  return owner === 0 || owner === uid;
}

/**
 * True if those who can have made these links can do as they like with what they lead to in the end.
 * @param foreign each link that others can have made, and its directory
 */
export function leadToTheirOwn(foreign: readonly Pick<FileStatus, "uid">[], { uid }: Pick<FileStatus, "uid">): boolean {
  const users = usersOf(foreign);
  return foreign.length === 0 || users.length > 0 && users.every((user) => user === uid);
}

/** Who these are of, but for root. */
export function usersOf(foreign: readonly Pick<FileStatus, "uid">[]): number[] {
  return foreign.map(({ uid }) => uid).filter((uid) => uid !== 0);
}
