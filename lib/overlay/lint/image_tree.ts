// The files of an image below a directory, read as a container would find them: links lead where they would lead if that
// directory were "/", and never out of it. Only regular files and directories are opened, and of each only a part.

import { type ByteString, byteString } from "../../bytes.ts";
import type { CopyLimits } from "../../copy.ts";
import { Descent, type DescentPorts } from "../../descent.ts";
import { systemError } from "../../errno.ts";
import type { FileStatus, Os } from "../../os/os.ts";
import { about, isErrno } from "../../report.ts";

/** Paths are those of the image, and begin with a slash. What cannot be read for want of a right is an OsError. */
export interface ImageTree {
  /** Links followed; undefined where nothing is. */
  find(path: ByteString): FileStatus | undefined;
  /** The entry itself, which may be a link. */
  entry(path: ByteString): FileStatus | undefined;
  /** Where a link leads; undefined for what is none. */
  linkTarget(path: ByteString): ByteString | undefined;
  /** The first names in a directory, sorted, at most the given number; none if it is no directory. */
  list(path: ByteString, most: number): readonly ByteString[];
  /** The first bytes of a regular file; empty for anything else. */
  readHead(path: ByteString, size: number): ByteString;
  /** What of a directory's tree is more than the limits allow. */
  excess(path: ByteString, limits: CopyLimits): keyof CopyLimits | undefined;
}

type TreeOs = DescentPorts & Pick<Os, "fstat" | "lstatAt" | "read" | "readLinkAt">;

/** As many as the kernel follows. */
const MOST_LINKS = 40;
/** Names on one way, those of links included. */
const MOST_NAMES = 8192;
const CHUNK = 64 * 1024;

/** An entry of a directory that is open. */
interface OpenEntry {
  readonly directory: number;
  readonly name: ByteString;
  readonly status: FileStatus;
}

export class RootTree implements ImageTree {
  /** @param root a descriptor of the directory, which stays the caller's */
  constructor(private readonly os: TreeOs, private readonly root: number) {}

  find(path: ByteString): FileStatus | undefined {
    return this.reach("look at", path, true, ({ status }) => status);
  }

  entry(path: ByteString): FileStatus | undefined {
    return this.reach("look at", path, false, ({ status }) => status);
  }

  linkTarget(path: ByteString): ByteString | undefined {
    return this.reach(
      "read link",
      path,
      false,
      ({ directory, name, status }) => status.kind === "link" ? this.os.readLinkAt(directory, name) : undefined,
    );
  }

  list(path: ByteString, most: number): readonly ByteString[] {
    const names = this.reach("list", path, true, (entry) =>
      this.opened(entry, "directory", (fd) => {
        const found: ByteString[] = [];
        for (let more = this.os.readEntries(fd); more !== undefined; more = this.os.readEntries(fd)) {
          for (const name of more.names) {
            if (found.length < most) found.push(name);
          }
          if (found.length === most) break;
        }
        return found.sort();
      }));
    return names ?? [];
  }

  readHead(path: ByteString, size: number): ByteString {
    const read = (fd: number): ByteString => {
      let text = "";
      while (text.length < size) {
        const part = new Uint8Array(new ArrayBuffer(Math.min(CHUNK, size - text.length)));
        const got = this.os.read(fd, part);
        if (got === 0) break;
        text += byteString(part.subarray(0, got));
      }
      return text;
    };
    return this.reach("read", path, true, (entry) => this.opened(entry, "file", read)) ?? "";
  }

  excess(path: ByteString, limits: CopyLimits): keyof CopyLimits | undefined {
    return this.reach("list", path, true, (entry) =>
      this.opened(entry, "directory", (fd) => {
        const walk = new Descent(this.os, fd);
        try {
          return this.counted(walk, limits);
        } finally {
          walk.close();
        }
      }));
  }

  private counted(walk: Descent, limits: CopyLimits): keyof CopyLimits | undefined {
    let [entries, bytes] = [0, 0];
    for (;;) {
      const name = walk.next();
      if (name === undefined) {
        if (walk.depth === 0) return undefined;
        walk.leave();
        continue;
      }
      const { kind, size } = this.os.lstatAt(walk.directory, name);
      if (kind === "file") bytes += size;
      if (++entries > limits.entries) return "entries";
      if (bytes > limits.bytes) return "bytes";
      if (kind === "directory") walk.enter(name);
    }
  }

  /** Opens the entry for reading if it is of that kind. */
  private opened<T>(
    { directory, name, status }: OpenEntry,
    kind: "file" | "directory",
    use: (fd: number) => T,
  ): T | undefined {
    if (status.kind !== kind) return undefined;
    const fd = this.os.openAt(directory, name, ["read", "nonblocking", "nofollow"]);
    try {
      // It may have been replaced meanwhile.
      return this.os.fstat(fd).kind === kind ? use(fd) : undefined;
    } finally {
      this.os.close(fd);
    }
  }

  /** Goes to an entry, and does something while its directory is open. Undefined where nothing is. */
  private reach<T>(
    action: string,
    path: ByteString,
    follows: boolean,
    use: (entry: OpenEntry) => T,
  ): T | undefined {
    const walk = new Walk(this.os, this.root, path);
    try {
      return about(action, path, () => {
        const entry = walk.to(follows);
        return entry && use(entry);
      });
    } catch (error) {
      if (isErrno(error, "ENOENT", "ENOTDIR", "ENAMETOOLONG")) return undefined;
      throw error;
    } finally {
      walk.close();
    }
  }
}

/** A way from the root to an entry, one directory open at a time. */
class Walk {
  private directory: number;
  private depth = 0;
  private links = 0;
  private names = 0;
  /** What is still to be gone, the next name last. */
  private readonly ahead: ByteString[] = [];

  constructor(private readonly os: TreeOs, private readonly root: number, private readonly path: ByteString) {
    this.directory = this.top();
    this.add(path);
  }

  close(): void {
    this.os.close(this.directory);
  }

  /** The entry at the end; undefined if what lies on the way is no directory. */
  to(follows: boolean): OpenEntry | undefined {
    for (;;) {
      const name = this.ahead.pop();
      if (name === undefined) return { directory: this.directory, name: ".", status: this.os.fstat(this.directory) };
      if (++this.names > MOST_NAMES) throw systemError("follow", this.path, "ELOOP");
      if (name === "..") this.leave();
      else {
        const end = this.step(name, follows);
        if (end !== "on the way") return end;
      }
    }
  }

  private step(name: ByteString, follows: boolean): OpenEntry | undefined | "on the way" {
    const { os, directory } = this;
    const fd = os.openAt(directory, name, ["path", "nofollow"]);
    let below: number | undefined;
    try {
      const status = os.fstat(fd);
      const isLast = this.ahead.length === 0;
      if (status.kind === "link" && (follows || !isLast)) this.followLink(os.readLinkAt(directory, name));
      else if (isLast) return { directory, name, status };
      else if (status.kind !== "directory") return undefined;
      else below = fd;
    } finally {
      if (below === undefined) os.close(fd);
    }
    if (below !== undefined) {
      this.move(below);
      this.depth++;
    }
    return "on the way";
  }

  private followLink(target: ByteString): void {
    if (++this.links > MOST_LINKS) throw systemError("follow", this.path, "ELOOP");
    if (target.startsWith("/")) {
      this.move(this.top());
      this.depth = 0;
    }
    this.add(target);
  }

  /** Above the root there is nothing but the root. */
  private leave(): void {
    if (this.depth === 0) return;
    this.move(this.os.openAt(this.directory, "..", ["path", "directory", "nofollow"]));
    this.depth--;
  }

  private move(to: number): void {
    this.os.close(this.directory);
    this.directory = to;
  }

  private top(): number {
    return this.os.openAt(this.root, ".", ["path", "directory"]);
  }

  private add(path: ByteString): void {
    for (const name of path.split("/").reverse()) {
      if (name !== "" && name !== ".") this.ahead.push(name);
    }
  }
}
