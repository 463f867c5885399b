// Debian's packages unpacked into a directory, without being installed: what an installed one would start, or take the
// place of, is left alone.

import { output } from "./command.ts";

/**
 * Downloads packages and unpacks them into `directory`/root.
 * @param apt options of apt
 * @returns the packages and their versions
 */
export async function unpackPackages(
  names: readonly string[],
  directory: string,
  apt: readonly string[] = [],
): Promise<readonly string[]> {
  const downloads = `${directory}/packages`;
  await Deno.mkdir(downloads, { recursive: true });
  await Deno.mkdir(`${directory}/root`, { recursive: true });
  if (names.length > 0) await output(["apt-get", "-q", ...apt, "download", ...names], { cwd: downloads });
  const versions: string[] = [];
  for await (const { name } of Deno.readDir(downloads)) {
    const file = `${downloads}/${name}`;
    await output(["dpkg-deb", "-x", file, `${directory}/root`]);
    versions.push((await output(["dpkg-deb", "-W", file])).trim());
  }
  return versions.sort();
}
