// Real containers for tests: an image of a base layout with the tarball added as a user would add it, files of the test
// laid over it, booted, watched and stopped.

import { equal } from "node:assert/strict";
import { fingerprint } from "../../scripts/command.ts";
import type { Container, ContainerEnd, ContainerOptions } from "../../scripts/engine.ts";
import { chooseEngine } from "../../scripts/container.ts";
import { type Layout, layRoot } from "../../scripts/rootfs.ts";
import { type Given, lay } from "../rows/harness.ts";
import { canRunTrees, imageTree } from "./image_tree.ts";
import { baseTree } from "./overlay_tree.ts";
import { CACHE, TARBALL } from "./tarball.ts";
import { patience } from "../../scripts/patience.ts";

const TIME_LIMIT = 60_000;

const engine = chooseEngine();

/** What runs the containers here: "docker", "podman" or "namespaces". */
export const ENGINE: string = engine.name;

export interface Setting extends ContainerOptions {
  readonly layout?: Layout;
  /** Laid over the image; a script (content that begins with "#!") is executable. */
  readonly files?: Readonly<Record<string, Given>>;
  /** A directory laid over the image. */
  readonly root?: string;
  /** What a shell does in the image when everything is in place, as root. */
  readonly prepare?: string;
  /** Milliseconds after which it is killed: one that hangs must fail its own test, not stall the whole run. */
  readonly timeLimit?: number;
}

/** A booted container that is gone at the end of the block. */
export interface Booted extends Container, AsyncDisposable {}

/** Builds the image and boots it. */
export async function boot(setting: Setting): Promise<Booted> {
  const image = await treeOf(setting) ?? await imageOf(setting);
  return disposable(await engine.start(image.name, setting), setting.timeLimit, async () => {
    await image.remove();
  });
}

/** Starts a container that has ended, and was told to stay, once more. */
export async function bootAgain(container: Booted): Promise<Booted> {
  return disposable(await container.again(), undefined, () => Promise.resolve());
}

function disposable(container: Container, timeLimit = TIME_LIMIT, afterwards: () => Promise<void>): Booted {
  const limit = setTimeout(() => container.signal("KILL").catch(() => {}), patience(timeLimit));
  const dispose = async (): Promise<void> => {
    let over = false;
    container.ended.then(() => over = true);
    await Promise.resolve();
    if (!over) await container.stop(0).catch(() => {});
    await container.ended;
    clearTimeout(limit);
    await container.remove();
    await afterwards();
  };
  return Object.assign(container, { [Symbol.asyncDispose]: dispose });
}

/** Boots and waits for the end. */
export async function runToEnd(setting: Setting): Promise<ContainerEnd> {
  await using container = await boot(setting);
  return await container.ended;
}

/** Asserts on standard output and exit code, and shows standard error where they differ. */
export function ends(ended: ContainerEnd, code: number, stdout: string): void {
  const shown = (code: number, stdout: string): string => `exit code ${code}\n${stdout}`;
  const [ours, wanted] = [shown(ended.code, ended.stdout), shown(code, stdout)];
  equal(ours, wanted, `\n--- expected\n${wanted}--- printed\n${ours}--- standard error\n${ended.stderr}`);
}

interface Image {
  readonly name: string;
  /** Removes it, if it is for one setting alone. */
  remove(): Promise<void>;
}

/** The image for a setting, built by the engine. */
export async function imageOf(setting: Setting): Promise<Image> {
  const base = await overlayImage(setting.layout ?? "busybox");
  if (!setting.files && !setting.root && !setting.prepare) return { name: base, remove: () => Promise.resolve() };
  const name = `localhost/s6-overlay-test-${crypto.randomUUID()}`;
  await withFiles(setting, (directory) => engine.add(base, name, directory, setting.prepare));
  return { name, remove: () => engine.remove(name) };
}

/**
 * The image as a directory, if the engine runs one. It does not keep for a second start what a container wrote, and files
 * laid over links to directories are another matter for those that build images.
 */
async function treeOf(setting: Setting): Promise<Image | undefined> {
  const { layout = "busybox", files, root, prepare, stays } = setting;
  if ((!files && !root) || prepare || stays || layout === "merged") return undefined;
  const base = await baseTree(layout);
  if (!await alone(() => canRunTrees(engine, base))) return undefined;
  const name = await withFiles(setting, (directory) => imageTree(base, directory));
  return { name, remove: () => Deno.remove(name, { recursive: true }) };
}

/** Does it with a directory of the files that the setting lays over an image. */
async function withFiles<T>(setting: Setting, work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await Deno.makeTempDir();
  await Deno.chmod(directory, 0o755);
  if (setting.root) await new Deno.Command("cp", { args: ["-aT", setting.root, directory] }).output();
  await lay(directory, withModes(setting.files ?? {}));
  const result = await work(directory);
  await Deno.remove(directory, { recursive: true });
  return result;
}

function withModes(files: Readonly<Record<string, Given>>): Record<string, Given> {
  const entries = Object.entries(files).map(([path, given]): [string, Given] => [
    path,
    typeof given === "string" && given.startsWith("#!") ? { content: given, mode: 0o755 } : given,
  ]);
  return Object.fromEntries(entries);
}

const built = new Map<Layout, Promise<string>>();

function overlayImage(layout: Layout): Promise<string> {
  const image = built.get(layout) ?? alone(() => buildOverlayImage(layout));
  built.set(layout, image);
  return image;
}

/** Test files run side by side: one builds the image, and the others find it. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  await Deno.mkdir(CACHE, { recursive: true });
  using lock = await Deno.open(`${CACHE}/images-${engine.name}.lock`, { write: true, create: true });
  await lock.lock(true);
  return await work();
}

async function buildOverlayImage(layout: Layout): Promise<string> {
  const stamp = await fingerprint([layout, engine.name], [TARBALL]);
  const name = `localhost/s6-overlay-${layout}:${stamp}`;
  if (await engine.has(name)) return name;
  const directory = await Deno.makeTempDir();
  await layRoot(layout, `${directory}/root`);
  await Deno.chmod(`${directory}/root`, 0o755);
  await engine.importRoot(`${directory}/root`, `${name}-base`);
  await engine.add(`${name}-base`, name, TARBALL);
  await Deno.remove(directory, { recursive: true });
  await forgetEarlier(layout, name);
  return name;
}

/** Images of earlier tarballs would fill the disk. */
async function forgetEarlier(layout: Layout, name: string): Promise<void> {
  const note = `${CACHE}/images-${engine.name}-${layout}`;
  const earlier = await Deno.readTextFile(note).catch(() => "");
  if (earlier !== "" && earlier !== name) {
    for (const image of [earlier, `${earlier}-base`]) {
      await engine.remove(image);
    }
  }
  await Deno.writeTextFile(note, name);
}
