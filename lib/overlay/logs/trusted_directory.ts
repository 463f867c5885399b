// Opening a directory that a service's user may have a hand in: root goes where links lead that only root can have made,
// and nowhere else.

import type { ByteString } from "../../bytes.ts";
import { OsError, unsuitable } from "../../report.ts";
import { type FollowingPorts, followPath } from "../../followed_path.ts";

/**
 * A descriptor of the directory, for reading.
 * @param path absolute
 * @throws OsError where another user's link is on the way
 */
export function openTrustedDirectory(os: FollowingPorts, path: ByteString): number {
  try {
    const { fd } = followPath(os, path, (name, { uid }) => {
      throw foreign(path, name, uid);
    });
    try {
      return os.openAt(fd, ".", ["read", "directory"]);
    } finally {
      os.close(fd);
    }
  } catch (error) {
    throw error instanceof OsError ? error.about("open", path) : error;
  }
}

function foreign(path: ByteString, word: ByteString, uid: number): OsError {
  return unsuitable(
    "open",
    path,
    `${word} is a link of user ${uid}, or lies where others can write, and is not followed`,
  );
}
