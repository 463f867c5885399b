// Packs a tree into a tar file whose bytes depend on nothing but its content: names as given, owner root, times fixed.

import { output } from "./command.ts";

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
