// The files of an image as the reading of definitions asks for them: what lies in the image is never more than read.

import { type ByteString, putBytes } from "../../bytes.ts";
import { systemError } from "../../errno.ts";
import type { FileStatus } from "../../os/os.ts";
import type { SourcePorts } from "../../rc/source.ts";
import type { ImageTree } from "./image_tree.ts";

interface OpenFile {
  readonly path: ByteString;
  readonly status: FileStatus;
  /** What has been read of it so far, and how much of that was given away. */
  head: ByteString;
  at: number;
}

const MOST_ENTRIES = 65_536;
/** The first one; the numbers stand for nothing but files of this image. */
const FIRST = 3;

export class DefinitionFiles implements SourcePorts {
  private readonly files: OpenFile[] = [];

  constructor(private readonly tree: ImageTree) {}

  open(path: ByteString): number {
    return this.files.push({ path, status: this.status("open", path), head: "", at: 0 }) - 1 + FIRST;
  }

  read(fd: number, into: Uint8Array): number {
    const file = this.file(fd);
    if (file.status.kind === "directory") throw systemError("read", file.path, "EISDIR");
    const end = file.at + into.length;
    if (file.head.length < end) file.head = this.tree.readHead(file.path, end);
    const part = file.head.slice(file.at, end);
    putBytes(part, into);
    file.at += part.length;
    return part.length;
  }

  close(fd: number): void {
    this.file(fd).head = "";
  }

  fstat(fd: number): FileStatus {
    return this.file(fd).status;
  }

  stat(path: ByteString): FileStatus {
    return this.status("stat", path);
  }

  find(path: ByteString): FileStatus | undefined {
    return this.tree.find(path);
  }

  listDirectory(path: ByteString): ByteString[] {
    if (this.status("open", path).kind !== "directory") throw systemError("open", path, "ENOTDIR");
    return [...this.tree.list(path, MOST_ENTRIES)];
  }

  private file(fd: number): OpenFile {
    return this.files[fd - FIRST]!;
  }

  private status(action: string, path: ByteString): FileStatus {
    const found = this.tree.find(path);
    if (found === undefined) throw systemError(action, path, "ENOENT");
    return found;
  }
}
