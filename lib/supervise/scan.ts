// What a scan directory holds: the service directories in it, links followed, each with its identity and whether it is
// logged. Names that begin with a dot are none.

import type { ByteString } from "../bytes.ts";
import type { FileStatus, Os } from "../os/os.ts";
import { invalid, isErrno } from "../report.ts";

type ScanOs = Pick<Os, "listDirectory" | "lstat" | "readLink" | "stat">;

/** The catch-all logger: it has no logger of its own, and is ended as loggers are. */
export const CATCH_ALL = "s6-svscan-log";
const MOST_LINKS = 40;

export interface Found {
  readonly name: ByteString;
  /** With links resolved: it still leads to the service when the link is gone. */
  readonly directory: ByteString;
  /** Device and inode: what a service is known by, whatever it is called. */
  readonly key: string;
}

/** What is found in the scan directory, in order of name. `trouble` takes what could not be looked at. */
export function scan(
  os: ScanOs,
  directory: ByteString,
  trouble: (name: ByteString, error: unknown) => void,
): Found[] {
  const found: Found[] = [];
  for (const name of os.listDirectory(directory).sort()) {
    if (name.startsWith(".")) continue;
    try {
      const service = look(os, directory, name);
      if (service !== undefined) found.push(service);
    } catch (error) {
      trouble(name, error);
    }
  }
  return found;
}

/** The logger's directory of a service, if it has one. */
export function findLogger(os: ScanOs, service: Found): Found | undefined {
  if (service.name === CATCH_ALL) return undefined;
  try {
    const logger = look(os, service.directory, "log");
    return logger && { ...logger, name: `${service.name}/log` };
  } catch (error) {
    if (isErrno(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** The entry, if it is a directory or a link to one. */
function look(os: ScanOs, parent: ByteString, name: ByteString): Found | undefined {
  const path = `${parent}/${name}`;
  const entry = lstatIfThere(os, path);
  const isLink = entry?.kind === "link";
  // A link that leads nowhere is trouble: stat, other than find, says so.
  const status = isLink ? os.stat(path) : entry;
  if (status?.kind !== "directory") return undefined;
  const directory = isLink ? resolveLinks(os, parent, path) : path;
  return { name, directory, key: `${status.device}:${status.inode}` };
}

function lstatIfThere(os: ScanOs, path: ByteString): FileStatus | undefined {
  try {
    return os.lstat(path);
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  }
}

function resolveLinks(os: ScanOs, parent: ByteString, path: ByteString): ByteString {
  let [base, at] = [parent, path];
  for (let links = 0; links <= MOST_LINKS; links++) {
    if (os.lstat(at).kind !== "link") return at;
    const target = os.readLink(at);
    at = target.startsWith("/") ? target : `${base}/${target}`;
    base = at.slice(0, at.lastIndexOf("/")) || "/";
  }
  throw invalid(`${path} is a loop of links`);
}
