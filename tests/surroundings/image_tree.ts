// Images of tests as directories, where the engine can run one and keep what the container writes apart: to build an image
// and remove it takes an engine longer than all that most tests do in the container.

import { isFile, output } from "../../scripts/command.ts";
import type { Engine } from "../../scripts/engine.ts";
import { CACHE } from "./tarball.ts";

// What is replaced is another file from then on; the file that was there is one with those of all other images.
const LAY_OVER = 'tar -c -C "$1" . | tar -x -C "$2" --keep-directory-symlink';

/** A directory of its own with what is in the base, and these files over it. */
export async function imageTree(base: string, files: string): Promise<string> {
  const image = await Deno.makeTempDir({ dir: CACHE, prefix: "image-" });
  await output(["cp", "-alT", base, image]);
  await output(["/bin/sh", "-ec", LAY_OVER, "lay", files, image]);
  return image;
}

/** True if the engine runs directories on these file systems. It is tried once. */
export async function canRunTrees(engine: Engine, base: string): Promise<boolean> {
  if (!engine.runsDirectories) return false;
  const note = `${base}.runs`;
  const known = await Deno.readTextFile(note).catch(() => undefined);
  if (known !== undefined) return known === "yes";
  const can = await runs(engine, base);
  await Deno.writeTextFile(note, can ? "yes" : "no");
  return can;
}

async function runs(engine: Engine, base: string): Promise<boolean> {
  const container = await engine.start(base, { arguments: ["touch", "/written"] });
  const { code } = await container.ended;
  await container.remove();
  return code === 0 && !isFile(`${base}/written`);
}
