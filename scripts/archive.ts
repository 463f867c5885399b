// The tarball of a build, and what it is compressed from.

import { pack } from "./pack.ts";
import { compress, type Effort } from "./release/compression.ts";
import { addSecondStep } from "./second_step.ts";
import { writeSum } from "./sum.ts";
import { entriesOf } from "./tree.ts";

/** Writes ARCHIVE.tar.gz and ARCHIVE.tar.gz.sha256, and ARCHIVE.tar, which other archives are made of. */
export async function archive(root: string, directory: string, name: string): Promise<string> {
  const tar = `${directory}/${name}.tar`;
  await pack(root, entriesOf(root), tar);
  const path = `${tar}.gz`;
  await compressForSecondStep(tar, path, "full");
  await writeSum(path);
  return path;
}

/** Writes the archive of the name that generation 2 has for it. */
export async function compressForSecondStep(tar: string, path: string, effort: Effort): Promise<void> {
  const whole = `${path}.${Deno.pid}`;
  await addSecondStep(tar, whole);
  await compress(whole, path, "gz", effort);
  await Deno.remove(whole);
}
