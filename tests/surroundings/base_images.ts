// The images that the examples begin with, for a daemon that can fetch none: Debian 12 by mmdebstrap, and with it the program
// that the image is there for, this machine's.

import { isFile, isInstalled, output } from "../../scripts/command.ts";
import { works } from "../../scripts/container.ts";
import { collect } from "../../scripts/container_process.ts";
import { DEBIAN_KEYRING, debianSource } from "../../scripts/newest.ts";
import type { DockerDaemon } from "./docker_daemon.ts";
import { CACHE } from "./tarball.ts";

const BASE = "debian:12-slim";
const DEBIAN = `${CACHE}/debian-12-with-apt.tar`;

/** By the name in a Dockerfile: the program that it has besides Debian's, and where that is here. */
const PROGRAMS: Readonly<Record<string, readonly [name: string, file: string] | undefined>> = {
  [BASE]: undefined,
  "node:20-slim": ["node", "/usr/bin/node"],
  "denoland/deno:debian": ["deno", Deno.execPath()],
};

/** True if a build can begin with it: our own daemon has to be given the image, the machine's fetches it. */
export function canHaveBase(name: string): boolean {
  if (works("docker")) return true;
  const program = PROGRAMS[name];
  return Object.hasOwn(PROGRAMS, name) && isInstalled("mmdebstrap") && (program === undefined || isFile(program[1]));
}

/** Gives the image to a daemon of our own; others fetch it. */
export async function ensureBase(name: string, { host, isOwn }: DockerDaemon): Promise<void> {
  const docker = ["docker", "--host", host];
  if (!isOwn || (await collect([...docker, "image", "inspect", name])).code === 0) return;
  await ensureDebian();
  await output(["sh", "-c", 'exec "$@" <"$0"', DEBIAN, ...docker, "import", "-", BASE]);
  const program = PROGRAMS[name];
  if (program === undefined) return;
  const directory = await Deno.makeTempDir({ prefix: "base-" });
  await output(["cp", program[1], `${directory}/${program[0]}`]);
  await Deno.writeTextFile(`${directory}/Dockerfile`, `FROM ${BASE}\nCOPY ${program[0]} /usr/bin/\n`);
  await output([...docker, "build", "--quiet", "--tag", name, directory], { env: { DOCKER_BUILDKIT: "0" } });
  await Deno.remove(directory, { recursive: true });
}

/** Made once, and kept. */
async function ensureDebian(): Promise<void> {
  await Deno.mkdir(CACHE, { recursive: true });
  using lock = await Deno.open(`${DEBIAN}.lock`, { write: true, create: true });
  await lock.lock(true);
  if (isFile(DEBIAN)) return;
  const source = `deb [signed-by=${DEBIAN_KEYRING}] ${await debianSource()} bookworm main`;
  const options = ["--quiet", "--variant=apt", "--mode=root", "--include=libstdc++6", "--format=tar"];
  const settings = ["Acquire::Check-Valid-Until false", "Acquire::Languages none"].map((line) => `--aptopt=${line}`);
  const without = ["doc", "man", "locale"].map((place) => `--dpkgopt=path-exclude=/usr/share/${place}/*`);
  await output(["mmdebstrap", ...options, ...settings, ...without, "bookworm", `${DEBIAN}.new`, source]);
  await Deno.rename(`${DEBIAN}.new`, DEBIAN);
}
