// Roots with the overlay in them, unpacked once for all tests: 150 MB for each of hundreds of roots would take a machine
// longer than what the tests do there.

import { fail } from "node:assert/strict";
import { fingerprint, isFile, output } from "../../scripts/command.ts";
import { type Layout, layRoot } from "../../scripts/rootfs.ts";
import { CACHE, PLAIN_TARBALL } from "./tarball.ts";

/** Bytes. */
const LARGE = 500_000;
const PLACE = "usr/lib/s6-overlay";

/** The large files of the overlay. */
interface LargeFiles {
  /** The root that they are in. */
  readonly tree: string;
  /** From there. */
  readonly paths: readonly string[];
  /** What each is like. */
  readonly states: readonly string[];
}

/** Milliseconds after which a tree of another tarball is taken for one that nobody uses. */
const LEAST_UNUSED = 3_600_000;

let found: Promise<LargeFiles> | undefined;

/** The layout with the overlay in it: a directory that nothing may write to, as its files are those of other roots too. */
export async function baseTree(layout: Layout): Promise<string> {
  const tree = `${CACHE}/tree-${layout}-${await fingerprint([layout], [PLAIN_TARBALL])}`;
  if (isFile(tree)) {
    await markUsed(tree);
    return tree;
  }
  await Deno.mkdir(CACHE, { recursive: true });
  // Other test files may do the same at this moment.
  const made = await Deno.makeTempDir({ dir: CACHE, prefix: "making-" });
  await layRoot(layout, `${made}/root`);
  await Deno.chmod(`${made}/root`, 0o755);
  await unpack(`${made}/root`);
  await Deno.rename(`${made}/root`, tree).catch(() => {});
  await Deno.remove(made, { recursive: true });
  await markUsed(tree);
  await forgetOthers(layout, tree);
  return tree;
}

/** Unpacks the tarball into this root, as a user would. Its large files are links to those of the tree. */
export async function extractOverlay(root: string): Promise<void> {
  const { paths } = await (found ??= largeFiles());
  await unpack(root, ...paths.map((path) => `--exclude=${path}`));
  await linkLargeFiles(root);
}

/** The paths of the tarball's large files. */
export async function largePaths(): Promise<readonly string[]> {
  return (await (found ??= largeFiles())).paths;
}

/** Gives a root the tarball's large files, where it has all others. */
export async function linkLargeFiles(root: string): Promise<void> {
  const { tree, paths } = await (found ??= largeFiles());
  for (const path of paths) {
    // A link leads to no other file system.
    await Deno.link(`${tree}/${path}`, `${root}/${path}`)
      .catch(() => output(["cp", "-a", `${tree}/${path}`, `${root}/${path}`]));
  }
}

/** Throws if a test has changed what it has in common with all others: it should have replaced it, by ownCopy(). */
export async function assertUnchanged(): Promise<void> {
  if (found === undefined) return;
  const { tree, paths, states } = await found;
  for (const [at, path] of paths.entries()) {
    if (stateOf(`${tree}/${path}`) === states[at]) continue;
    await Deno.remove(tree, { recursive: true });
    fail(`a test has changed ${path}, which is one file with those of other roots: it must take ownCopy() of it`);
  }
}

/** Makes a large file of a root its own, so that it can be changed. */
export async function ownCopy(path: string): Promise<void> {
  await output(["cp", "-a", path, `${path}.copy`]);
  await Deno.rename(`${path}.copy`, path);
}

async function unpack(root: string, ...options: readonly string[]): Promise<void> {
  await output(["tar", "-x", "-f", PLAIN_TARBALL, "-C", root, "--keep-directory-symlink", ...options]);
}

async function largeFiles(): Promise<LargeFiles> {
  const tree = await baseTree("busybox");
  const printed = await output(["find", `${tree}/${PLACE}`, "-type", "f", "-size", `+${LARGE}c`, "-printf", "%P\\n"]);
  const paths = printed.trim().split("\n").sort().map((path) => `${PLACE}/${path}`);
  return { tree, paths, states: paths.map((path) => stateOf(`${tree}/${path}`)) };
}

async function markUsed(tree: string): Promise<void> {
  const now = new Date();
  await Deno.utime(tree, now, now);
}

/** Those of earlier tarballs would fill the disk. One that was used not long ago may be another clone's, which has this cache too. */
async function forgetOthers(layout: Layout, tree: string): Promise<void> {
  for await (const { name } of Deno.readDir(CACHE)) {
    const path = `${CACHE}/${name}`;
    if (!name.startsWith(`tree-${layout}-`) || path.startsWith(tree)) continue;
    const { mtime } = await Deno.stat(path).catch(() => ({ mtime: null }));
    if (mtime === null || Date.now() - mtime.getTime() < LEAST_UNUSED) continue;
    await Deno.remove(path, { recursive: true }).catch(() => {});
  }
}

function stateOf(path: string): string {
  const { size, mode, uid, gid, mtime } = Deno.statSync(path);
  return JSON.stringify([size, mode, uid, gid, mtime]);
}
