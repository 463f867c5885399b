// Builds the overlay: `deno task build [--arch amd64|aarch64] [--base stock|compiled] [--entry FILE] [--starting]` makes the
// tarball, `deno task build --local` a tree in dist/local whose applets run on this machine, for tests. With --starting
// there are no checkpoints, and programs start.

import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { archive } from "./archive.ts";
import { type Architecture, type Base, type BaseKind, compile, findBase, HOST, quickStarting } from "./base.ts";
import { bundle, type Chunk, LARGEST_CHUNK } from "./bundle.ts";
import { type Recompile, takeCheckpoints } from "./checkpoint.ts";
import { compileLauncher } from "./launcher.ts";
import { installLibraries, libraryPackages, LOADER } from "./libraries.ts";
import { installLicenses } from "./licenses.ts";
import { commandNames } from "./names.ts";
import { setUp } from "./setup.ts";
import { linkApplets, PREFIX } from "./tree.ts";

const CACHE = resolve("dist/cache");

interface Wishes {
  readonly architecture: Architecture;
  readonly kind: BaseKind | undefined;
  readonly entry: string;
  /** Where the tarball and the tree go. */
  readonly directory: string;
  /** False leaves out the checkpoints: programs start as ever. */
  readonly checkpoints?: boolean;
}

/** The tree for this machine: the same launcher and chunks, on a base that uses this machine's libraries. */
async function buildLocal(wishes: Wishes, to: string): Promise<void> {
  const base = await findBase(HOST, wishes.kind ?? "stock", CACHE);
  say(`base: ${base.description}`);
  const fresh = `${to}.${Deno.pid}`;
  await emptyDirectory(fresh);
  report(await bundle(wishes.entry, `${fresh}/js`));
  await compileLauncher(HOST, base.kind, to, `${fresh}/launcher`);
  const executable = await quickStarting(base.executable, CACHE);
  if (base.kind === "stock") await linkOrCopy(executable, `${fresh}/program`);
  else await compile(base, executable, HOST, `${fresh}/js`, `${fresh}/program`);
  await Deno.mkdir(`${fresh}/command`);
  for (const name of commandNames()) await Deno.symlink("../launcher", `${fresh}/command/${name}`);
  await Deno.symlink("launcher", `${fresh}/init`);
  await Deno.remove(to, { recursive: true }).catch(() => {});
  await Deno.rename(fresh, to);
  const recompile = recompiling(base, executable, HOST, `${to}/js`);
  if (wishes.checkpoints ?? true) await takeCheckpoints({ recompile, home: to, prefix: to }, CACHE);
}

// No symlink: tests run programs as nobody, who may not follow it into another user's home directory.
async function linkOrCopy(from: string, to: string): Promise<void> {
  await Deno.link(await Deno.realPath(from), to).catch(() => Deno.copyFile(from, to));
}

/** The tree that is laid over an image's root directory: its path. */
export async function buildTree(wishes: Wishes): Promise<string> {
  const { architecture } = wishes;
  const base = await findBase(architecture, wishes.kind, CACHE);
  say(`base: ${base.description}`);
  const root = `${wishes.directory}/tree-${architecture}-${base.kind}`;
  await emptyDirectory(root);
  const home = `${root}${PREFIX}`;
  await Deno.mkdir(home, { recursive: true });
  await compileLauncher(architecture, base.kind, PREFIX, `${home}/launcher`);
  await installLibraries(architecture, `${home}/lib`, CACHE);
  await installLicenses(base, await libraryPackages(architecture, CACHE), `${home}/licenses`);
  const recompile = await installProgram(wishes, base, home);
  const canTake = architecture === HOST && (wishes.checkpoints ?? true);
  if (canTake) await takeCheckpoints({ recompile, home, prefix: PREFIX }, CACHE);
  await linkApplets(root);
  return root;
}

/** The tarball: its path. */
export async function buildTarball(wishes: Wishes): Promise<string> {
  const { architecture } = wishes;
  const path = await archive(await buildTree(wishes), wishes.directory, `s6-overlay-${architecture}`);
  say(`${path}: ${((await Deno.stat(path)).size / 1e6).toFixed(1)} MB, ${commandNames().length} applets`);
  return path;
}

async function installProgram(wishes: Wishes, base: Base, home: string): Promise<Recompile | undefined> {
  const own = { loader: LOADER[wishes.architecture], directory: `${PREFIX}/lib` };
  const executable = await quickStarting(base.executable, CACHE, own);
  const chunks = base.kind === "stock" ? `${home}/js` : `${CACHE}/js-${wishes.architecture}`;
  report(await bundle(wishes.entry, chunks));
  if (base.kind === "stock") await Deno.copyFile(executable, `${home}/program`);
  else await compile(base, executable, wishes.architecture, chunks, `${home}/program`);
  await Deno.chmod(`${home}/program`, 0o755);
  return recompiling(base, executable, wishes.architecture, chunks);
}

function recompiling(
  base: Base,
  executable: string,
  architecture: Architecture,
  chunks: string,
): Recompile | undefined {
  if (base.kind === "stock") return undefined;
  return (flags, to) => compile(base, executable, architecture, chunks, to, flags);
}

function report(chunks: readonly Chunk[]): void {
  const total = chunks.reduce((sum, chunk) => sum + chunk.size, 0);
  const main = chunks.find((chunk) => chunk.name === "main.js");
  say(`chunks: ${chunks.length}, ${total} bytes; main.js ${main?.size}; largest ${chunks[0]?.name} ${chunks[0]?.size}`);
  for (const { name, size } of chunks) {
    if (size > LARGEST_CHUNK) say(`warning: ${name} has ${size} bytes; a chunk should stay under ${LARGEST_CHUNK}`);
  }
}

async function emptyDirectory(path: string): Promise<void> {
  await Deno.remove(path, { recursive: true }).catch(() => {});
  await Deno.mkdir(path, { recursive: true });
}

function say(line: string): void {
  console.log(`build: ${line}`);
}

if (import.meta.main) {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      arch: { type: "string", default: HOST },
      base: { type: "string" },
      entry: { type: "string", default: "cli/main.ts" },
      local: { type: "boolean", default: false },
      out: { type: "string" },
      starting: { type: "boolean", default: false },
    },
  });
  const wishes: Wishes = {
    architecture: values.arch as Architecture,
    kind: values.base as BaseKind | undefined,
    entry: values.entry,
    directory: resolve(values.out ?? "dist"),
    checkpoints: !values.starting,
  };
  const purposes = wishes.architecture === HOST ? ["build"] : ["build", "aarch64"];
  if (!await setUp(purposes)) Deno.exit(1);
  if (values.local) await buildLocal(wishes, resolve(values.out ?? "dist/local"));
  else await buildTarball(wishes);
}
