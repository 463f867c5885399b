// Laying a tree down a second time, on real files.

import { deepEqual, equal } from "node:assert/strict";
import { systemError } from "../../lib/errno.ts";
import { linkTree } from "../../lib/link_tree.ts";
import { descriptors } from "../../lib/os/descriptor.ts";
import { files } from "../../lib/os/file.ts";

const os = { ...files, ...descriptors, credentials: () => ({ uid: Deno.uid()!, gid: Deno.gid()!, groups: [] }) };

/** By path: the mode, and what a file or a link holds. */
function contents(top: string, path = ""): Record<string, readonly [number, string?]> {
  const { isDirectory, isSymlink, mode } = Deno.lstatSync(top + path);
  if (isSymlink) return { [path]: [0, Deno.readLinkSync(top + path)] };
  if (!isDirectory) return { [path]: [mode! & 0o7777, Deno.readTextFileSync(top + path)] };
  const below = [...Deno.readDirSync(top + path)].map(({ name }) => contents(top, `${path}/${name}`));
  return Object.assign({ [path]: [mode! & 0o7777] }, ...below);
}

function inScratch(body: (root: string) => void): void {
  const root = Deno.makeTempDirSync();
  try {
    Deno.mkdirSync(`${root}/from/data/deep`, { recursive: true });
    Deno.chmodSync(`${root}/from/data`, 0o2751);
    Deno.writeTextFileSync(`${root}/from/run`, "#!/bin/sh\n");
    Deno.chmodSync(`${root}/from/run`, 0o754);
    Deno.writeTextFileSync(`${root}/from/data/deep/file`, "text");
    Deno.symlinkSync("../nowhere", `${root}/from/data/link`);
    body(root);
  } finally {
    Deno.removeSync(root, { recursive: true });
  }
}

Deno.test("directories are new, with the same modes, and files are the same ones", () =>
  inScratch((root) => {
    linkTree(os, `${root}/from`, `${root}/to`);
    deepEqual(contents(`${root}/to`), contents(`${root}/from`));
    equal(Deno.statSync(`${root}/to/run`).ino, Deno.statSync(`${root}/from/run`).ino);
  }));

Deno.test("what others can change, or replace in its directory, is copied", () =>
  inScratch((root) => {
    Deno.writeTextFileSync(`${root}/from/shared`, "");
    Deno.chmodSync(`${root}/from/shared`, 0o666);
    Deno.chmodSync(`${root}/from/data`, 0o777);
    linkTree(os, `${root}/from`, `${root}/to`);
    deepEqual(contents(`${root}/to`), contents(`${root}/from`));
    const isSame = (path: string): boolean =>
      Deno.statSync(`${root}/to/${path}`).ino === Deno.statSync(`${root}/from/${path}`).ino;
    deepEqual(["run", "shared", "data/deep/file"].map(isSame), [true, false, false]);
  }));

Deno.test({
  name: "what belongs to another user is copied, with its owner",
  ignore: Deno.uid() !== 0,
  fn: () =>
    inScratch((root) => {
      Deno.chownSync(`${root}/from/data/deep/file`, 65534, 65534);
      linkTree(os, `${root}/from`, `${root}/to`);
      const [copy, original] = ["to", "from"].map((top) => Deno.statSync(`${root}/${top}/data/deep/file`));
      equal(copy!.uid, 65534);
      equal(copy!.ino === original!.ino, false);
    }),
});

Deno.test("where a file cannot have another name it is copied", () =>
  inScratch((root) => {
    const link = (existing: string): never => {
      throw systemError("link", existing, "EXDEV");
    };
    linkTree({ ...os, link }, `${root}/from`, `${root}/to`);
    deepEqual(contents(`${root}/to`), contents(`${root}/from`));
    equal(Deno.statSync(`${root}/to/run`).ino === Deno.statSync(`${root}/from/run`).ino, false);
  }));
