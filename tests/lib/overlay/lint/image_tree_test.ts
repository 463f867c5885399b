// The files of an image as the check reads them: never beyond its root, never more than it needs, whatever lies there.

import { deepEqual, equal, throws } from "node:assert/strict";
import type { ByteString } from "../../../../lib/bytes.ts";
import { files } from "../../../../lib/os/file.ts";
import type { Entries } from "../../../../lib/os/os.ts";
import { RootTree } from "../../../../lib/overlay/lint/image_tree.ts";
import { IMAGE, layBytes, lintRoot, RUN, told, type Tree, withTree } from "./linted.ts";

/** What is done with the tree below root/, beside which other files lie. */
function inTree<T>(tree: Tree, use: (tree: RootTree, root: ByteString) => T, outside: Tree = {}): T {
  return withTree({ "root": { directory: 0o755 }, ...outside }, (directory) => {
    const root = `${directory}/root`;
    layBytes(root, tree);
    const fd = files.open(root, ["read", "directory"]);
    try {
      return use(new RootTree(files, fd), root);
    } finally {
      files.close(fd);
    }
  });
}

Deno.test("links lead where they would in a container, and never out of the root", () => {
  const tree: Tree = {
    "etc/inside": "inside",
    "etc/absolute": { link: "/etc/inside" },
    "etc/relative": { link: "inside" },
    "up": { link: "../../../../../../etc/inside" },
    "etc/out": { link: "../../secret" },
    "etc/away": { link: "/secret" },
    "usr/bin/sh": "shell",
    "bin": { link: "usr/bin" },
    "etc/through": { link: "/bin/../bin/./sh" },
    "etc/chain": { link: "through" },
  };
  const outside: Tree = { "secret": "outside" };
  inTree(tree, (image) => {
    const read = (path: string): string => image.readHead(path, 100);
    deepEqual(["/etc/absolute", "/etc/relative", "/up", "/../../etc/inside"].map(read), Array(4).fill("inside"));
    deepEqual(["/etc/through", "/etc/chain", "/bin/sh"].map(read), Array(3).fill("shell"));
    for (const path of ["/etc/out", "/etc/away", "/../secret", "/etc/../../secret"]) {
      equal(image.find(path), undefined, path);
      equal(read(path), "", path);
    }
    equal(image.linkTarget("/etc/away"), "/secret");
    equal(image.entry("/bin")?.kind, "link");
    equal(image.find("/bin")?.kind, "directory");
    equal(image.find("/etc/inside/x"), undefined);
    equal(image.find(`/${"x".repeat(300)}`), undefined);
    deepEqual(image.list("/", 100), ["bin", "etc", "up", "usr"]);
  }, outside);
});

Deno.test("the original's own files are not those of the tree: what it does not have is missing", () => {
  inTree({ "etc": { link: "/proc/self/root/etc" } }, (image) => {
    equal(image.find("/etc/passwd"), undefined);
    equal(image.find("/proc"), undefined);
  });
});

Deno.test("loops of links end", () => {
  inTree({ "a": { link: "b" }, "b": { link: "/a" }, "deep": { link: "deep/deep/deep" } }, (image) => {
    throws(() => image.find("/a"), { errno: "ELOOP" });
    throws(() => image.readHead("/b", 1), { errno: "ELOOP" });
    throws(() => image.find("/deep/x"), { errno: "ELOOP" });
    equal(image.entry("/a")?.kind, "link");
  });
});

Deno.test("nothing but files is read, and of these no more than asked for", () => {
  inTree({ "dir/x": "", "file": "0123456789" }, (image, root) => {
    files.makeFifo(`${root}/fifo`);
    for (const path of ["/fifo", "/dir", "/none"]) equal(image.readHead(path, 10), "", path);
    equal(image.readHead("/file", 4), "0123");
    deepEqual(image.list("/file", 10), []);
    // A terabyte of nothing.
    const fd = files.open(`${root}/huge`, ["write", "create"]);
    files.truncate(fd, 2 ** 40);
    files.close(fd);
    equal(image.readHead("/huge", 100_000).length, 100_000);
    deepEqual(image.list("/", 2).length, 2);
  });
});

Deno.test("more than the limits allow is counted no further", () => {
  const tree: Tree = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`x/${at % 5}/${at}`, "12345"]));
  inTree(tree, (image) => {
    equal(image.excess("/x", { entries: 25, bytes: 100 }), undefined);
    equal(image.excess("/x", { entries: 24, bytes: 100 }), "entries");
    equal(image.excess("/x", { entries: 25, bytes: 99 }), "bytes");
    equal(image.excess("/none", { entries: 0, bytes: 0 }), undefined);
  });
});

const findings = (root: ByteString): string[] => lintRoot(root).findings.map(told);

Deno.test("an image that is all traps is checked, and what is wrong with it is told", () => {
  const tree: Tree = {
    ...IMAGE,
    "etc/services.d/loop": { link: "loop" },
    "etc/services.d/away": { link: "../../../../../../../.." },
    "etc/services.d/self/run": { link: "/etc/services.d/self/run" },
    "etc/cont-init.d/\xff\xfe\n": "",
    "etc/fix-attrs.d/away": { link: "/proc/self/environ" },
  };
  withTree(tree, (root) => {
    for (const name of ["cont-init.d/fifo", "fix-attrs.d/fifo", "services.d/fifo"]) {
      if (files.find(`${root}/etc/${name.split("/")[0]}`) === undefined) continue;
      files.makeFifo(`${root}/etc/${name}`);
    }
    deepEqual(findings(root), [
      "error not-runnable /etc/cont-init.d/fifo: is a fifo, not a file",
      "error not-runnable /etc/cont-init.d/\xff\xfe\n: is empty",
      "error fix-attrs /etc/fix-attrs.d/away: is a link to /proc/self/environ, which does not exist",
      "error fix-attrs /etc/fix-attrs.d/fifo: is a fifo, and no rules are read from it",
      "error no-run /etc/services.d/away: has no run, which is what is started",
      "error unreadable /etc/services.d/loop: cannot be read: Too many levels of symbolic links",
      "error unreadable /etc/services.d/self/run: cannot be read: Too many levels of symbolic links",
    ]);
  });
});

Deno.test("a directory with more entries than the boot takes is told in one line", () => {
  const many = Object.fromEntries(Array.from({ length: 4097 }, (_, at) => [`etc/services.d/${at}`, { link: "x" }]));
  withTree({ ...IMAGE, ...many }, (root) => {
    deepEqual(findings(root), [
      "error too-many-entries /etc/services.d: has more than 4096 entries, and none of them is used",
    ]);
  });
});

Deno.test("a directory without an end is read no further than asked for", () => {
  let read = 0;
  const readEntries = (): Entries => {
    const names = Array.from({ length: 1000 }, () => `${read++}`);
    return { names, positions: new BigUint64Array(new ArrayBuffer(8 * names.length)) };
  };
  withTree({ "x/file": "" }, (root) => {
    const fd = files.open(root, ["read", "directory"]);
    const image = new RootTree({ ...files, readEntries, lstatAt: () => files.lstat(`${root}/x/file`) }, fd);
    equal(image.list("/x", 4097).length, 4097);
    equal(read, 5000);
    equal(image.excess("/x", { entries: 4096, bytes: 1 }), "entries");
    equal(read, 10_000);
    files.close(fd);
  });
});

Deno.test("a script that is too long to be read is not read", () => {
  withTree({ ...IMAGE, "etc/services.d/web/run": RUN }, (root) => {
    const fd = files.open(`${root}/etc/services.d/web/run`, ["write"]);
    files.truncate(fd, 2 ** 40);
    files.close(fd);
    deepEqual(findings(root), ["error too-large /etc/services.d/web: has more than 16 MiB, and is not started"]);
  });
});
