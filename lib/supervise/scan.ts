// What a scan directory holds: the service directories in it, links followed, each with its identity and whether it is
// logged. Names that begin with a dot are none.

import type { ByteString } from "../bytes.ts";
import type { FileStatus, Os } from "../os/os.ts";
import { ifThere, invalid, isErrno } from "../report.ts";

type ScanOs = Pick<Os, "door" | "close" | "fstat">;

/** The catch-all logger: it has no logger of its own, and is ended as loggers are. */
export const CATCH_ALL = "s6-svscan-log";
const MOST_LINKS = 40;
/** A scan directory with more entries is not looked through. */
const MOST_ENTRIES = 100_000;

export interface FoundService {
  readonly name: ByteString;
  /** With links resolved: it still leads to the service when the link is gone. */
  readonly directory: ByteString;
  /** Device and inode: what a service is known by, whatever it is called. */
  readonly key: string;
}

/** What is found in the scan directory, in order of name. `failed` takes what could not be read. */
export function scan(
  os: ScanOs,
  directory: ByteString,
  failed: (name: ByteString, error: unknown) => void,
): FoundService[] {
  const held = os.door.hold(directory);
  try {
    const found: FoundService[] = [];
    for (const name of os.door.list(".", MOST_ENTRIES, held).sort()) {
      if (name.startsWith(".")) continue;
      try {
        const service = look(os, directory, held, name);
        if (service !== undefined) found.push(service);
      } catch (error) {
        // Nothing is known then of what is there: it has not gone.
        if (isErrno(error, "EMFILE", "ENFILE", "ENOMEM")) throw error;
        failed(name, error);
      }
    }
    return found;
  } finally {
    os.close(held);
  }
}

/** The logger's directory of a service, if it has one. */
export function findLogger(os: ScanOs, service: FoundService): FoundService | undefined {
  if (service.name === CATCH_ALL) return undefined;
  return ifThere(() => {
    const held = os.door.hold(service.directory);
    try {
      const logger = look(os, service.directory, held, "log");
      return logger && { ...logger, name: `${service.name}/log` };
    } finally {
      os.close(held);
    }
  });
}

/** The entry, if it is a directory or a link to one. */
function look(os: ScanOs, parent: ByteString, held: number, name: ByteString): FoundService | undefined {
  const path = `${parent}/${name}`;
  const entry = findItself(os, held, name);
  if (entry === undefined) return undefined;
  if (entry !== "mount" && entry.kind === "directory") return { name, directory: path, key: keyOf(entry) };
  if (entry !== "mount" && entry.kind !== "link") return undefined;
  // Wherever the link leads: it is root who names services. One that leads nowhere is failed.
  const status = statusOf(os, held, name);
  if (status === undefined) return undefined;
  return { name, directory: entry === "mount" ? path : resolveLinks(os, parent, held, name), key: keyOf(status) };
}

/** The key of the directory that is at this path now; undefined where that is unknown. */
export function keyAt(os: ScanOs, directory: ByteString): string | undefined {
  let held: number | undefined;
  try {
    held = os.door.hold(directory);
    return keyOf(os.fstat(held));
  } catch {
    return undefined;
  } finally {
    if (held !== undefined) os.close(held);
  }
}

function keyOf({ device, inode }: FileStatus): string {
  return `${device}:${inode}`;
}

function findItself(os: ScanOs, held: number, name: ByteString): FileStatus | "mount" | undefined {
  try {
    return os.door.find(name, held, { links: "refuse" });
  } catch (error) {
    if (isErrno(error, "EXDEV")) return "mount";
    throw error;
  }
}

/** What the name leads to, if that is a directory. */
function statusOf(os: ScanOs, held: number, name: ByteString): FileStatus | undefined {
  let directory: number;
  try {
    directory = os.door.hold(name, held, { mounts: "cross" });
  } catch (error) {
    if (isErrno(error, "ENOTDIR")) return undefined;
    throw error;
  }
  try {
    return os.fstat(directory);
  } finally {
    os.close(directory);
  }
}

/** Where a link of a directory that is held leads in the end. */
function resolveLinks(os: ScanOs, parent: ByteString, held: number, name: ByteString): ByteString {
  let [base, at] = [parent, `${parent}/${name}`];
  let target: ByteString | undefined = os.door.readLink(name, held);
  for (let links = 0; links < MOST_LINKS; links++) {
    at = target.startsWith("/") ? target : `${base}/${target}`;
    at = at.replace(/(?<=.)\/+$/, "");
    base = at.slice(0, at.lastIndexOf("/")) || "/";
    target = readLink(os, base, at.slice(at.lastIndexOf("/") + 1));
    if (target === undefined) return at;
  }
  throw invalid(`${parent}/${name} is a loop of links`);
}

/** Where an entry of a directory leads; undefined if it is not a link. */
function readLink(os: ScanOs, parent: ByteString, name: ByteString): ByteString | undefined {
  // The root, or where a path ends in "..": no link.
  if (name === "" || name === "." || name === "..") return undefined;
  const held = os.door.hold(parent);
  try {
    const entry = findItself(os, held, name);
    const isOther = entry === "mount" || entry !== undefined && entry.kind !== "link";
    return isOther ? undefined : os.door.readLink(name, held);
  } catch (error) {
    if (isErrno(error, "EINVAL")) return undefined;
    throw error;
  } finally {
    os.close(held);
  }
}
