// The files of a simulated world: directories, files, fifos and links in memory, each with an inode, so that a directory
// stays itself when it is renamed and is gone for processes that hold it when it is removed.

import type { FileStatus } from "../../lib/os/os.ts";

const MOST_LINKS = 40;
const OPEN_FILES = "/proc/self/fd/";
const ORDINARY = { mode: 0o644, uid: 0, gid: 0, device: 1, modified: 0n, accessed: 0n };

const NOTHING: Map<string, Node> = new Map();

export interface Node {
  readonly kind: "directory" | "file" | "fifo" | "link";
  readonly inode: number;
  /** Of a file its bytes, of a link where it leads. */
  content: string;
  /** Of a directory what it holds. */
  readonly entries: Map<string, Node>;
  /** False once it has been removed. */
  linked: boolean;
}

export class Disk {
  readonly root: Node;
  private inodes = 0;

  /** @param descriptor what /proc/self/fd/N leads to */
  constructor(private readonly descriptor: (fd: number) => Node | undefined) {
    this.root = this.make("directory", "");
  }

  /** What is at the path, links followed. */
  node(path: string): Node | undefined {
    return this.walk(this.root, path, true, 0);
  }

  /** What a directory has at the path. */
  within(directory: Node, path: string): Node | undefined {
    return this.walk(directory, path, true, 0);
  }

  /** What is at the path, itself if it is a link. */
  entry(path: string): Node | undefined {
    return this.walk(this.root, path, false, 0);
  }

  /** The directory that holds the last word of the path, links before it followed, and that word. */
  place(path: string): { readonly parent: Node | undefined; readonly name: string } {
    const slash = path.lastIndexOf("/");
    if (slash < 0) return { parent: this.root, name: path };
    const parent = slash === 0 ? this.root : this.node(path.slice(0, slash));
    return { parent: parent?.kind === "directory" && parent.linked ? parent : undefined, name: path.slice(slash + 1) };
  }

  /** Where it is, if it is anywhere. */
  pathOf(node: Node, from: Node = this.root): string | undefined {
    for (const [name, entry] of from.entries) {
      if (entry === node) return name;
      const below = entry.kind === "directory" ? this.pathOf(node, entry) : undefined;
      if (below !== undefined) return `${name}/${below}`;
    }
    return undefined;
  }

  /** Puts something new at the path, if its directory is there. */
  put(path: string, kind: Node["kind"], content = ""): Node | undefined {
    const { parent, name } = this.place(path);
    return parent && this.putIn(parent, name, kind, content);
  }

  putIn(directory: Node, name: string, kind: Node["kind"], content = ""): Node {
    const node = this.make(kind, content);
    directory.entries.set(name, node);
    return node;
  }

  /** Removes what is at the path, with all it holds. */
  remove(path: string): boolean {
    const { parent, name } = this.place(path);
    return parent !== undefined && this.removeFrom(parent, name);
  }

  removeFrom(directory: Node, name: string): boolean {
    const node = directory.entries.get(name);
    if (node === undefined) return false;
    directory.entries.delete(name);
    cut(node);
    return true;
  }

  move(from: string, to: string): void {
    const [source, target] = [this.place(from), this.place(to)];
    const node = source.parent?.entries.get(source.name);
    if (node === undefined || target.parent === undefined) return;
    source.parent!.entries.delete(source.name);
    target.parent.entries.set(target.name, node);
  }

  // In the manner of a Map from paths to contents

  get(path: string): string | undefined {
    return this.node(path)?.content;
  }

  has(path: string): boolean {
    return this.node(path) !== undefined;
  }

  set(path: string, content: string): void {
    const node = this.node(path);
    if (node === undefined) this.put(path, "file", content);
    else node.content = content;
  }

  private make(kind: Node["kind"], content: string): Node {
    return {
      kind,
      inode: ++this.inodes,
      content,
      entries: kind === "directory" ? new Map() : NOTHING,
      linked: true,
    };
  }

  private walk(start: Node, path: string, follow: boolean, links: number): Node | undefined {
    if (links > MOST_LINKS) return undefined;
    let [at, from]: [Node | undefined, number] = [start, 0];
    if (path.startsWith(OPEN_FILES)) {
      const end = path.indexOf("/", OPEN_FILES.length);
      from = end < 0 ? path.length : end + 1;
      at = this.descriptor(Number(path.slice(OPEN_FILES.length, end < 0 ? path.length : end)));
    } else if (path.startsWith("/")) [at, from] = [this.root, 1];
    while (from < path.length && at !== undefined) {
      const slash = path.indexOf("/", from);
      const end = slash < 0 ? path.length : slash;
      const next: Node | undefined = at.entries.get(path.slice(from, end));
      from = end + 1;
      if (next?.kind !== "link" || (!follow && end === path.length)) at = next;
      else at = this.walk(at, next.content, true, links + 1);
    }
    return at;
  }
}

function cut(node: Node): void {
  node.linked = false;
  for (const entry of node.entries.values()) cut(entry);
  node.entries.clear();
}

export function diskStatus(node: Node): FileStatus {
  return { ...ORDINARY, kind: node.kind, inode: node.inode, size: node.content.length, links: node.linked ? 1 : 0 };
}
