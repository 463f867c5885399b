// The overlay under test without its large files, which take compressors and extractors seconds: archives of it have all the
// names, links and modes that those of a release have.

import { pack } from "../../scripts/pack.ts";
import { type BaseKind, HOST } from "../../scripts/base.ts";
import { isFile } from "../../scripts/command.ts";
import type { Build } from "../../scripts/release.ts";
import { compress } from "../../scripts/release/compression.ts";
import { factsOf } from "../../scripts/release/facts.ts";
import { entriesOf, PREFIX } from "../../scripts/tree.ts";
import { extractOverlay, largePaths } from "./overlay_tree.ts";
import { CACHE } from "./tarball.ts";

/** A tarball in the directory, and the tree it is of, in which the large files are. */
export async function lightTarball(directory: string): Promise<Pick<Build, "tar" | "tree">> {
  const [tar, tree] = [`${directory}/light.tar`, `${directory}/tree`];
  await Deno.mkdir(tree);
  await extractOverlay(tree);
  const large = new Set(await largePaths());
  await pack(tree, entriesOf(tree).filter((entry) => !large.has(entry)), tar);
  return { tar, tree };
}

export async function lightBuild(directory: string): Promise<Build> {
  const light = await lightTarball(directory);
  const kind: BaseKind = isFile(`${light.tree}${PREFIX}/js`) ? "stock" : "compiled";
  return { ...light, facts: await factsOf(HOST, kind, CACHE, ".") };
}

/** The complete archives of both architectures, of small tarballs that say for which they are. */
export async function smallArchives(directory: string): Promise<void> {
  for (const architecture of ["amd64", "aarch64"]) {
    await Deno.mkdir(`${directory}/root/command`, { recursive: true });
    await Deno.writeTextFile(`${directory}/root/command/for`, architecture);
    await Deno.remove(`${directory}/root/init`).catch(() => {});
    await Deno.symlink("command/for", `${directory}/root/init`);
    await pack(`${directory}/root`, ["command", "command/for", "init"], `${directory}/tar`);
    await compress(`${directory}/tar`, `${directory}/s6-overlay-${architecture}.tar.xz`, "xz", "least");
  }
}
