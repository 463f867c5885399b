// The newest s6 and execline that Debian has (its suite sid), brought beside those that are installed: a second oracle for
// rows. Nothing is installed: package lists and packages stay in dist/cache, unpacked there with the libraries that they
// need. The address is that of the machine's own Debian source.

import { isFile, output } from "./command.ts";
import { unpackPackages } from "./packages.ts";

const HERE = new URL("../dist/cache/sid", import.meta.url).pathname;
/** What signs Debian's packages. */
export const DEBIAN_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
const PROGRAMS = ["s6", "execline"];
/** What tells that all is there, and of which versions it is. */
const VERSIONS = `${HERE}/versions`;

/** A root directory with the newest s6, execline and their libraries; undefined where they have not been brought. */
export function newestRoot(): string | undefined {
  return isFile(VERSIONS) ? `${HERE}/root` : undefined;
}

/** The packages and their versions, a line each. */
export function newestVersions(): string {
  return Deno.readTextFileSync(VERSIONS);
}

/** Brings them, unless they are there, or this is no Debian. @throws Error if a package cannot be had */
export async function bringNewest(): Promise<void> {
  if (newestRoot() !== undefined || Deno.uid() !== 0 || !isFile(DEBIAN_KEYRING)) return;
  // What an earlier attempt has left may be of other versions.
  await Deno.remove(HERE, { recursive: true }).catch(() => {});
  const apt = await privateLists();
  await output(["apt-get", "-q", ...apt, "update"]);
  const depended = await output(["apt-cache", ...apt, "depends", ...PROGRAMS]);
  const libraries = depended.matchAll(/^ +Depends: (lib[^ \n]+)$/gm);
  const packages = [...new Set([...PROGRAMS, ...Array.from(libraries, ([, name]) => name!)])];
  const versions = await unpackPackages(packages, HERE, apt);
  await Deno.writeTextFile(VERSIONS, `${versions.join("\n")}\n`);
}

/** Options of apt that keep everything it reads and writes apart from the machine's own. */
async function privateLists(): Promise<readonly string[]> {
  for (const directory of ["lists/partial", "archives/partial"]) {
    await Deno.mkdir(`${HERE}/${directory}`, { recursive: true });
  }
  await Deno.writeTextFile(
    `${HERE}/sources.list`,
    `deb [signed-by=${DEBIAN_KEYRING}] ${await debianSource()} sid main\n`,
  );
  const settings = {
    "Dir::Etc::sourcelist": `${HERE}/sources.list`,
    "Dir::Etc::sourceparts": "/dev/null",
    "Dir::Etc::preferences": "/dev/null",
    "Dir::Etc::preferencesparts": "/dev/null",
    "Dir::State::lists": `${HERE}/lists`,
    "Dir::Cache::archives": `${HERE}/archives`,
    "Dir::Cache::pkgcache": "",
    "Dir::Cache::srcpkgcache": "",
    "APT::Sandbox::User": "root",
  };
  return Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
}

/** The first source of packages that the machine has, as an address. */
export async function debianSource(): Promise<string> {
  for (const file of ["/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list"]) {
    const text = await Deno.readTextFile(file).catch(() => "");
    const found = /^(?:URIs: *|deb +(?:\[[^\]]*\] +)?)([a-z]+:[^ \n]+)/m.exec(text);
    if (found !== null) return found[1]!;
  }
  throw new Error("this machine has no Debian source");
}
