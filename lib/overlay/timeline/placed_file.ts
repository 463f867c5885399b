// Puts a file where a path leads, for a process that may be root in a directory of another user's: no link that another user
// could have made is followed, and a reader sees the old or the new content.

import type { ByteString } from "../../bytes.ts";
import { systemError } from "../../errno.ts";
import type { FileStatus, Os, WritingDoor } from "../../os/os.ts";
import { about, unsuitable } from "../../report.ts";

type PlacedFileOs =
  & Pick<Os, "actualPath" | "here" | "open" | "openAt" | "close" | "fstat" | "lstatAt" | "readLinkAt" | "credentials">
  & { readonly door: Pick<WritingDoor, "find" | "replace"> };

const MODE = 0o644;
const MOST_LINKS = 40;
const STICKY = 0o1000;
const WRITABLE_BY_OTHERS = 0o022;

/** Throws OsError, in terms of the path. Only a regular file gives way. */
export function placeFile(os: PlacedFileOs, path: ByteString, content: ByteString): void {
  about("write", path, () => {
    const actual = os.actualPath(path);
    const slash = actual.lastIndexOf("/");
    const name = actual.slice(slash + 1);
    const directory = holdDirectory(os, actual.slice(0, slash + 1));
    try {
      const present = os.door.find(name, directory, { links: "refuse" });
      if (present !== undefined && present.kind !== "file") {
        throw unsuitable("write", path, `a ${present.kind} is there`);
      }
      os.door.replace(name, content, directory, MODE);
    } finally {
      os.close(directory);
    }
  });
}

/** Goes there step by step: what is checked is what is passed through, whatever is renamed meanwhile. */
function holdDirectory(os: PlacedFileOs, path: ByteString): number {
  const isRoot = os.credentials().uid === 0;
  let at = os.open(path.startsWith("/") ? "/" : ".", ["path", "directory"]);
  const rest = path.split("/").reverse();
  const goTo = (fd: number): void => {
    os.close(at);
    at = fd;
  };
  try {
    for (let links = 0; rest.length > 0;) {
      const name = rest.pop()!;
      if (name === "" || name === ".") continue;
      const entry = os.lstatAt(at, name);
      if (entry.kind !== "link") {
        goTo(os.openAt(at, name, ["path", "directory", "nofollow"]));
        continue;
      }
      if (isRoot && !isOfRoot(entry, os.fstat(at))) {
        throw unsuitable("write", path, `${name} is a link that root has not made`);
      }
      if (++links > MOST_LINKS) throw systemError("open", path, "ELOOP");
      const target = os.readLinkAt(at, name);
      for (const word of target.split("/").reverse()) rest.push(word);
      if (target.startsWith("/")) goTo(os.open("/", ["path", "directory"]));
    }
    return at;
  } catch (error) {
    os.close(at);
    throw error;
  }
}

/** Where others can write, none but the owner of an entry can put another one in its place if the directory is sticky. */
function isOfRoot(link: Pick<FileStatus, "uid">, directory: Pick<FileStatus, "uid" | "mode">): boolean {
  if (link.uid !== 0 || directory.uid !== 0) return false;
  return (directory.mode & WRITABLE_BY_OTHERS) === 0 || (directory.mode & STICKY) !== 0;
}
