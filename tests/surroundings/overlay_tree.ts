// Puts the overlay into the roots of tests. Its large files are links to one copy: 150 MB for each of hundreds of roots
// would take a machine longer than what the tests do there.

import { fail } from "node:assert/strict";
import { fingerprint, isFile, output } from "../../scripts/command.ts";
import { PLAIN_TARBALL } from "./container.ts";

const CACHE = new URL("../../dist/cache", import.meta.url).pathname;
/** Bytes. */
const LARGE = 500_000;

/** The large files of a tarball, unpacked once. */
interface LargeFiles {
  readonly directory: string;
  /** From the root. */
  readonly paths: readonly string[];
  /** What each is like. */
  readonly states: readonly string[];
}

let unpacked: Promise<LargeFiles> | undefined;

/** Unpacks the tarball into this root, as a user would. */
export async function extractOverlay(root: string): Promise<void> {
  const { directory, paths } = await (unpacked ??= unpack());
  const excluded = paths.map((path) => `--exclude=${path}`);
  await output(["tar", "-x", "-f", PLAIN_TARBALL, "-C", root, "--keep-directory-symlink", ...excluded]);
  for (const path of paths) await Deno.link(`${directory}/${path}`, `${root}/${path}`);
}

/** Throws if a test has changed what it has in common with all others: it should have replaced it, by ownCopy(). */
export async function assertUnchanged(): Promise<void> {
  if (unpacked === undefined) return;
  const { directory, paths, states } = await unpacked;
  for (const [at, path] of paths.entries()) {
    if (stateOf(`${directory}/${path}`) === states[at]) continue;
    await Deno.remove(directory, { recursive: true });
    fail(`a test has changed ${path}, which is one file with those of other roots: it must take ownCopy() of it`);
  }
}

/** Makes a large file of a root its own, so that it can be changed. */
export async function ownCopy(path: string): Promise<void> {
  await output(["cp", "-a", path, `${path}.copy`]);
  await Deno.rename(`${path}.copy`, path);
}

async function unpack(): Promise<LargeFiles> {
  const directory = `${CACHE}/large-${await fingerprint([], [PLAIN_TARBALL])}`;
  if (!isFile(directory)) {
    // Other test files may do the same at this moment.
    const made = await Deno.makeTempDir({ dir: CACHE, prefix: "unpacking-" });
    await output(["tar", "-x", "-f", PLAIN_TARBALL, "-C", made]);
    await output(["find", made, "-type", "f", "-size", `-${LARGE}c`, "-delete"]);
    await Deno.rename(made, directory).catch(() => Deno.remove(made, { recursive: true }));
    await forgetOthers(directory);
  }
  const found = (await output(["find", directory, "-type", "f", "-printf", "%P\\n"])).trim().split("\n").sort();
  return { directory, paths: found, states: found.map((path) => stateOf(`${directory}/${path}`)) };
}

/** Those of earlier tarballs would fill the disk. */
async function forgetOthers(directory: string): Promise<void> {
  for await (const { name } of Deno.readDir(CACHE)) {
    const path = `${CACHE}/${name}`;
    if (name.startsWith("large-") && path !== directory) await Deno.remove(path, { recursive: true }).catch(() => {});
  }
}

function stateOf(path: string): string {
  const { size, mode, uid, gid, mtime } = Deno.statSync(path);
  return JSON.stringify([size, mode, uid, gid, mtime]);
}
