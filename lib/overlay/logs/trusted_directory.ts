// Opening a directory that a service's user may have a hand in: root goes where links lead that only root can have made,
// and nowhere else.

import type { ByteString } from "../../bytes.ts";
import { systemError } from "../../errno.ts";
import type { FileStatus, Os } from "../../os/os.ts";
import { OsError, unsuitable } from "../../report.ts";

export type WalkingPorts = Pick<
  Os,
  "actualPath" | "close" | "credentials" | "fstat" | "open" | "openAt" | "readLinkAt"
>;

const WRITABLE_BY_OTHERS = 0o022;
const MOST_LINKS = 40;

/**
 * A descriptor of the directory, for reading.
 * @param path absolute
 * @throws OsError, ELOOP where another user's link is on the way
 */
export function openTrustedDirectory(os: WalkingPorts, path: ByteString): number {
  const { uid } = os.credentials();
  let words = wordsOf(os.actualPath(path));
  let at = os.open("/", ["path", "directory"]);
  try {
    for (let links = 0; words.length > 0;) {
      const next = openEntry(os, at, words[0]!, path);
      const status = os.fstat(next);
      if (status.kind !== "link") {
        os.close(at);
        at = next;
        words = words.slice(1);
        continue;
      }
      os.close(next);
      if (++links > MOST_LINKS) throw systemError("open", path, "ELOOP");
      if (!isTrusted(status, os.fstat(at), uid)) throw foreign(path, words[0]!, status.uid);
      const target = os.readLinkAt(at, words[0]!);
      if (target.startsWith("/")) {
        os.close(at);
        at = os.open("/", ["path", "directory"]);
      }
      words = wordsOf(target).concat(words.slice(1));
    }
    return os.openAt(at, ".", ["read", "directory"]);
  } catch (error) {
    throw error instanceof OsError ? error.about("open", path) : error;
  } finally {
    os.close(at);
  }
}

function wordsOf(path: ByteString): ByteString[] {
  return path.split("/").filter((word) => word !== "" && word !== ".");
}

function openEntry(os: WalkingPorts, at: number, word: ByteString, path: ByteString): number {
  const fd = os.openAt(at, word, ["path", "nofollow"]);
  const { kind } = os.fstat(fd);
  if (kind === "link" || kind === "directory") return fd;
  os.close(fd);
  throw systemError("open", path, "ENOTDIR");
}

/** Only root, or we ourselves, can have put it there. */
function isTrusted(link: FileStatus, directory: FileStatus, uid: number): boolean {
  const isOurs = (owner: number): boolean => owner === 0 || owner === uid;
  return isOurs(link.uid) && isOurs(directory.uid) && (directory.mode & WRITABLE_BY_OTHERS) === 0;
}

function foreign(path: ByteString, word: ByteString, uid: number): OsError {
  return unsuitable(
    "open",
    path,
    `${word} is a link of user ${uid}, or lies where others can write, and is not followed`,
  );
}
