// Making, replacing and appending through the guarded door, where objects of every class stand in the way.

import assert from "node:assert/strict";
import { rawBytes } from "../../../lib/bytes.ts";
import { door } from "../../../lib/os/door.ts";
import { files } from "../../../lib/os/file.ts";
import { isRoot, outcome, reason, withObjects } from "./objects.ts";

const objects = ["fifo", "socket", ...(isRoot ? ["device", "block"] : [])];
const links = ["loop", "link", "magic", "elsewhere", "dangling"];

function modeOf(held: number, name: string): string {
  const { kind, mode } = files.lstatAt(held, name);
  return `${kind} ${mode.toString(8)}`;
}

/** Does it with a umask that forbids everything. */
function withoutUmaskBits<T>(body: () => T): T {
  const before = Deno.umask(0o777);
  try {
    return body();
  } finally {
    Deno.umask(before);
  }
}

Deno.test("what is made has its mode exactly, whatever the umask", () =>
  withObjects((_root, held) => {
    withoutUmaskBits(() => {
      assert.equal(door.makeDirectory("made", 0o3730, held, Deno.gid() ?? -1), true);
      files.close(door.provideFifo("pipe", 0o600, held));
      files.close(door.provideFile("lock", held, 0o644));
    });
    assert.equal(modeOf(held, "made"), "directory 3730");
    assert.equal(modeOf(held, "pipe"), "fifo 600");
    assert.equal(modeOf(held, "lock"), "file 644");
    files.removeAt(held, "made", "directory");
    for (const name of ["pipe", "lock"]) door.remove(name, held);
  }));

Deno.test("what is there is not made again, whatever it is", () =>
  withObjects((_root, held) => {
    for (const name of ["file", "directory", ...objects, ...links]) {
      assert.equal(door.makeDirectory(name, 0o700, held), false, name);
    }
    for (const name of ["file", "directory", "socket", ...(isRoot ? ["device"] : [])]) {
      assert.equal(outcome(() => door.provideFifo(name, 0o600, held)), "EINVAL", name);
    }
    for (const name of links) assert.equal(outcome(() => door.provideFifo(name, 0o600, held)), "ELOOP", name);
    files.close(door.provideFifo("fifo", 0o600, held));
    assert.equal(modeOf(held, "fifo").slice(0, 4), "fifo");
  }));

Deno.test("a fifo is opened for writing where a process reads it, and nothing else is", () =>
  withObjects((_root, held) => {
    assert.equal(outcome(() => door.openFifo("fifo", held)), "ENXIO");
    const reader = files.openAt(held, "fifo", ["read", "nonblocking"]);
    const writer = door.openFifo("fifo", held);
    files.writeAll(writer, rawBytes("x"));
    for (const fd of [reader, writer]) files.close(fd);
    for (const name of ["file", "directory", "socket", ...(isRoot ? ["device"] : [])]) {
      assert.equal(outcome(() => door.openFifo(name, held)), "EINVAL", name);
    }
    for (const name of links) assert.equal(reason(() => door.openFifo(name, held)), "it is a link, not a fifo", name);
    assert.equal(outcome(() => door.openFifo("nothing", held)), "ENOENT");
  }));

Deno.test("only a file with one name is appended to", () =>
  withObjects((root, held) => {
    const fd = door.provideFile("file", held);
    files.writeAll(fd, rawBytes("!"));
    files.close(fd);
    assert.equal(door.readWhole("file", 11, held), "0123456789!");
    files.truncate(files.openAt(held, "file", ["write"]), 10);
    assert.equal(outcome(() => door.openFile("directory", held)), "EISDIR");
    for (const name of objects) assert.equal(outcome(() => door.openFile(name, held)), "EINVAL", name);
    for (const name of links) {
      assert.equal(outcome(() => door.openFile(name, held)), "ELOOP", name);
      assert.equal(outcome(() => door.provideFile(name, held)), "ELOOP", name);
    }
    assert.equal(outcome(() => door.openFile("nothing", held)), "ENOENT");
    assert.equal(files.find(`${root}/nowhere`), undefined);
    files.link(`${root}/file`, `${root}/other`);
    assert.equal(outcome(() => door.openFile("file", held)), "EMLINK");
    door.remove("other", held);
  }));

Deno.test("a file takes the place of whatever has its name, but a directory, and a link's target is left alone", () =>
  withObjects((root, held) => {
    files.symlinkAt("file", held, "led");
    for (const name of [...objects, ...links, "led", "empty", "sparse"]) {
      const before = door.find(name, held, { links: "refuse" });
      files.rename(`${root}/${name}`, `${root}/object`);
      files.rename(`${root}/object`, `${root}/object.new`);
      const displaced = before?.kind === "file" ? undefined : before?.kind;
      assert.equal(door.replace("object", name, held), displaced, name);
      assert.equal(door.readWhole("object", 99, held), name);
      door.remove("object", held);
    }
    assert.equal(door.readWhole("file", 10, held), "0123456789");
    assert.equal(reason(() => door.replace("directory", "", held)), "Is a directory");
    assert.equal(files.find(`${root}/directory.new`), undefined);
    files.makeDirectory(`${root}/new.new`);
    assert.equal(reason(() => door.replace("new", "", held)), "Is a directory");
    files.removeDirectory(`${root}/new.new`);
    return restore(root);
  }));

/** For the second way of opening. */
async function restore(root: string): Promise<void> {
  for (const name of ["fifo", "socket", "device", "block"]) await Deno.writeTextFile(`${root}/${name}`, "");
  for (const name of links) await Deno.symlink("nowhere", `${root}/${name}`);
  await Deno.writeTextFile(`${root}/empty`, "");
  await Deno.writeTextFile(`${root}/sparse`, "");
}

Deno.test("entries have names, not paths", () =>
  withObjects((root, held) => {
    for (const name of ["", ".", "..", "directory/x", `${root}/x`]) {
      for (
        const call of [
          () => door.makeDirectory(name, 0o700, held),
          () => door.provideFifo(name, 0o600, held),
          () => door.provideFile(name, held),
          () => door.replace(name, "", held),
          () => door.remove(name, held),
        ]
      ) assert.equal(outcome(call), "EINVAL", name);
    }
  }));

Deno.test("a path leads to a directory or does not, and nothing is made open by the question", () =>
  withObjects((root, held) => {
    const itself = files.fstat(held);
    for (const path of [root, `${root}/directory/..`, `/proc/self/fd/${held}`]) {
      assert.equal(door.leadsTo(path, itself), true, path);
    }
    for (const path of [`${root}/directory`, `${root}/loop`, `${root}/nothing`, "/"]) {
      assert.equal(door.leadsTo(path, itself), false, path);
    }
    const inner = door.hold("directory", held);
    files.rename(`${root}/directory`, `${root}/moved`);
    assert.equal(door.pathOf(inner), `${files.readLink(`/proc/self/fd/${held}`)}/moved`);
    files.rename(`${root}/moved`, `${root}/directory`);
    files.close(inner);
  }));

Deno.test("/dev/null is opened as what it is", () => {
  const fd = door.openNull();
  assert.equal(files.fstat(fd).kind, "character");
  assert.equal(files.read(fd, new Uint8Array(1)), 0);
  files.close(fd);
});
