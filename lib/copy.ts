// Copying whole directory trees. Links are copied as links, never followed, and what lies below the paths given is
// reached by descriptors (descent.ts): no renaming can lead us out of the trees. A process that has other things to do
// copies in slices.

import type { ByteString } from "./bytes.ts";
import { type EntryPlace, newFile } from "./copy_target.ts";
import { Descent, type DescentPorts } from "./descent.ts";
import type { FileStatus, Os } from "./os/os.ts";
import { EXIT, Failure, isErrno, OsError, unlessThere, unsuitable } from "./report.ts";

export type CopyPorts =
  & DescentPorts
  & Pick<Os, "here" | "lstatAt" | "fstat" | "makeDirectoryAt" | "makeFifoAt" | "symlinkAt" | "readLinkAt" | "removeAt">
  & Pick<Os, "read" | "writeAll" | "truncate" | "fchmod" | "fchown" | "credentials">;

/** The owner and mode of a copy. */
export type Attributes = Pick<FileStatus, "uid" | "gid" | "mode">;

export interface CopyOptions {
  /** The path to copy from is relative to the directory of this descriptor. */
  readonly base?: number;
  /** Takes what could not be copied inside a directory, and the rest is copied; without it that is thrown. */
  readonly onFailure?: (error: OsError) => void;
  /** Puts something else in the place of a file's copy; true if it has. */
  readonly instead?: (file: SourceFile, directory: number, name: ByteString) => boolean;
  /** What the copy of an entry gets, by its path below the top, which is empty for the top itself; as it is without. */
  readonly attributes?: (status: FileStatus, path: ByteString) => Attributes;
  readonly limits?: CopyLimits;
}

/** The most that is copied: entries, and bytes of files counted by their sizes, holes in them included. */
export interface CopyLimits {
  readonly entries: number;
  readonly bytes: number;
}

/** There is more to be copied than the limits allow. */
export class TooMuch extends Failure {
  constructor(text: string) {
    super(EXIT.system, text);
  }
}

/** A file to be copied: its descriptor, its status and its path below the top. */
interface SourceFile {
  readonly fd: number;
  readonly status: FileStatus;
  readonly path: ByteString;
}

const SET_ID = 0o6000;
/** The action of a failure that leaves the copy of a file whole. */
export const SET_OWNER = "set the owner of";
/** A slice is this many entries, or this many bytes. */
const SLICE = { entries: 64, bytes: 1024 * 1024 } as const;

/**
 * Copies a file or a directory with all that is in it; modes are kept, owners where we may set them.
 * @throws OsError; TooMuch if there is more than `options.limits`
 */
export function copyTree(os: CopyPorts, from: ByteString, to: ByteString, options: CopyOptions = {}): void {
  const work = copyInSlices(os, from, to, options);
  while (!work.next().done);
}

/** As copyTree, yielding after each slice for the caller to do other things. */
export function* copyInSlices(
  os: CopyPorts,
  from: ByteString,
  to: ByteString,
  options: CopyOptions = {},
): Generator<void> {
  const copier = new Copier(os, options, from);
  const directory = options.base ?? os.here;
  if (os.lstatAt(directory, from).kind === "directory") yield* copier.directory(directory, to);
  else yield* copier.entry({ directory, name: from, path: "" }, { directory: os.here, name: to });
}

interface Source extends EntryPlace {
  readonly path: ByteString;
}

class Copier {
  private readonly buffer = new Uint8Array(new ArrayBuffer(65536));
  private readonly owner: { readonly uid: number; readonly gid: number };
  private entries = 0;
  private bytes = 0;
  /** Where the next slice begins. */
  private next: CopyLimits = SLICE;

  constructor(
    private readonly os: CopyPorts,
    private readonly options: CopyOptions,
    private readonly from: ByteString,
  ) {
    this.owner = os.credentials();
  }

  *directory(base: number, to: ByteString): Generator<void> {
    const { os, from } = this;
    const source = os.openAt(base, from, ["read", "directory", "nofollow"]);
    try {
      const status = os.fstat(source);
      this.makeDirectory({ directory: os.here, name: to }, this.attributes(status, ""));
      // A link in place of the copy is followed here, and nowhere below.
      const target = os.openAt(os.here, to, ["read", "directory"]);
      try {
        this.setStatus(target, status, "");
        yield* this.below(source, target);
      } finally {
        os.close(target);
      }
    } finally {
      os.close(source);
    }
  }

  private *below(top: number, copy: number): Generator<void> {
    const { os } = this;
    const [source, target] = [new Descent(os, top), new Descent(os, copy)];
    const { device, inode } = os.fstat(copy);
    try {
      for (;;) {
        const name = source.next();
        if (name !== undefined) {
          this.count(1, 0);
          yield* this.attempt(source.path(name), this.each(source, target, name, { device, inode }));
          if (this.isTimeToYield()) yield;
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

  /** One entry of the directory where we are; of a directory only itself, and from then on we are in it. */
  private *each(
    source: Descent,
    target: Descent,
    name: ByteString,
    { device, inode }: Pick<FileStatus, "device" | "inode">,
  ): Generator<void> {
    const status = this.os.lstatAt(source.directory, name);
    if (status.kind !== "directory") {
      const from = { directory: source.directory, name, path: source.path(name) };
      yield* this.entry(from, { directory: target.directory, name });
    } else if (status.inode !== inode || status.device !== device) this.enter(source, target, name);
  }

  private enter(source: Descent, target: Descent, name: ByteString): void {
    const { os } = this;
    source.enter(name);
    try {
      const status = os.fstat(source.directory);
      this.makeDirectory({ directory: target.directory, name }, this.attributes(status, source.path()));
      target.enter(name);
      this.setStatus(target.directory, status, source.path());
    } catch (error) {
      if (target.depth === source.depth) target.leave();
      source.leave();
      throw error;
    }
  }

  private *attempt(path: ByteString, copy: Generator<void>): Generator<void> {
    try {
      yield* copy;
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      const failure = error.about(error.action, `${this.from}/${path}`);
      if (this.options.onFailure === undefined) throw failure;
      this.options.onFailure(failure);
    }
  }

  private makeDirectory({ directory, name }: EntryPlace, { mode }: Attributes): void {
    unlessThere(() => this.os.makeDirectoryAt(directory, name, mode));
  }

  /** Anything but a directory. */
  *entry(from: Source, to: EntryPlace): Generator<void> {
    const { os } = this;
    const status = os.lstatAt(from.directory, from.name);
    if (status.kind === "file") return yield* this.file(from, to);
    if (status.kind === "link") os.symlinkAt(os.readLinkAt(from.directory, from.name), to.directory, to.name);
    else if (status.kind === "fifo") {
      os.makeFifoAt(to.directory, to.name, this.attributes(status, from.path).mode);
    } // Sockets and devices have no business in a service directory.
    else return;
    const fd = os.openAt(to.directory, to.name, ["path", "nofollow"]);
    try {
      if (os.fstat(fd).kind === status.kind) this.setStatus(fd, status, from.path);
    } finally {
      os.close(fd);
    }
  }

  private *file(from: Source, to: EntryPlace): Generator<void> {
    const { os } = this;
    // Without waiting: it may be a fifo by now.
    const source = os.openAt(from.directory, from.name, ["read", "nonblocking", "nofollow"]);
    try {
      const status = os.fstat(source);
      if (status.kind !== "file") throw unsuitable("copy", from.name, "it was replaced meanwhile");
      if (this.options.instead?.({ fd: source, status, path: from.path }, to.directory, to.name)) return;
      // Before anything is written: a hole of a terabyte is read like a terabyte of zeros.
      this.count(0, status.size);
      const target = newFile(os, to, status);
      try {
        yield* this.content(source, target, status.size);
        this.setStatus(target, status, from.path);
      } finally {
        os.close(target);
      }
    } finally {
      os.close(source);
    }
  }

  private *content(source: number, target: number, size: number): Generator<void> {
    const { os, buffer } = this;
    let copied = 0;
    for (let got = os.read(source, buffer); got > 0; got = os.read(source, buffer)) {
      os.writeAll(target, buffer.subarray(0, got));
      copied += got;
      // One that grows meanwhile counts for what it has become.
      if (copied > size) this.count(0, Math.min(got, copied - size));
      if (copied % SLICE.bytes === 0) yield;
    }
  }

  /** @throws TooMuch if that is more than may be copied */
  private count(entries: number, bytes: number): void {
    this.entries += entries;
    this.bytes += bytes;
    const { limits } = this.options;
    if (limits === undefined) return;
    if (this.entries > limits.entries) throw new TooMuch(`it has more than ${limits.entries} entries`);
    if (this.bytes > limits.bytes) throw new TooMuch(`its files have more than ${limits.bytes} bytes`);
  }

  private isTimeToYield(): boolean {
    if (this.entries < this.next.entries && this.bytes < this.next.bytes) return false;
    this.next = { entries: this.entries + SLICE.entries, bytes: this.bytes + SLICE.bytes };
    return true;
  }

  private attributes(status: FileStatus, path: ByteString): Attributes {
    return this.options.attributes?.(status, path) ?? status;
  }

  /** Gives what was made its owner, where we may, and its mode. */
  private setStatus(fd: number, status: FileStatus, path: ByteString): void {
    const { uid, gid, mode } = this.attributes(status, path);
    const isKnown = (uid === this.owner.uid && gid === this.owner.gid) || this.give(fd, { uid, gid }, path);
    // Last, as a change of owner takes the set-id bits away. They were meant for that owner.
    if (status.kind !== "link") this.os.fchmod(fd, isKnown ? mode : mode & ~SET_ID);
  }

  /** Where we may. False if this user namespace has no such owner: the copy stays ours. */
  private give(fd: number, { uid, gid }: Pick<Attributes, "uid" | "gid">, path: ByteString): boolean {
    const { onFailure } = this.options;
    try {
      this.os.fchown(fd, uid, gid);
      return true;
    } catch (error) {
      if (isErrno(error, "EPERM")) return true;
      if (!isErrno(error, "EINVAL") || onFailure === undefined) throw error;
      const reason = `this user namespace has no user ${uid}, or no group ${gid}`;
      onFailure(unsuitable(SET_OWNER, `${this.from}/${path}`, reason));
      return false;
    }
  }
}
