// Lays out what a tarball holds: the program and its libraries in one place, and a symlink for every applet.

import { HOLDER_RULES } from "../lib/overlay/boot/built_in_services.ts";
import { STAGE_STUB, STAGES } from "../lib/overlay/boot/ignored.ts";
import { PATHS } from "../lib/overlay/paths.ts";
import { USER_BUNDLES } from "../lib/overlay/rc/built_in_definitions.ts";
import { VERSION } from "../lib/version.ts";
import { LATER_FILES } from "./later_files.ts";
import { commandNames, sharedNames } from "./names.ts";

/** Where all of the overlay lives in an image. */
export const PREFIX = "/usr/lib/s6-overlay";

/** What images of generation 3 call by a path of their own. */
const HALTING = ["halt", "poweroff", "reboot", "shutdown"];
/** What images of generation 3 know the overlay's own directory by. */
const PACKAGE = "package/admin/s6-overlay";

const USER_DIRECTORIES = [
  "etc/cont-finish.d",
  "etc/cont-init.d",
  "etc/fix-attrs.d",
  "etc/s6-overlay/s6-rc.d",
  ...USER_BUNDLES.map((name) => `etc/s6-overlay/user-bundles.d/${name}/contents.d`),
  "etc/s6/init/env-stage2",
  "etc/services.d",
];

/**
 * Makes the symlinks, the empty directories for users, and the descriptor holder's rules under the root. All links are relative
 * and lead nowhere outside: extractors take them for safe. What images rename or move still leads through a link that has
 * the program's own name. The root is its own parent: links of /usr/bin hold in any directory of the root and of /usr,
 * and /usr/command makes them hold in those below /usr/local.
 */
export async function linkApplets(root: string): Promise<void> {
  await Deno.mkdir(`${root}/command`, { recursive: true });
  await Deno.mkdir(`${root}/usr/bin`, { recursive: true });
  await Deno.symlink("launcher", `${root}${PREFIX}/init`);
  await Deno.symlink(`${PREFIX.slice(1)}/init`, `${root}/init`);
  for (const name of commandNames()) await Deno.symlink(`..${PREFIX}/launcher`, `${root}/command/${name}`);
  for (const name of sharedNames()) await Deno.symlink(`../../command/${name}`, `${root}/usr/bin/${name}`);
  await Deno.symlink("../command", `${root}/usr/command`);
  await Deno.mkdir(`${root}${PATHS.words}`, { recursive: true });
  const shared = new Set(sharedNames());
  for (const name of commandNames().filter((name) => !shared.has(name))) {
    await Deno.symlink("../launcher", `${root}${PATHS.words}/${name}`);
  }
  for (const directory of USER_DIRECTORIES) await Deno.mkdir(`${root}/${directory}`, { recursive: true });
  await Deno.mkdir(`${root}${PATHS.haltingPrograms}/bin`, { recursive: true });
  for (const name of HALTING) await Deno.symlink("../../launcher", `${root}${PATHS.haltingPrograms}/bin/${name}`);
  await Deno.mkdir(`${root}/${PACKAGE}`.replace(/[/][^/]*$/, ""), { recursive: true });
  for (const name of [PACKAGE, `${PACKAGE}-${VERSION}`]) await Deno.symlink(`../..${PREFIX}`, `${root}/${name}`);
  await Deno.symlink(`..${PREFIX}/libexec/s6-overlay-suexec`, `${root}/command/s6-overlay-suexec`);
  await Deno.symlink("../../../command", `${root}${PREFIX}/command`);
  // An image removes it to have the descriptor holder.
  const files: Record<string, string> = { [`${PATHS.imageServices}/s6-fdholderd/down`]: "" };
  for (const name of USER_BUNDLES) files[`/etc/s6-overlay/user-bundles.d/${name}/type`] = "bundle\n";
  for (const name of STAGES) files[`/etc/s6/init/${name}`] = STAGE_STUB;
  Object.assign(files, LATER_FILES);
  for (const [name, content] of Object.entries(HOLDER_RULES)) files[`${PATHS.holderRules}/${name}`] = content;
  for (const [name, content] of Object.entries(files)) {
    const path = `${root}${name}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(path, content);
    if (content.startsWith("#!")) await Deno.chmod(path, 0o755);
  }
}

/**
 * What the tarball lists, sorted. Directories that an image may have as links (usr, usr/bin, etc) are left out, as an
 * entry for a directory would replace the link; extracting makes them where they are missing.
 */
export function entriesOf(root: string): string[] {
  const entries: string[] = [];
  const visit = (directory: string): void => {
    for (const { name, isDirectory } of Deno.readDirSync(`${root}/${directory}`)) {
      const path = directory === "" ? name : `${directory}/${name}`;
      if (!isDirectory || isOurs(path)) entries.push(path);
      if (isDirectory) visit(path);
    }
  };
  visit("");
  return entries.sort();
}

function isOurs(directory: string): boolean {
  return directory === "command" || directory.startsWith("etc/") || directory.startsWith("usr/lib/s6-overlay");
}
