// Containers with this machine's own programs, for tests with real daemons: its /usr lies below that of the container, in a
// mount namespace of its own, and nothing of the machine is changed. What it lacks comes from scripts/daemons.ts.

import { CollectedProcess } from "../../scripts/container_process.ts";
import { OF_CONTAINER, ownNamespaces } from "../../scripts/namespaces.ts";
import { isFile, output } from "../../scripts/command.ts";
import { daemonsRoot } from "../../scripts/daemons.ts";
import { type Given, lay } from "../rows/harness.ts";
import { BOUND } from "./bound.ts";
import { PLAIN_TARBALL } from "./tarball.ts";
import type { Quick, Root } from "./quick.ts";

const SEARCH = "/command:/usr/sbin:/usr/bin:/sbin:/bin";

/** What programs look for in /etc, whichever they are. */
const OF_ETC = ["passwd", "group", "nsswitch.conf", "ld.so.cache"];

// $1 root, $2 what lies at its /usr, the rest the environment and the first process. /usr cannot be written to.
const ENTER = `root=$1 usr=$2; shift 2
mount -t overlay -o "lowerdir=$usr" usr "$root/usr"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755 run "$root/run"
mount --rbind /dev "$root/dev"
exec chroot "$root" /usr/bin/env -i "$@"`;

/** A root directory with the overlay, the machine's programs and files of the test. */
export async function machineRoot(files: Readonly<Record<string, Given>>): Promise<Root> {
  const directory = await Deno.makeTempDir({ prefix: "machine-" });
  await Deno.chmod(directory, 0o755);
  const path = `${directory}/root`;
  await layMachine(path);
  await output(["tar", "-x", "-f", PLAIN_TARBALL, "-C", path, "--keep-directory-symlink"]);
  await lay(path, files);
  return { path, [Symbol.asyncDispose]: () => Deno.remove(directory, { recursive: true }) };
}

/** Lays out what lies around the machine's programs. */
export async function layMachine(path: string): Promise<void> {
  for (const name of ["usr", "etc", "proc", "sys", "dev", "run", "root", "var/log", "var/lib", "var/tmp", "tmp"]) {
    await Deno.mkdir(`${path}/${name}`, { recursive: true });
  }
  await Deno.chmod(`${path}/tmp`, 0o1777);
  for (const name of ["bin", "sbin", "lib", "lib64"]) await Deno.symlink(`usr/${name}`, `${path}/${name}`);
  for (const name of ["bin", "sbin", "lib", "lib64"]) await Deno.mkdir(`${path}/usr/${name}`);
  await Deno.symlink("../run", `${path}/var/run`);
  for (const name of OF_ETC) await Deno.copyFile(`/etc/${name}`, `${path}/etc/${name}`);
}

/** What lies at its /usr, for the options of a mount. */
export function usrOf(path: string, daemons: string | undefined): string {
  return [path, ...(daemons === undefined ? [] : [daemons]), ""].map((root) => `${root}/usr`).join(":");
}

/** True if there is such a program there; Debian has those of postgres in a directory for each version. */
export function isOnMachine(program: string): boolean {
  const roots = ["", daemonsRoot() ?? ""].map((root) => `${root}/usr`);
  return roots.some((usr) => {
    const postgres = `${usr}/lib/postgresql`;
    const versions = isFile(postgres) ? Array.from(Deno.readDirSync(postgres), ({ name }) => name) : [];
    const directories = ["bin", "sbin", ...versions.map((version) => `lib/postgresql/${version}/bin`)];
    return directories.some((directory) => isFile(`${usr}/${directory}/${program}`));
  });
}

/** Boots it. */
export function startOnMachine({ path }: Root, { environment = {}, argv = ["/init"] }: Quick): CollectedProcess {
  const variables = Object.entries({ PATH: SEARCH, ...environment }).map(([name, value]) => `${name}=${value}`);
  const own = ownNamespaces(...OF_CONTAINER);
  const usr = usrOf(path, daemonsRoot());
  return new CollectedProcess([...BOUND, ...own, "/bin/sh", "-ec", ENTER, "enter", path, usr, ...variables, ...argv]);
}
