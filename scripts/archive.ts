// Packs a tree into a tarball whose bytes depend on nothing but its content: names sorted, owner root, times fixed.

import { output } from "./command.ts";
import { compress } from "./release/compression.ts";
import { writeSum } from "./sum.ts";
import { entriesOf } from "./tree.ts";

/** Writes ARCHIVE.tar.gz and ARCHIVE.tar.gz.sha256, and the uncompressed ARCHIVE.tar that tests import. */
export async function archive(root: string, directory: string, name: string): Promise<string> {
  const tar = `${directory}/${name}.tar`;
  await pack(root, entriesOf(root), tar);
  const path = `${tar}.gz`;
  await compress(tar, path, "gz", "full");
  await writeSum(path);
  return path;
}

/** Writes a tar file with these entries of the tree, in their order. What is in a directory is not one of them by itself. */
export async function pack(root: string, entries: readonly string[], tar: string): Promise<void> {
  const list = await Deno.makeTempFile();
  await Deno.writeTextFile(list, entries.map((entry) => `${entry}\0`).join(""));
  await output([
    "tar",
    "--create",
    `--file=${tar}`,
    `--directory=${root}`,
    "--format=ustar",
    "--mtime=@0",
    "--owner=0",
    "--group=0",
    "--numeric-owner",
    "--mode=u=rwX,go=rX",
    "--no-recursion",
    "--null",
    `--files-from=${list}`,
  ]);
  await Deno.remove(list);
}
