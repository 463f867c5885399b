// The second oracle: the newest s6 and execline that Debian has, in a mount namespace where they stand in the places of
// those that are installed here, so that programs that name each other by path find their own kind.

import { fingerprint, isFile, output } from "../../scripts/command.ts";
import { ownNamespaces } from "../../scripts/namespaces.ts";
import { newestRoot, newestVersions } from "../../scripts/newest.ts";

const CACHE = new URL("../../dist/cache", import.meta.url).pathname;
const LIBRARIES = `/usr/lib/${Deno.build.arch}-linux-gnu`;
const LOADER = { x86_64: "ld-linux-x86-64.so.2", aarch64: "ld-linux-aarch64.so.1" }[Deno.build.arch];
/** Where Debian has the programs. */
const PLACES = ["/usr/bin", "/usr/lib/execline/bin", `${LIBRARIES}/s6`];
/** What the copies are mounted over, as Debian 12 lacks the last of these. */
const MOUNTS = ["/usr/bin", "/usr/lib/execline/bin", LIBRARIES];

/** Copies of a root's programs that find their loader and libraries there. @returns a directory with the places below it */
async function relocated(root: string): Promise<string> {
  const made = `${CACHE}/newest-${await fingerprint([newestVersions()])}`;
  if (isFile(`${made}/made`)) return made;
  for (const place of PLACES) {
    await Deno.mkdir(`${made}${place}`, { recursive: true });
    for await (const { name } of Deno.readDir(`${root}${place}`)) {
      await relocate(root, `${root}${place}/${name}`, `${made}${place}/${name}`);
    }
  }
  await Deno.writeTextFile(`${made}/made`, "");
  return made;
}

async function relocate(root: string, from: string, to: string): Promise<void> {
  await Deno.copyFile(from, to);
  const isDynamic = await output(["patchelf", "--print-interpreter", to]).then(() => true, () => false);
  if (!isDynamic) return;
  const libraries = `${root}${LIBRARIES}`;
  await output(["patchelf", "--set-interpreter", `${libraries}/${LOADER}`, "--set-rpath", libraries, to]);
}

/** Where the newest programs are: their copies, and a mount namespace, which lasts as long as this process does. */
interface Newest {
  readonly directory: string;
  readonly mounts: string;
}

/** The newest programs, if there are any. */
export async function newestPrograms(): Promise<Newest | undefined> {
  const root = newestRoot();
  if (root === undefined) return undefined;
  const directory = await relocated(root);
  return { directory, mounts: await mount(directory) };
}

async function mount(made: string): Promise<string> {
  const mounts = MOUNTS.map((place) => `mount -t overlay overlay -o lowerdir=${made}${place}:${place} ${place}`);
  const [program = "", ...args] = [...ownNamespaces("mount"), "sh", "-ec"];
  const holder = new Deno.Command(program, {
    args: [...args, [...mounts, "echo ready", "exec cat"].join("\n")],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  holder.unref();
  const { value } = await holder.stdout.getReader().read();
  if (value === undefined) throw new Error("unable to mount the newest s6 and execline in the places of Debian's");
  return `/proc/${holder.pid}/ns/mnt`;
}
