// Hard links that a user may have made in its own directory to another user's file, say /etc/shadow, so that root
// gives it the file. Most kernels forbid it (fs.protected_hardlinks); where they do not, such files are left alone.

import type { FileStatus, Os } from "../../os/os.ts";

const SETTING = "/proc/sys/fs/protected_hardlinks";

/**
 * True if the file has other names, and a user that neither is root nor owns it could have made the one in the
 * directory.
 */
export function mayBeForeign(
  file: Pick<FileStatus, "kind" | "links" | "uid">,
  directory: Pick<FileStatus, "mode" | "uid" | "gid">,
): boolean {
  if (file.kind === "directory" || file.links === 1) return false;
  const groupWrites = (directory.mode & 0o020) !== 0 && directory.gid !== 0;
  const othersWrite = (directory.mode & 0o002) !== 0;
  return groupWrites || othersWrite || (directory.uid !== 0 && directory.uid !== file.uid);
}

/** True if the kernel lets users make links only to files that are theirs, or that they could write to anyway. */
export function areLinksProtected(os: Pick<Os, "readFile">): boolean {
  try {
    return Number(os.readFile(SETTING)) > 0;
  } catch {
    return false;
  }
}
