// Packs a tree into a tarball whose bytes depend on nothing but its content: names sorted, owner root, times fixed.

import { hexadecimal, output } from "./command.ts";
import { entriesOf } from "./tree.ts";

/** Writes ARCHIVE.tar.gz and ARCHIVE.tar.gz.sha256, and the uncompressed ARCHIVE.tar that tests import. */
export async function archive(root: string, directory: string, name: string): Promise<string> {
  const list = await Deno.makeTempFile();
  await Deno.writeTextFile(list, entriesOf(root).map((entry) => `${entry}\0`).join(""));
  const tar = `${directory}/${name}.tar`;
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
  await output(["gzip", "--no-name", "--force", "--keep", "-6", tar]);
  const bytes = await Deno.readFile(`${tar}.gz`);
  const digest = hexadecimal(await crypto.subtle.digest("SHA-256", bytes));
  await Deno.writeTextFile(`${tar}.gz.sha256`, `${digest}  ${name}.tar.gz\n`);
  return `${tar}.gz`;
}
