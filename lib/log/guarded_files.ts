// The files of a log directory where another user can put others there, as root's logger in a directory of a service's user:
// they are reached through the directory that is held, whatever takes its name, and only files with one name are opened.

import type { ByteString } from "../bytes.ts";
import { type FollowingPorts, followPath, isClosed, leadToTheirOwn, usersOf } from "../followed_path.ts";
import type { OpenFlag } from "../os/operands.ts";
import type { FileStatus, Os } from "../os/os.ts";
import { about, EXIT, Failure, ifThere, unlessRefused, unsuitable } from "../report.ts";
import type { LogdirFiles } from "./logdir.ts";

export type GuardingOs = LogdirFiles & FollowingPorts & Pick<Os, "lstat" | "pid">;

/** How a log directory is reached. */
interface GuardedDirectory {
  readonly files: LogdirFiles;
  /** The directory itself, for this process and its children. */
  readonly place: ByteString;
}

/**
 * Undefined where only root and our own user can change what lies in the directory, or what has its name.
 * @throws Failure where another user's link leads to a directory that is not that user's
 */
export function guardedDirectory(os: GuardingOs, path: ByteString): GuardedDirectory | undefined {
  const foreign: FileStatus[] = [];
  const found = unlessRefused(() => followPath(os, path, (_, link, directory) => void foreign.push(link, directory)));
  if (found === undefined) return undefined;
  const status = os.fstat(found.fd);
  if (status.kind === "directory" && !leadToTheirOwn(foreign, status)) {
    const [user] = usersOf(foreign);
    const who = user === undefined ? "others" : `user ${user}`;
    throw new Failure(
      EXIT.system,
      `${path} is not logged to: it leads through a link that ${who} can have made to a directory of user ${status.uid} ` +
        "(have root make the link, in a directory that only root can write to)",
    );
  }
  if (status.kind !== "directory" || !found.isUnsettled && isClosed(status, os.credentials().uid)) {
    os.close(found.fd);
    return undefined;
  }
  const held = `/proc/${os.pid}/fd/${found.fd}`;
  const place = unlessRefused(() => os.find(held))?.inode === status.inode ? held : path;
  return { place, files: guardedFiles(os, path, place) };
}

function guardedFiles(os: GuardingOs, path: ByteString, place: ByteString): LogdirFiles {
  const there = (name: ByteString): ByteString =>
    name === path || name.startsWith(`${path}/`) ? place + name.slice(path.length) : name;
  const open = (name: ByteString, flags: readonly OpenFlag[], mode?: number): number => {
    const fd = about("open", name, () => os.open(there(name), [...flags, "nofollow", "nonblocking"], mode));
    const { kind, links } = os.fstat(fd);
    if (kind === "file" && links === 1) return fd;
    os.close(fd);
    throw unsuitable("open", name, kind === "file" ? "it has other names too" : `it is a ${kind}, not a file`);
  };
  const opened = (name: ByteString, flags: readonly OpenFlag[], work: (fd: number) => void): void => {
    const fd = open(name, flags);
    try {
      work(fd);
    } finally {
      os.close(fd);
    }
  };
  return {
    ...os,
    open,
    chmod: (name, mode) => opened(name, ["append"], (fd) => os.fchmod(fd, mode)),
    // It is made anew, and empty: what was there has been removed.
    writeFile: (name) => opened(name, ["write", "create"], () => {}),
    find: (name) => {
      const found = ifThere(() => os.lstat(there(name)));
      // What is no file is not one that was written to its end.
      return found === undefined || found.kind === "file" ? found : { ...found, mode: 0 };
    },
    link: (name, to) => os.link(there(name), there(to)),
    listDirectory: (name) => os.listDirectory(there(name)),
    makeDirectory: (name, mode) => os.makeDirectory(there(name), mode),
    rename: (name, to) => os.rename(there(name), there(to)),
    unlink: (name) => os.unlink(there(name)),
  };
}
