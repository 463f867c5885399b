// The archives of a release by the names that Dockerfiles fetch. One has all of the overlay; those that generation 3 has beside
// it are there for the Dockerfiles that unpack them.

import { compressForSecondStep } from "../archive.ts";
import type { Architecture } from "../base.ts";
import { pack } from "../pack.ts";
import { PREFIX } from "../tree.ts";
import { compress, type Effort, type Format } from "./compression.ts";

/** How generation 3 calls an architecture. */
const MACHINES: Readonly<Record<Architecture, string>> = { amd64: "x86_64", aarch64: "aarch64" };

/**
 * Archives without programs, for every architecture. Each has a directory of the complete one, as an archive without entries
 * is refused by some programs, and what images get by unpacking it: services of syslogd are in the complete archive, and
 * to be started is what an image says by having this one.
 */
export const SMALL_ARCHIVES: Readonly<Record<string, readonly string[]>> = {
  "s6-overlay-noarch": [],
  "s6-overlay-symlinks-noarch": [],
  "s6-overlay-symlinks-arch": [],
  "syslogd-overlay-noarch": ["etc/s6-overlay/user-bundles.d/user/contents.d/syslogd-bundle"],
};

/** The complete archive's names. That of generation 2, in the format that it has, has a file for its Dockerfiles besides. */
export function completeArchives(architecture: Architecture): readonly string[] {
  const names = (["gz", "xz", "zst"] as const).map((format) => `s6-overlay-${architecture}.tar.${format}`);
  return [...new Set([...names, `s6-overlay-${MACHINES[architecture]}.tar.xz`])];
}

/** Writes all of them into a directory, from the complete one uncompressed, and returns their names, sorted. */
export async function writeArchives(
  tar: string,
  architecture: Architecture,
  directory: string,
  effort: Effort,
): Promise<readonly string[]> {
  const names = completeArchives(architecture);
  const made = new Map<Format, string>();
  for (const name of names) {
    const format = name.slice(name.lastIndexOf(".") + 1) as Format;
    const same = made.get(format);
    if (format === "gz") await compressForSecondStep(tar, `${directory}/${name}`, effort);
    else if (same === undefined) await compress(tar, `${directory}/${name}`, format, effort);
    else await Deno.copyFile(`${directory}/${same}`, `${directory}/${name}`);
    made.set(format, name);
  }
  for (const [name, files] of Object.entries(SMALL_ARCHIVES)) await writeSmall(name, files, directory, effort);
  return [...names, ...Object.keys(SMALL_ARCHIVES).map((name) => `${name}.tar.xz`)].sort();
}

async function writeSmall(name: string, files: readonly string[], directory: string, effort: Effort): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${root}${PREFIX}`, { recursive: true });
    for (const file of files) {
      await Deno.mkdir(`${root}/${file}`.replace(/[/][^/]*$/, ""), { recursive: true });
      await Deno.writeTextFile(`${root}/${file}`, "");
    }
    const tar = `${root}/tar`;
    await pack(root, [...files, PREFIX.slice(1)].sort(), tar);
    await compress(tar, `${directory}/${name}.tar.xz`, "xz", effort);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}
