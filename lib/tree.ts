// Whole directory trees: copying and removing. Links are copied and removed as links, never followed, and what lies below
// the paths given is reached by descriptors (descent.ts): nobody can lead us out of the trees by renaming.

import type { ByteString } from "./bytes.ts";
import { Descent, type DescentPorts } from "./descent.ts";
import type { FileStatus, Os } from "./os/os.ts";
import { isErrno, OsError } from "./report.ts";

export type RemovePorts =
  & DescentPorts
  & Pick<Os, "open" | "removeAt" | "unlink" | "removeDirectory" | "lstat" | "lstatAt">;
export type CopyPorts =
  & DescentPorts
  & Pick<Os, "here" | "lstatAt" | "fstat" | "makeDirectoryAt" | "makeFifoAt" | "symlinkAt" | "readLinkAt" | "removeAt">
  & Pick<Os, "read" | "writeAll" | "truncate" | "fchmod" | "fchown" | "credentials">;

/** So often a directory may turn out not to be done: somebody works against us, or reading it has left names out. */
const PATIENCE = 1000;

/** Removes what the path names. What is not there is removed already. */
export function removeTree(os: RemovePorts, path: ByteString): void {
  try {
    if (os.lstat(path).kind !== "directory") return os.unlink(path);
    const top = os.open(path, ["read", "directory", "nofollow"]);
    try {
      empty(os, top, () => os.removeDirectory(path));
    } finally {
      os.close(top);
    }
  } catch (error) {
    if (!isErrno(error, "ENOENT")) throw error;
  }
}

/** Removes all that is in the directory, and then the directory, by the call given. */
function empty(os: RemovePorts, top: number, removeTop: () => void): void {
  const walk = new Descent(os, top, true);
  let patience = PATIENCE;
  const isStillFull = (remove: () => void): boolean => {
    try {
      remove();
      return false;
    } catch (error) {
      if (isErrno(error, "ENOENT")) return false;
      if (!isErrno(error, "ENOTEMPTY", "EEXIST", "ENOTDIR") || patience-- === 0) throw error;
      return true;
    }
  };
  try {
    for (;;) {
      const name = walk.next();
      if (name !== undefined) {
        if (!removedAt(os, walk.directory, name)) tryEnter(walk, name);
      } else if (walk.depth > 0) {
        const left = walk.leave();
        if (isStillFull(() => os.removeAt(walk.directory, left, "directory"))) tryEnter(walk, left);
      } else if (isStillFull(removeTop)) os.seek(top, 0n);
      else return;
    }
  } finally {
    walk.close();
  }
}

/** Goes into a directory. If it is none any more, its name comes again: what it is in will not be empty. */
function tryEnter(walk: Descent, name: ByteString): void {
  try {
    walk.enter(name);
  } catch (error) {
    if (!isErrno(error, "ENOTDIR", "ENOENT")) throw error;
  }
}

/** False if it is a directory, which has to be emptied first. */
function removedAt(os: RemovePorts, directory: number, name: ByteString): boolean {
  try {
    os.removeAt(directory, name, "other");
    return true;
  } catch (error) {
    if (isErrno(error, "ENOENT")) return true;
    // EISDIR is Linux's answer, EPERM that of POSIX and some file systems.
    if (isErrno(error, "EISDIR") || (isErrno(error, "EPERM") && os.lstatAt(directory, name).kind === "directory")) {
      return false;
    }
    throw error;
  }
}

export interface CopyOptions {
  /** Takes what could not be copied inside a directory, and the rest is copied; without it that is thrown. */
  readonly onFailure?: (error: OsError) => void;
  /** Puts something else in the place of a file's copy; true if it has. */
  readonly instead?: (file: SourceFile, directory: number, name: ByteString) => boolean;
}

/** A file to be copied: its descriptor, its status and its path below the top. */
export interface SourceFile {
  readonly fd: number;
  readonly status: FileStatus;
  readonly path: ByteString;
}

/** Copies a file or a directory with all that is in it; modes are kept, owners where we may set them. */
export function copyTree(os: CopyPorts, from: ByteString, to: ByteString, options: CopyOptions = {}): void {
  const copier = new Copier(os, options, from);
  if (os.lstatAt(os.here, from).kind === "directory") copier.directory(to);
  else copier.entry({ directory: os.here, name: from, path: "" }, { directory: os.here, name: to });
}

interface Place {
  readonly directory: number;
  readonly name: ByteString;
}

class Copier {
  private readonly buffer = new Uint8Array(new ArrayBuffer(65536));
  private readonly owner: { readonly uid: number; readonly gid: number };

  constructor(
    private readonly os: CopyPorts,
    private readonly options: CopyOptions,
    private readonly from: ByteString,
  ) {
    this.owner = os.credentials();
  }

  directory(to: ByteString): void {
    const { os, from } = this;
    const source = os.openAt(os.here, from, ["read", "directory", "nofollow"]);
    try {
      this.makeDirectory({ directory: os.here, name: to }, os.fstat(source));
      // A link in place of the copy is followed here, and nowhere below.
      const target = os.openAt(os.here, to, ["read", "directory"]);
      try {
        this.dress(target, os.fstat(source));
        this.below(source, target);
      } finally {
        os.close(target);
      }
    } finally {
      os.close(source);
    }
  }

  private below(top: number, copy: number): void {
    const { os } = this;
    const [source, target] = [new Descent(os, top), new Descent(os, copy)];
    const { device, inode } = os.fstat(copy);
    try {
      for (;;) {
        const name = source.next();
        if (name !== undefined) {
          this.attempt(source.path(name), () => {
            const status = os.lstatAt(source.directory, name);
            if (status.kind !== "directory") {
              const from = { directory: source.directory, name, path: source.path(name) };
              this.entry(from, { directory: target.directory, name });
            } else if (status.inode !== inode || status.device !== device) this.enter(source, target, name);
          });
        } else if (source.depth > 0) {
          source.leave();
          target.leave();
        } else return;
      }
    } finally {
      source.close();
      target.close();
    }
  }

  private enter(source: Descent, target: Descent, name: ByteString): void {
    const { os } = this;
    source.enter(name);
    try {
      const status = os.fstat(source.directory);
      this.makeDirectory({ directory: target.directory, name }, status);
      target.enter(name);
      this.dress(target.directory, status);
    } catch (error) {
      if (target.depth === source.depth) target.leave();
      source.leave();
      throw error;
    }
  }

  private attempt(path: ByteString, copy: () => void): void {
    try {
      copy();
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      const failure = new OsError(error.action, `${this.from}/${path}`, error.errno, error.reason);
      if (this.options.onFailure === undefined) throw failure;
      this.options.onFailure(failure);
    }
  }

  private makeDirectory({ directory, name }: Place, status: FileStatus): void {
    try {
      this.os.makeDirectoryAt(directory, name, status.mode);
    } catch (error) {
      if (!isErrno(error, "EEXIST")) throw error;
    }
  }

  /** Anything but a directory. */
  entry(from: Place & { readonly path: ByteString }, to: Place): void {
    const { os } = this;
    const status = os.lstatAt(from.directory, from.name);
    if (status.kind === "file") return this.file(from, to);
    if (status.kind === "link") os.symlinkAt(os.readLinkAt(from.directory, from.name), to.directory, to.name);
    else if (status.kind === "fifo") os.makeFifoAt(to.directory, to.name, status.mode);
    // Sockets and devices have no business in a service directory.
    else return;
    const fd = os.openAt(to.directory, to.name, ["path", "nofollow"]);
    try {
      if (os.fstat(fd).kind === status.kind) this.dress(fd, status);
    } finally {
      os.close(fd);
    }
  }

  private file(from: Place & { readonly path: ByteString }, to: Place): void {
    const { os } = this;
    // Without waiting: it may be a fifo by now.
    const source = os.openAt(from.directory, from.name, ["read", "nonblocking", "nofollow"]);
    try {
      const status = os.fstat(source);
      if (status.kind !== "file") throw new OsError("copy", from.name, "EINVAL", "it was replaced meanwhile");
      if (this.options.instead?.({ fd: source, status, path: from.path }, to.directory, to.name)) return;
      const target = this.newFile(to, status);
      try {
        for (let got = os.read(source, this.buffer); got > 0; got = os.read(source, this.buffer)) {
          os.writeAll(target, this.buffer.subarray(0, got));
        }
        this.dress(target, status);
      } finally {
        os.close(target);
      }
    } finally {
      os.close(source);
    }
  }

  /** An empty file in that place: a new one, or the one that is there if it is known by no other name. */
  private newFile({ directory, name }: Place, source: FileStatus): number {
    const { os } = this;
    const make = (): number => os.openAt(directory, name, ["write", "create", "exclusive"], source.mode & 0o700);
    try {
      return make();
    } catch (error) {
      if (!isErrno(error, "EEXIST")) throw error;
    }
    const fd = os.openAt(directory, name, ["write", "nonblocking", "nofollow"]);
    try {
      const { kind, links, device, inode } = os.fstat(fd);
      if (kind !== "file") throw new OsError("overwrite", name, "EEXIST", `it is a ${kind}`);
      if (device === source.device && inode === source.inode) {
        throw new OsError("overwrite", name, "EINVAL", "it is the file to be copied");
      }
      if (links === 1) {
        os.truncate(fd, 0);
        return fd;
      }
    } catch (error) {
      os.close(fd);
      throw error;
    }
    os.close(fd);
    os.removeAt(directory, name, "other");
    return make();
  }

  /** Gives what was made the owner, where we may, and the mode of what was copied. */
  private dress(fd: number, { kind, uid, gid, mode }: FileStatus): void {
    try {
      if (uid !== this.owner.uid || gid !== this.owner.gid) this.os.fchown(fd, uid, gid);
    } catch (error) {
      if (!isErrno(error, "EPERM")) throw error;
    }
    // Last, as a change of owner takes the set-id bits away.
    if (kind !== "link") this.os.fchmod(fd, mode);
  }
}
