// The program under the launcher. A release is `deno compile` with the denort of its version. Where Deno's download site
// cannot be reached and no denort is given, it is the stock deno executable, which loads the same chunks from files.

import { fingerprint, isFile, output } from "./command.ts";
import { prelink } from "./prelink.ts";
import { emptyUnused } from "./unused.ts";
import { COMPILED_BASE, ofOneLength } from "./v8_flags.ts";

export type Architecture = "amd64" | "aarch64";
export type BaseKind = "compiled" | "stock";

/** An executable that becomes the program: where it is, and which kind it is. */
export interface Base {
  readonly kind: BaseKind;
  /** compiled: denort. stock: deno. */
  readonly executable: string;
  /** The deno that runs `deno compile`; unused for stock. */
  readonly compiler: string;
  /** One line for people: which base this is and where it comes from. */
  readonly description: string;
  /** Of Deno. */
  readonly version: string;
  /** Of V8 in it; undefined where it does not run here to tell. */
  readonly v8: string | undefined;
}

const TARGET: Readonly<Record<Architecture, string>> = {
  amd64: "x86_64-unknown-linux-gnu",
  aarch64: "aarch64-unknown-linux-gnu",
};

const PACKAGE: Readonly<Record<Architecture, string>> = {
  amd64: "@deno/linux-x64-glibc",
  aarch64: "@deno/linux-arm64-glibc",
};

export const HOST: Architecture = Deno.build.arch === "aarch64" ? "aarch64" : "amd64";

/** Finds or fetches the base. Without a wish, compiled where it can be had, else stock. */
export async function findBase(architecture: Architecture, wish: BaseKind | undefined, cache: string): Promise<Base> {
  if (wish !== "stock") {
    const compiled = await givenDenort(architecture) ?? await downloadedDenort(architecture, cache);
    if (compiled) return compiled;
    if (wish) {
      throw new Error("no compiled base: set DENORT_BIN and DENO_COMPILER, or give access to Deno's download site");
    }
  }
  return await stock(architecture, cache);
}

async function givenDenort(architecture: Architecture): Promise<Base | undefined> {
  const executable = Deno.env.get("DENORT_BIN");
  if (!executable || architecture !== HOST) return undefined;
  const compiler = Deno.env.get("DENO_COMPILER") ?? Deno.execPath();
  return {
    kind: "compiled",
    executable,
    compiler,
    description: `compiled, with ${executable}`,
    ...await versionsOf(compiler),
  };
}

async function downloadedDenort(architecture: Architecture, cache: string): Promise<Base | undefined> {
  const version = Deno.version.deno;
  const executable = `${cache}/denort-${version}-${architecture}`;
  const compiler = Deno.execPath();
  const description = `compiled, with denort ${version}`;
  const base: Base = { kind: "compiled", executable, compiler, description, version, v8: Deno.version.v8 };
  if (isFile(executable)) return base;
  const url = `https://dl.deno.land/release/v${version}/denort-${TARGET[architecture]}.zip`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(120_000) }).catch(() => undefined);
  if (!answer?.ok) {
    await answer?.body?.cancel();
    return undefined;
  }
  const scratch = await Deno.makeTempDir();
  await Deno.writeFile(`${scratch}/denort.zip`, new Uint8Array(await answer.arrayBuffer()));
  await output(["unzip", "-q", "denort.zip"], { cwd: scratch });
  await Deno.mkdir(cache, { recursive: true });
  await Deno.copyFile(`${scratch}/denort`, executable);
  await Deno.chmod(executable, 0o755);
  await Deno.remove(scratch, { recursive: true });
  return base;
}

/** Those of a deno that runs here; a denort is of the same version as the one that compiles with it. */
async function versionsOf(deno: string): Promise<Pick<Base, "version" | "v8">> {
  const text = await output([deno, "--version"]);
  const [, version] = /^deno (\S+)/.exec(text) ?? [];
  if (version === undefined) throw new Error(`${deno} --version prints no version: ${text}`);
  return { version, v8: /^v8 (\S+)/m.exec(text)?.[1] };
}

async function stock(architecture: Architecture, cache: string): Promise<Base> {
  const running = Deno.version.deno;
  if (architecture === HOST) {
    const description = `stock deno ${running}`;
    const { v8 } = Deno.version;
    return { kind: "stock", executable: Deno.execPath(), compiler: "", description, version: running, v8 };
  }
  const listed = JSON.parse(await output(["npm", "view", PACKAGE[architecture], "versions", "--json"])) as string[];
  const version = listed.includes(running) ? running : listed.at(-1)!;
  const executable = `${cache}/deno-${version}-${architecture}`;
  if (!isFile(executable)) {
    const scratch = await Deno.makeTempDir();
    const archive = (await output(["npm", "pack", "--silent", `${PACKAGE[architecture]}@${version}`], { cwd: scratch }))
      .trim();
    await output(["tar", "xzf", archive, "package/deno"], { cwd: scratch });
    await Deno.mkdir(cache, { recursive: true });
    await Deno.copyFile(`${scratch}/package/deno`, executable);
    await Deno.chmod(executable, 0o755);
    await Deno.remove(scratch, { recursive: true });
  }
  const note = version === running ? "" : ` (${running} is not to be had)`;
  const v8 = version === running ? Deno.version.v8 : undefined;
  return { kind: "stock", executable, compiler: "", description: `stock deno ${version} from npm${note}`, version, v8 };
}

/** What is done to a copy: one in the cache was done so. */
const PREPARED = "prelinked, no relocation twice, what is unused emptied";

/** A copy of the executable that starts quickly, without what is never used. With `own`, it uses that loader and the libraries beside it only. */
export async function quickStarting(
  executable: string,
  cache: string,
  own?: { readonly loader: string; readonly directory: string },
): Promise<string> {
  const libraries = own === undefined ? [] : [own.loader, own.directory];
  const copy = `${cache}/base-${await fingerprint([...libraries, PREPARED], [executable])}`;
  if (isFile(copy)) return copy;
  await Deno.mkdir(cache, { recursive: true });
  await Deno.copyFile(executable, `${copy}.new`);
  await Deno.chmod(`${copy}.new`, 0o755);
  if (own !== undefined) await useLibraries(`${copy}.new`, own.loader, own.directory);
  const bytes = await Deno.readFile(`${copy}.new`);
  prelink(bytes);
  emptyUnused(bytes);
  await Deno.writeFile(`${copy}.new`, bytes);
  await Deno.rename(`${copy}.new`, copy);
  return copy;
}

// DT_RPATH rather than DT_RUNPATH: it also holds for what the libraries need in turn.
async function useLibraries(executable: string, loader: string, directory: string): Promise<void> {
  const interpreter = ["--set-interpreter", `${directory}/${loader}`];
  await output(["patchelf", ...interpreter, "--force-rpath", "--set-rpath", directory, executable]);
}

/** Runs `deno compile` on the bundled chunks. */
export async function compile(
  base: Base,
  denort: string,
  architecture: Architecture,
  chunks: string,
  to: string,
  flags: string = COMPILED_BASE,
): Promise<void> {
  const command = [
    base.compiler,
    "compile",
    "--quiet",
    "-A",
    "--no-code-cache",
    "--no-check",
    "--no-config",
    "--no-lock",
    `--v8-flags=${ofOneLength(flags)}`,
  ];
  if (architecture !== HOST) command.push("--target", TARGET[architecture]);
  for (const { name } of Deno.readDirSync(chunks)) command.push("--include", name);
  await output([...command, "--output", to, "main.js"], { cwd: chunks, env: { DENORT_BIN: denort } });
}
