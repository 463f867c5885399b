// A file system in memory for log directories: files with links, modes and sizes, and a hook before each call that can
// make it fail or end the story there, as a crash would.

import { type ByteString, byteString, rawBytes } from "../../../lib/bytes.ts";
import type { LogdirFiles } from "../../../lib/log/logdir.ts";
import type { OpenFlag } from "../../../lib/os/operands.ts";
import type { FileStatus, Instant } from "../../../lib/os/os.ts";
import { OsError } from "../../../lib/report.ts";

interface Inode {
  content: string;
  /** What of it a power failure leaves. */
  synced: string;
  mode: number;
  links: number;
}

export class MemoryFiles implements LogdirFiles {
  readonly files = new Map<ByteString, Inode>();
  readonly directories = new Set<ByteString>();
  private readonly open_ = new Map<number, Inode>();
  private lastFd = 10;
  /** All that files held when they were synced. */
  readonly everSynced = new Set<string>();
  clock = 1_700_000_000;
  /** Called before each change with its name and object; throws to make it fail. */
  before: (call: string, object: ByteString) => void = () => {};
  /** Most bytes that one write takes. */
  writeAtMost = Infinity;

  private inode(path: ByteString, action: string): Inode {
    const inode = this.files.get(path);
    if (inode === undefined) throw new OsError(action, path, "ENOENT", "No such file or directory");
    return inode;
  }

  /** Path to content, without locks. */
  contents(): Record<string, string> {
    return Object.fromEntries(
      [...this.files].filter(([path]) => !path.endsWith("/lock")).map(([path, inode]) => [
        path,
        inode.content,
      ]),
    );
  }

  open = (path: ByteString, flags: readonly OpenFlag[], mode = 0o666): number => {
    this.before("open", path);
    if (!this.files.has(path)) {
      if (!flags.includes("create")) throw new OsError("open", path, "ENOENT", "No such file or directory");
      this.files.set(path, { content: "", synced: "", mode: mode & 0o644, links: 1 });
    }
    this.open_.set(++this.lastFd, this.files.get(path)!);
    return this.lastFd;
  };
  close = (fd: number): void => void this.open_.delete(fd);
  write = (fd: number, from: Uint8Array<ArrayBuffer>): number => {
    this.before("write", "");
    const taken = from.subarray(0, this.writeAtMost);
    this.open_.get(fd)!.content += byteString(taken);
    return taken.length;
  };
  writeFile = (path: ByteString, content: ByteString): void => {
    this.before("writeFile", path);
    this.files.set(path, { content, synced: content, mode: 0o644, links: 1 });
  };
  fsync = (fd: number): void => {
    this.before("fsync", "");
    const inode = this.open_.get(fd)!;
    inode.synced = inode.content;
    this.everSynced.add(inode.content);
  };
  /** What was written since is gone; names and modes are as they were. */
  losePower(): void {
    for (const inode of this.files.values()) inode.content = inode.synced;
  }
  fchmod = (fd: number, mode: number): void => {
    this.before("fchmod", "");
    this.open_.get(fd)!.mode = mode;
  };
  chmod = (path: ByteString, mode: number): void => {
    this.before("chmod", path);
    this.inode(path, "chmod").mode = mode;
  };
  private status = ({ content, mode, links }: Inode): FileStatus => ({
    ...{ kind: "file", mode, links, size: content.length, uid: 0, gid: 0, device: 1, inode: 1 },
    ...{ modified: 0n, accessed: 0n },
  });
  fstat = (fd: number): FileStatus => this.status(this.open_.get(fd)!);
  find = (path: ByteString): FileStatus | undefined => {
    const inode = this.files.get(path);
    return inode && this.status(inode);
  };
  link = (from: ByteString, to: ByteString): void => {
    this.before("link", from);
    if (this.files.has(to)) throw new OsError("link", to, "EEXIST", "File exists");
    const inode = this.inode(from, "link");
    inode.links++;
    this.files.set(to, inode);
  };
  unlink = (path: ByteString): void => {
    this.before("unlink", path);
    this.inode(path, "unlink").links--;
    this.files.delete(path);
  };
  rename = (from: ByteString, to: ByteString): void => {
    this.before("rename", from);
    const inode = this.inode(from, "rename");
    this.files.delete(from);
    this.files.set(to, inode);
  };
  listDirectory = (path: ByteString): ByteString[] =>
    [...this.files.keys()].filter((file) => file.startsWith(`${path}/`)).map((file) => file.slice(path.length + 1));
  makeDirectory = (path: ByteString): void => {
    if (this.directories.has(path)) throw new OsError("mkdir", path, "EEXIST", "File exists");
    this.directories.add(path);
  };
  lock = (): boolean => true;
  now = (): Instant => ({ seconds: this.clock, nanoseconds: 0 });
}

/** Bytes of a text. */
export const bytes = rawBytes;
