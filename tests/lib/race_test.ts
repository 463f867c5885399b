// Root works on a tree in which a user keeps exchanging a directory and a link that leads out of it. Nothing outside may
// change, and nothing may come in from there.

import { deepEqual, equal } from "node:assert/strict";
import { isErrno } from "../../lib/report.ts";
import { files } from "../../lib/os/file.ts";
import { applyRules } from "../../lib/overlay/attributes/fix_attrs.ts";
import { copyTree } from "../../lib/copy.ts";
import { removeTree } from "../../lib/tree.ts";
import { race } from "../surroundings/racer.ts";

const USER = 65534;
const ROUNDS = 300;
const os = { ...files, credentials: () => ({ uid: 0, gid: 0, groups: [] }) };

interface Scene {
  readonly root: string;
  /** The user's tree. */
  readonly tree: string;
  /** What is not the user's, with a secret in it. */
  readonly outside: string;
  /** How the outside is, in words. */
  readonly look: () => string[];
}

function test(name: string, body: (scene: Scene) => Promise<void>): void {
  Deno.test({
    name,
    ignore: Deno.uid() !== 0,
    fn: async () => {
      const root = Deno.makeTempDirSync();
      files.chmod(root, 0o755);
      const scene = { root, tree: `${root}/tree`, outside: `${root}/outside`, look: () => survey(`${root}/outside`) };
      try {
        for (const directory of ["", "/sub"]) {
          files.makeDirectory(scene.outside + directory, 0o755);
          files.writeFile(`${scene.outside}${directory}/x`, "secret", 0o600);
        }
        layTree(scene);
        await body(scene);
      } finally {
        Deno.removeSync(root, { recursive: true });
      }
    },
  });
}

/** Lays the user's tree: a directory, and a link to the outside. */
function layTree({ root, tree, outside }: Scene): void {
  const fresh = `${root}/fresh`;
  files.makeDirectory(fresh, 0o755);
  layReal(`${fresh}/real`);
  files.symlink(outside, `${fresh}/link`);
  files.chown(fresh, USER, USER);
  files.rename(fresh, tree);
}

function layReal(real: string): void {
  files.makeDirectory(real, 0o755);
  files.makeDirectory(`${real}/sub`, 0o755);
  for (const path of [real, `${real}/sub`]) files.writeFile(`${path}/x`, "his own", 0o644);
}

function survey(path: string): string[] {
  const { kind, mode, uid } = files.lstat(path);
  if (kind === "link") return [`${path} -> ${files.readLink(path)}`];
  if (kind !== "directory") return [`${path} ${uid} ${mode.toString(8)} ${files.readFile(path)}`];
  const below = files.listDirectory(path).sort().flatMap((name) => survey(`${path}/${name}`));
  return [`${path} ${uid} ${mode.toString(8)}`, ...below];
}

function raced({ tree }: Scene): Promise<AsyncDisposable> {
  return race(USER, `${tree}/real`, `${tree}/link`);
}

test("a walk by paths loses the race: it changes what is outside", async (scene) => {
  const before = scene.look();
  await using _ = await raced(scene);
  const change = (path: string): void => {
    if (files.lstat(path).kind !== "directory") return files.chmod(path, 0o640);
    for (const name of files.listDirectory(path)) change(`${path}/${name}`);
  };
  let rounds = 0;
  while (scene.look().join() === before.join() && ++rounds < 1_000_000) {
    try {
      change(`${scene.tree}/real`);
    } catch (error) {
      // Links are not for chmod to follow where they lead nowhere, nor to list where they are exchanged.
      if (!isErrno(error, "ENOENT", "ENOTDIR")) throw error;
    }
  }
  equal(rounds < 1_000_000, true);
});

test("fix-attrs changes nothing outside", async (scene) => {
  const before = scene.look();
  await using _ = await raced(scene);
  for (let round = 0; round < ROUNDS; round++) {
    const modes = round % 2 === 0 ? "0600 0700" : "0640 0750";
    const rules = `${scene.tree} true ${USER}:${USER} ${modes}\n`;
    for (const _ of applyRules(os, rules, { hidden: true, warn: () => {} }));
  }
  deepEqual(scene.look(), before);
});

test("removing removes nothing outside, and all that is inside", async (scene) => {
  const before = scene.look();
  await using _ = await raced(scene);
  for (let round = 0; round < ROUNDS; round++) {
    removeTree(os, scene.tree);
    layTree(scene);
  }
  deepEqual(scene.look(), before);
});

test("copying the user's tree copies nothing from outside", async (scene) => {
  await using _ = await raced(scene);
  const copy = `${scene.root}/copy`;
  for (let round = 0; round < ROUNDS; round++) {
    copyTree(os, scene.tree, copy, { onFailure: () => {} });
    deepEqual(survey(copy).filter((line) => line.endsWith("secret")), []);
    removeTree(os, copy);
  }
});

test("copying over the user's tree writes nothing outside", async (scene) => {
  const before = scene.look();
  const source = `${scene.root}/source`;
  for (const path of [source, `${source}/link`, `${source}/link/sub`]) files.makeDirectory(path, 0o755);
  layReal(`${source}/real`);
  for (const path of ["link/x", "link/sub/x", "link/new"]) files.writeFile(`${source}/${path}`, "overwritten", 0o644);
  await using _ = await raced(scene);
  for (let round = 0; round < ROUNDS; round++) copyTree(os, source, scene.tree, { onFailure: () => {} });
  deepEqual(scene.look(), before);
});
