// The guarded door of a simulated world, as far as supervision uses it.

import type { FileStatus, Reach, WritingDoor } from "../../lib/os/os.ts";
import { diskStatus, type Node } from "./disk.ts";
import { refuse } from "./refusals.ts";
import type { Open, World } from "./world.ts";

/** What the door needs of the simulated system. */
interface Descriptors {
  openAs(open: Open): number;
  nodeOf(fd: number): Node;
}

class SimulatedDoor {
  constructor(private readonly world: World, private readonly descriptors: Descriptors) {}

  hold(path: string, directory?: number): number {
    const node = this.at(path, directory) ?? refuse("open", path, "ENOENT");
    if (node.kind !== "directory") refuse("open", path, "ENOTDIR");
    return this.openNode(node, path);
  }

  find(path: string, directory?: number, { links = "follow" }: Reach = {}): FileStatus | undefined {
    const node = links === "follow" ? this.at(path, directory) : this.start(directory).entries.get(path);
    return node && diskStatus(node);
  }

  leadsTo(path: string, { inode }: Pick<FileStatus, "inode">): boolean {
    return this.world.files.node(path)?.inode === inode;
  }

  readWhole(path: string, directory?: number): string {
    const node = this.at(path, directory) ?? refuse("open", path, "ENOENT");
    this.requireKind(node, "file", path);
    return node.content;
  }

  list(path: string, directory: number): string[] {
    const node = this.at(path, directory) ?? refuse("open", path, "ENOENT");
    const { weather, files } = this.world;
    if (weather.noScan && node === files.node("scan")) refuse("open", path, "EMFILE");
    return [...node.entries.keys()];
  }

  makeDirectory(name: string, directory: number): boolean {
    if (this.start(directory).entries.has(name)) return false;
    this.create(name, directory, "directory");
    return true;
  }

  provideFifo(name: string, directory: number): number {
    const there = this.start(directory).entries.get(name);
    if (there !== undefined) this.requireKind(there, "fifo", name);
    return this.openNode(there ?? this.create(name, directory, "fifo"), name);
  }

  openFifo(name: string, directory: number): number {
    const node = this.start(directory).entries.get(name) ?? refuse("open", name, "ENOENT");
    this.requireKind(node, "fifo", name);
    if (this.world.listeners.get(node)?.mode === "gone") refuse("open", name, "ENXIO");
    return this.openNode(node, name);
  }

  openFile(name: string, directory: number): number {
    const node = this.start(directory).entries.get(name) ?? refuse("open", name, "ENOENT");
    this.requireKind(node, "file", name);
    return this.openNode(node, name);
  }

  provideFile(name: string, directory: number): number {
    const place = this.start(directory);
    const tell = (done: boolean): void => {
      if (name === "down") this.world.log?.push({ did: "down", present: true, place, done });
    };
    try {
      if (!place.entries.has(name)) this.create(name, directory, "file");
      const fd = this.openFile(name, directory);
      tell(true);
      return fd;
    } catch (error) {
      tell(false);
      throw error;
    }
  }

  replace(name: string, content: string, directory: number): undefined {
    const place = this.start(directory);
    const tell = (written: boolean): void => {
      if (name === "status") this.world.log?.push({ did: "status", content, place, written });
    };
    try {
      const node = place.entries.get(name) ?? this.create(name, directory, "file");
      if (content !== "" && this.world.weather.disk !== "free") refuse("write", name, "ENOSPC");
      node.content = content;
      tell(true);
    } catch (error) {
      tell(false);
      throw error;
    }
  }

  remove(name: string, directory: number): void {
    const place = this.start(directory);
    if (!place.entries.has(name)) refuse("unlink", name, "ENOENT");
    if (name === "down") this.world.log?.push({ did: "down", present: false, place, done: true });
    this.world.files.removeFrom(place, name);
  }

  readLink(name: string, directory: number): string {
    const node = this.start(directory).entries.get(name) ?? refuse("read link", name, "ENOENT");
    return node.kind === "link" ? node.content : refuse("read link", name, "EINVAL");
  }

  private start(directory: number | undefined): Node {
    return directory === undefined ? this.world.files.root : this.descriptors.nodeOf(directory);
  }

  private at(path: string, directory: number | undefined): Node | undefined {
    return path === "." ? this.start(directory) : this.world.files.within(this.start(directory), path);
  }

  private requireKind(node: Node, kind: Node["kind"], path: string): void {
    if (node.kind !== kind) refuse("open", path, node.kind === "link" ? "ELOOP" : "EINVAL");
  }

  private create(name: string, directory: number, kind: Node["kind"]): Node {
    const place = this.start(directory);
    if (!place.linked) refuse("create", name, "ENOENT");
    if (this.world.weather.disk === "full") refuse("create", name, "ENOSPC");
    return this.world.files.putIn(place, name, kind);
  }

  private openNode(node: Node, path: string): number {
    if (this.world.weather.openings-- <= 0) refuse("open", path, "EMFILE");
    this.world.mistakes.unless(
      !this.world.locked.has(node),
      "a lock file is opened once: closing another descriptor of it would give up the lock",
    );
    return this.descriptors.openAs({ node });
  }
}

/** The door as supervision knows it. */
export function simulatedDoor(world: World, descriptors: Descriptors): WritingDoor {
  const door = new SimulatedDoor(world, descriptors);
  const unused = (): never => world.mistakes.unless(false, "not needed by a supervisor") as never;
  return {
    hold: (path, directory) => door.hold(path, directory),
    find: (path, directory, reach) => door.find(path, directory, reach),
    leadsTo: (path, to) => door.leadsTo(path, to),
    isThere: unused,
    pathOf: (directory) => world.files.pathOf(descriptors.nodeOf(directory)) ?? "somewhere (deleted)",
    mayExecute: unused,
    readProgram: unused,
    readHead: (path, size, directory) => door.readWhole(path, directory).slice(0, size),
    readWhole: (path, _most, directory) => door.readWhole(path, directory),
    readOwned: unused,
    list: (path, _most, directory) => door.list(path, directory!),
    listHead: (path, _most, directory) => door.list(path, directory!),
    makeDirectory: (name, _mode, directory) => door.makeDirectory(name, directory),
    provideFifo: (name, _mode, directory) => door.provideFifo(name, directory),
    openFifo: (name, directory) => door.openFifo(name, directory),
    openFile: (name, directory) => door.openFile(name, directory),
    provideFile: (name, directory) => door.provideFile(name, directory),
    replace: (name, content, directory) => door.replace(name, content, directory),
    remove: (name, directory) => door.remove(name, directory),
    openNull: () => descriptors.openAs({ node: world.files.node("dev/null") ?? refuse("open", "/dev/null", "ENOENT") }),
    readLink: (name, directory) => door.readLink(name, directory),
  };
}
