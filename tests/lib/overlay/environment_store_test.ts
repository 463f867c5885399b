// The store in memory, on a made-up directory of files, whose changes are reported as the kernel does.

import { deepEqual, equal } from "node:assert/strict";
import { rawBytes } from "../../../lib/bytes.ts";
import { Environment } from "../../../lib/environment.ts";
import type { FileStatus } from "../../../lib/os/os.ts";
import type { DirectoryChange, DirectoryWatches } from "../../../lib/os/parts.ts";
import { EnvironmentStore, type StoreOs } from "../../../lib/overlay/environment_store.ts";
import { OsError } from "../../../lib/report.ts";

const DIRECTORY = 3;
const WATCH = 4;

class World implements DirectoryWatches {
  readonly files = new Map<string, string | FileStatus["kind"]>();
  readonly links = new Set<string>();
  changes: DirectoryChange[] = [];
  inode = 1;
  watchable = true;
  reads = 0;
  private readonly opened = new Map<number, { name: string; done: boolean }>();
  private listed = false;

  fill(count: number): Environment {
    for (let n = 0; n < count; n++) this.files.set(`V${n}`, `=${n}`);
    return Environment.of([...this.files].map(([name, value]) => `${name}${value}`));
  }

  watchDirectory(): number {
    if (!this.watchable) throw new OsError("watch directory", "", "EMFILE", "Too many open files");
    return WATCH;
  }

  readChanges(): DirectoryChange[] {
    return this.changes.splice(0);
  }

  readonly os: StoreOs = {
    open: () => (this.listed = false, DIRECTORY),
    openAt: (_, name, flags) => {
      if (this.links.has(name) && flags.includes("nofollow")) {
        throw new OsError("open", name, "ELOOP", "Symbolic link loop");
      }
      if (!this.files.has(name)) throw new OsError("open", name, "ENOENT", "No such file or directory");
      this.reads++;
      const fd = 100 + this.reads;
      this.opened.set(fd, { name, done: false });
      return fd;
    },
    close: () => {},
    read: (fd, into) => {
      const file = this.opened.get(fd)!;
      if (file.done) return 0;
      file.done = true;
      const bytes = rawBytes(this.files.get(file.name)!.slice(1)).subarray(0, into.length);
      into.set(bytes);
      return bytes.length;
    },
    fstat: (fd) => {
      const content = this.files.get(this.opened.get(fd)?.name ?? "") ?? "directory";
      const kind = content.startsWith("=") ? "file" : content;
      return { kind, device: 1, inode: this.inode } as FileStatus;
    },
    readEntries: () => {
      if (this.listed) return undefined;
      this.listed = true;
      return { names: [...this.files.keys()], positions: new BigUint64Array(0) };
    },
  };
}

const LARGE = 300;

function reading(world: World, store = new EnvironmentStore(world.os)): { read: () => Environment; lines: string[] } {
  const lines: string[] = [];
  return { read: () => store.read((line) => lines.push(line)), lines };
}

Deno.test("a small store is read each time", () => {
  const world = new World();
  const store = new EnvironmentStore(world.os);
  store.keep(world, world.fill(3));
  const { read } = reading(world, store);
  equal(read().get("V1"), "1");
  world.files.set("V1", "=changed");
  equal(read().get("V1"), "changed");
  equal(world.reads, 6);
});

Deno.test("a large one is not read where it was just written, and then only what has changed", () => {
  const world = new World();
  const store = new EnvironmentStore(world.os);
  store.keep(world, world.fill(LARGE));
  const { read } = reading(world, store);
  equal([...read()].length, LARGE);
  equal(world.reads, 0);
  world.files.set("V1", "=changed");
  world.files.delete("V2");
  world.files.set("NEW", "=new\0rest");
  world.changes = ["V1", "V2", "NEW", ".hidden"].map((name) => ({ kind: "changed", name }));
  const now = read();
  deepEqual([now.get("V1"), now.get("V2"), now.get("NEW"), now.get("V3")], ["changed", undefined, "new", "3"]);
  equal(world.reads, 2);
});

for (const how of ["what has happened is lost", "another directory is in its place"]) {
  Deno.test(`a large one is read anew where ${how}`, () => {
    const world = new World();
    const store = new EnvironmentStore(world.os);
    store.keep(world, world.fill(LARGE));
    world.files.set("V1", "=changed");
    if (how.includes("lost")) world.changes = [{ kind: "lost", name: "" }];
    else world.inode++;
    const { read } = reading(world, store);
    equal(read().get("V1"), "changed");
    equal(world.reads, LARGE);
    equal([...read()].length, LARGE);
    equal(world.reads, LARGE, "and is known again");
  });
}

Deno.test("where there is no watch, or a value comes by a link, it is read each time", () => {
  for (const change of [(world: World) => world.watchable = false, (world: World) => world.links.add("V7")]) {
    const world = new World();
    const written = world.fill(LARGE);
    change(world);
    const store = new EnvironmentStore(world.os);
    store.keep(world, written);
    world.changes = [{ kind: "changed", name: "V7" }];
    const { read } = reading(world, store);
    read();
    const before = world.reads;
    read();
    equal(world.reads - before, LARGE);
  }
});

Deno.test("what is no file is left out, and told each time", () => {
  const world = new World();
  world.fill(2);
  world.files.set("FIFO", "fifo");
  const { read, lines } = reading(world);
  deepEqual([...read()], [["V0", "0"], ["V1", "1"]]);
  deepEqual(lines, [
    "unable to read /var/run/s6/container_environment/FIFO: it is a fifo, not a file: the variable is left out",
  ]);
});
