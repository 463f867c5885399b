// Trees that are large or deep, and what is done to them: neither costs descriptors, and a process that works on them
// comes back from the depth to where it was.

import { deepEqual, equal, throws } from "node:assert/strict";
import { Descent } from "../../lib/descent.ts";
import { files } from "../../lib/os/file.ts";
import { applyRules } from "../../lib/overlay/attributes/fix_attrs.ts";
import { copyTree } from "../../lib/copy.ts";
import { removeTree } from "../../lib/tree.ts";
import { amount } from "../random/amount.ts";

const LEVELS = amount(2000, 500);
const FILES = amount(20_000, 5_000);

const system = { ...files, credentials: () => ({ uid: Deno.uid()!, gid: Deno.gid()!, groups: [] }) };

/** The system, with the descriptors counted that are open at once. */
class Counted {
  most = 0;
  open = 0;

  readonly os: typeof system = {
    ...system,
    open: (...call) => this.opened(files.open(...call)),
    openAt: (...call) => this.opened(files.openAt(...call)),
    close: (fd) => {
      this.open--;
      files.close(fd);
    },
  };

  private opened(fd: number): number {
    this.most = Math.max(this.most, ++this.open);
    return fd;
  }
}

function test(name: string, body: (root: string) => void): void {
  Deno.test(name, () => {
    const root = Deno.makeTempDirSync();
    try {
      body(root);
    } finally {
      removeTree(system, root);
    }
  });
}

/** A chain of directories, too deep for its last one to have a path, with a file before and behind each of them. */
function layDeep(path: string, levels: number): void {
  files.makeDirectory(path, 0o755);
  let at = files.open(path, ["read", "directory"]);
  for (let level = 0; level < levels; level++) {
    for (const name of ["a", "z"]) files.close(files.openAt(at, name, ["write", "create"], 0o600));
    files.makeDirectoryAt(at, "m", 0o755);
    const below = files.openAt(at, "m", ["read", "directory"]);
    files.close(at);
    at = below;
  }
  files.close(at);
}

/** All that is in a tree: how many directories and files, and their modes. */
function count(path: string): Record<string, number> {
  const top = files.open(path, ["read", "directory"]);
  const walk = new Descent(files, top);
  const found: Record<string, number> = {};
  for (let over = false; !over;) {
    const name = walk.next();
    if (name === undefined) {
      over = walk.depth === 0;
      if (!over) walk.leave();
      continue;
    }
    const { kind, mode } = files.lstatAt(walk.directory, name);
    const what = `${kind} ${mode.toString(8)}`;
    found[what] = (found[what] ?? 0) + 1;
    if (kind === "directory") walk.enter(name);
  }
  files.close(top);
  return found;
}

function fix(os: Counted["os"], path: string, modes: string): string[] {
  const lines: string[] = [];
  const rules = `${path} true ${Deno.uid()}:${Deno.gid()} ${modes}\n`;
  for (const _ of applyRules(os, rules, { hidden: true, warn: (line) => lines.push(line) }));
  return lines;
}

test(`a tree ${LEVELS} levels deep is fixed, copied and removed with few descriptors`, (root) => {
  layDeep(`${root}/deep`, LEVELS);
  const counted = new Counted();
  deepEqual(fix(counted.os, `${root}/deep`, "0640 0750"), []);
  deepEqual(count(`${root}/deep`), { "file 640": 2 * LEVELS, "directory 750": LEVELS });
  copyTree(counted.os, `${root}/deep`, `${root}/copy`);
  deepEqual(count(`${root}/copy`), { "file 640": 2 * LEVELS, "directory 750": LEVELS });
  for (const name of ["deep", "copy"]) removeTree(counted.os, `${root}/${name}`);
  deepEqual(files.listDirectory(root), []);
  equal(counted.open, 0);
  equal(counted.most < 80, true, `${counted.most}`);
});

test(`a directory with ${FILES} files is fixed, copied and removed, and never held whole`, (root) => {
  files.makeDirectory(`${root}/wide`, 0o755);
  for (let at = 0; at < FILES; at++) files.close(files.open(`${root}/wide/file-${at}`, ["write", "create"], 0o600));
  const counted = new Counted();
  let longest = 0;
  const os: Counted["os"] = {
    ...counted.os,
    readEntries: (fd) => {
      const entries = files.readEntries(fd);
      longest = Math.max(longest, entries?.names.length ?? 0);
      return entries;
    },
  };
  deepEqual(fix(os, `${root}/wide`, "0640 0750"), []);
  copyTree(os, `${root}/wide`, `${root}/copy`);
  for (const name of ["wide", "copy"]) deepEqual(count(`${root}/${name}`), { "file 640": FILES });
  for (const name of ["wide", "copy"]) removeTree(os, `${root}/${name}`);
  deepEqual(files.listDirectory(root), []);
  equal(counted.open, 0);
  equal(longest < 3000, true, `${longest}`);
});

test("wide directories far above are read on from where they were left", (root) => {
  let path = root;
  for (let level = 0; level < 80; level++) {
    path += "/m";
    files.makeDirectory(path, 0o755);
    for (let at = 0; at < (level % 40 === 0 ? 3000 : 3); at++) files.writeFile(`${path}/f${at}`, "", 0o600);
  }
  const total = 2 * 3000 + 78 * 3;
  deepEqual(count(root), { "directory 755": 80, "file 600": total });
  copyTree(system, `${root}/m`, `${root}/copy`);
  deepEqual(count(`${root}/copy`), { "directory 755": 79, "file 600": total });
});

test("there is no way back out of a directory that was moved away", (root) => {
  layDeep(`${root}/tree`, 40);
  files.makeDirectory(`${root}/outside`);
  const top = files.open(`${root}/tree`, ["read", "directory"]);
  const walk = new Descent(files, top);
  for (let level = 0; level < 40; level++) walk.enter("m");
  const place = (level: number): string => `${root}/tree${"/m".repeat(level)}`;
  // The directories below this one are open, the one above is not any more.
  files.rename(place(9), `${root}/outside/m`);
  for (let level = 40; level > 9; level--) walk.leave();
  throws(() => walk.leave(), { reason: "it was moved meanwhile" });
  walk.close();
  files.close(top);
});

test("a removal does not leave the tree through a directory that is moved out of it meanwhile", (root) => {
  layDeep(`${root}/tree`, 60);
  files.makeDirectory(`${root}/outside`);
  files.writeFile(`${root}/outside/kept`, "");
  let removed = 0;
  const os: typeof system = {
    ...system,
    removeAt: (directory, name, kind) => {
      // At the bottom: all that is above is still there.
      if (kind === "directory" && removed++ === 0) {
        files.rename(`${root}/tree${"/m".repeat(9)}`, `${root}/outside/m`);
      }
      files.removeAt(directory, name, kind);
    },
  };
  throws(() => removeTree(os, `${root}/tree`), { reason: "it was moved meanwhile" });
  deepEqual(files.listDirectory(`${root}/outside`).sort(), ["kept", "m"]);
});

test("a copy that lies inside what is copied is not copied", (root) => {
  files.makeDirectory(`${root}/a`);
  files.makeDirectory(`${root}/a/b`);
  files.writeFile(`${root}/a/f`, "x");
  copyTree(system, `${root}/a`, `${root}/a/b/copy`);
  deepEqual(files.listDirectory(`${root}/a/b/copy`).sort(), ["b", "f"]);
  deepEqual(files.listDirectory(`${root}/a/b/copy/b`), []);
});

test("a copy is not written into files of several names, nor through links, nor onto its source", (root) => {
  files.makeDirectory(`${root}/a`);
  files.makeDirectory(`${root}/a/d`);
  for (const name of ["shared", "link", "d/x"]) files.writeFile(`${root}/a/${name}`, "new");
  files.makeDirectory(`${root}/b`);
  files.makeDirectory(`${root}/c`);
  for (const name of ["one", "two", "c/x"]) files.writeFile(`${root}/${name}`, "old");
  files.link(`${root}/one`, `${root}/b/shared`);
  files.symlink("../two", `${root}/b/link`);
  files.symlink("../c", `${root}/b/d`);
  const failures: string[] = [];
  copyTree(system, `${root}/a`, `${root}/b`, { onFailure: (error) => failures.push(`${error.object} ${error.errno}`) });
  deepEqual(failures.sort(), [`${root}/a/d ENOTDIR`, `${root}/a/link ELOOP`]);
  deepEqual(["one", "b/shared", "two", "c/x"].map((path) => files.readFile(`${root}/${path}`)), [
    "old",
    "new",
    "old",
    "old",
  ]);
  throws(() => copyTree(system, `${root}/a/link`, `${root}/a/link`), { reason: "it is the file to be copied" });
  equal(files.readFile(`${root}/a/link`), "new");
});
