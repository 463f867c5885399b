// The guarded door on real files of every class, with openat2 and with the walk that stands in for it.

import assert from "node:assert/strict";
import { door } from "../../../lib/os/door.ts";
import { files } from "../../../lib/os/file.ts";
import { moveState } from "../../../lib/os/moved.ts";
import { pretend } from "../../../lib/os/path_walk.ts";
import { startHolder } from "./holder.ts";
import { isRoot, outcome, reason, withObjects } from "./objects.ts";

const CLASSES: readonly [name: string, errno: string, reason: string][] = [
  ["fifo", "EINVAL", "it is a fifo, not a file"],
  ["socket", "EINVAL", "it is a socket, not a file"],
  ["directory", "EISDIR", "Is a directory"],
  ["loop", "ELOOP", "Too many levels of symbolic links"],
  ["elsewhere", "EXDEV", "it lies on another file system"],
  ["magic", "EXDEV", "it lies on another file system"],
  ["dangling", "ENOENT", "No such file or directory"],
  ["nothing", "ENOENT", "No such file or directory"],
  ["file/below", "ENOTDIR", "Not a directory"],
  ...(isRoot
    ? [
      ["device", "EINVAL", "it is a device, not a file"],
      ["block", "EINVAL", "it is a device, not a file"],
    ] as const
    : []).map((row) => [...row] as [string, string, string]),
];

Deno.test("what is no regular file is refused at once, in words that say what it is", () =>
  withObjects((root, held) => {
    for (const [name, errno, why] of CLASSES) {
      for (const [path, directory] of [[name, held], [`${root}/${name}`, undefined]] as const) {
        assert.equal(outcome(() => door.readHead(path, 10, directory)), errno, name);
        assert.equal(outcome(() => door.readWhole(path, 10, directory)), errno, name);
        assert.equal(reason(() => door.readHead(path, 10, directory)), why, name);
      }
    }
  }));

Deno.test("regular files are read, whole or in part, and never more than was asked for", () =>
  withObjects((root, held) => {
    assert.equal(door.readWhole("file", 10, held), "0123456789");
    assert.equal(door.readWhole(`${root}/file`, 10), "0123456789");
    assert.equal(door.readWhole("link", 10, held), "0123456789");
    assert.equal(outcome(() => door.readWhole("file", 9, held)), "EFBIG");
    assert.equal(door.readHead("file", 4, held), "0123");
    assert.equal(door.readHead("file", 64, held), "0123456789");
    assert.equal(door.readWhole("empty", 0, held), "");
    assert.equal(door.readHead("sparse", 3, held), "\0\0\0");
    assert.equal(reason(() => door.readWhole("sparse", 1000, held)), "it has more than 1000 bytes");
    const { content, status } = door.readOwned("file", 10, held);
    assert.deepEqual([content, status.uid, status.mode], ["0123456789", Deno.uid(), 0o644]);
  }));

Deno.test("a file that grows as it is read ends at what was asked for", () =>
  withObjects((_root, held) => {
    const growing = files.openAt(held, "growing", ["write", "create", "truncate"]);
    files.writeAll(growing, new Uint8Array(100_000));
    assert.equal(outcome(() => door.readWhole("growing", 99_999, held)), "EFBIG");
    files.writeAll(growing, new Uint8Array(100_000));
    assert.equal(door.readHead("growing", 150_000, held).length, 150_000);
    files.close(growing);
  }));

Deno.test("what is in a state directory that is elsewhere is found by its usual name", () =>
  withObjects((root) => {
    moveState(root);
    try {
      assert.equal(door.readWhole("/var/run/s6/file", 10), "0123456789");
      assert.equal(door.find("/run/s6/link")?.kind, "file");
    } finally {
      moveState(undefined);
    }
  }));

Deno.test("what is there is told without opening it", () =>
  withObjects((root, held) => {
    for (const kind of ["fifo", "socket", "directory", "file"] as const) {
      assert.equal(door.find(kind, held)?.kind, kind);
      assert.equal(door.find(`${root}/${kind}`)?.kind, kind);
    }
    if (isRoot) {
      assert.deepEqual([door.find("device", held)?.kind, door.find("block", held)?.kind], ["character", "block"]);
    }
    assert.equal(door.find("link", held)?.kind, "file");
    assert.equal(door.find("link", held, { links: "refuse" })?.kind, "link");
    assert.equal(door.find("dangling", held), undefined);
    assert.equal(door.find("dangling", held, { links: "refuse" })?.kind, "link");
    assert.equal(door.find("nothing", held), undefined);
    assert.equal(door.find("file/below", held), undefined);
    assert.equal(
      outcome(() => door.find("loop", held)),
      "ELOOP",
    );
    assert.equal(outcome(() => door.find("elsewhere", held)), "EXDEV");
    assert.equal(outcome(() => door.find("link/below", held, { links: "refuse" })), "ELOOP");
  }));

Deno.test("links of /proc/PID are not followed, even where /proc is held", () => {
  for (const way of [undefined, "walk"] as const) {
    pretend(way);
    const held = door.hold("/proc/self/fd");
    const file = files.open("/dev/null", ["path"]);
    assert.equal(door.find(`${file}`, held, { links: "refuse" })?.kind, "link");
    assert.match(String(outcome(() => door.find(`${file}`, held))), /ELOOP|EXDEV/);
    for (const fd of [file, held]) files.close(fd);
  }
  pretend(undefined);
});

Deno.test("only what can be executed may be executed", () =>
  withObjects((root, held) => {
    assert.equal(door.mayExecute("program", held), true);
    assert.equal(door.mayExecute(`${root}/program`), true);
    for (const name of ["file", "fifo", "socket", "directory", "nothing", "dangling"]) {
      assert.equal(door.mayExecute(name, held), false, name);
    }
    assert.equal(outcome(() => door.mayExecute("loop", held)), "ELOOP");
  }));

Deno.test("the head of a program and whether it may be executed come together, of regular files only", () =>
  withObjects((root, held) => {
    const head = door.readHead("program", 4, held);
    assert.deepEqual(door.readProgram("program", 4, held), { head, mayExecute: true });
    assert.deepEqual(door.readProgram(`${root}/file`, 64), { head: "0123456789", mayExecute: false });
    for (const [name, errno] of CLASSES) assert.equal(outcome(() => door.readProgram(name, 4, held)), errno, name);
  }));

Deno.test("directories are held, and listed as far as was asked for", () =>
  withObjects((root, held) => {
    const inner = door.hold("directory", held);
    assert.deepEqual(door.list(".", 0, inner), []);
    files.close(inner);
    assert.ok(door.list(".", 20, held).includes("fifo"));
    assert.ok(door.list(root, 20).includes("fifo"));
    assert.equal(outcome(() => door.list(".", 3, held)), "EFBIG");
    assert.equal(door.listHead(".", 3, held).length, 3);
    for (const name of ["file", "fifo", "socket"]) {
      assert.equal(outcome(() => door.hold(name, held)), "ENOTDIR", name);
      assert.equal(outcome(() => door.list(name, 10, held)), "ENOTDIR", name);
    }
    assert.equal(outcome(() => door.hold("loop", held)), "ELOOP");
    files.symlinkAt("directory", held, "way");
    files.close(door.hold("way", held));
    assert.match(String(outcome(() => door.hold("way", held, { links: "refuse" }))), /ELOOP|ENOTDIR/);
    files.removeAt(held, "way", "other");
  }));

Deno.test("a file with a lease is refused, and its holder is left to itself", () =>
  withObjects(async (root, held) => {
    await using _lease = await startHolder("lease", `${root}/file`);
    assert.equal(outcome(() => door.readWhole("file", 10, held)), "EAGAIN");
    assert.equal(reason(() => door.readHead("file", 10, held)), "somebody holds a lease on it");
    assert.equal(outcome(() => door.provideFile("file", held)), "EAGAIN");
    assert.equal(door.find("file", held)?.size, 10);
    assert.equal(door.mayExecute("file", held), false);
    door.replace("file", "0123456789", held);
    assert.equal(door.readWhole("file", 10, held), "0123456789");
  }));

Deno.test({
  name: "what others may not read is refused to a user, not waited for",
  ignore: !isRoot,
  fn: () =>
    withObjects(async (root) => {
      await Deno.chmod(root, 0o755);
      await Deno.chmod(`${root}/file`, 0);
      await using user = await startHolder("user", `${root}/file`);
      assert.equal(await user.line(), "EACCES");
    }),
});

Deno.test({
  name: "another file system is not entered, but where root says so",
  ignore: !isRoot,
  fn: () =>
    withObjects(async (root) => {
      await using mount = await startHolder("mount", `${root}/directory`);
      assert.deepEqual(JSON.parse(await mount.line()), {
        find: "EXDEV",
        below: "EXDEV",
        list: "EXDEV",
        up: "EXDEV",
        absolute: "EXDEV",
        refused: "EXDEV",
        crossed: "content",
      });
    }),
});
