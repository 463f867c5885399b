// Bundles the program for start-up speed: main.js is the loader (cli/load.ts says why there is one), program.js holds what
// every applet needs, each applet's module is a chunk of its own that is read when that applet runs. Rollup puts the
// modules together, esbuild takes the types, long names and white space away.

import { isAbsolute, resolve } from "node:path";
import * as esbuild from "npm:esbuild@0.25.10";
import { type GetModuleInfo, type OutputChunk, rollup } from "npm:rollup@4.52.3";
import { familyModules, shortRegistry } from "./registry.ts";
import { keepApart } from "./strip.ts";

/** A chunk's name and size in bytes. */
export interface Chunk {
  readonly name: string;
  readonly size: number;
}

/** A chunk is read and compiled by every program that needs any of it: more than this is to be taken apart. */
export const LARGEST_CHUNK = 64 * 1024;

const TARGET = "es2024";
const LOADER = "cli/load.ts";
const INIT = resolve("cli/overlay/init.ts");
const PREPARER = resolve("cli/overlay/prepare.ts");
const SUPERVISORS = ["cli/overlay/init.ts", "cli/overlay/fix_attrs.ts", "cli/s6/supervise.ts", "cli/s6/svscan.ts"].map(
  (path) => resolve(path),
);
/** What declares an applet: nearly every start needs it. */
const DECLARERS = resolve("cli/applet.ts");
/** What process 1 asks for when it runs, and hardly any other program. */
const OF_PROCESS_1 = [
  "cli/guarded_reading.ts",
  "lib/image/guarded_search.ts",
  "lib/os/lasting.ts",
  "lib/os/listening.ts",
  "lib/os/outlet.ts",
  "lib/os/own_memory.ts",
  "lib/os/question.ts",
].map((path) => resolve(path));
/** What only process 1 has of the beginning and the end; what it has in common with its helper is "preparation". */
const OF_STAGES = [
  "boot/command",
  "boot/ignored",
  "boot/image_services",
  "boot/later_names",
  "boot/profile",
  "boot/provide",
  "boot/search_path",
  "boot/stage1",
  "boot/stage2",
  "boot/state_directory",
  "container",
  "ending",
  "journal/cause",
  "journal/journal",
  "journal/observer",
  "journal/script_records",
  "journal/service_record",
  "life",
  "logging/kept_streams",
  "logging/logger_lines",
  "logging/message_queue",
  "logging/output_mode",
  "logging/outputs",
  "logging/own_lines",
  "logging/relay",
  "logging/relay_connection",
  "logging/relay_message",
  "logging/stream_tails",
  "timeline/timeline_file",
  "verbosity",
].map((name) => resolve(`lib/overlay/${name}.ts`)).concat(
  ["answer_at_socket", "answers", "process_one", "relaying", "sight", "stages"].map((name) =>
    resolve(`cli/overlay/${name}.ts`)
  ),
);
/** What process 1 has in common with subcommands of s6-overlay, which need nothing else of it. */
const OF_OPERATORS = [
  "lib/json.ts",
  "lib/nearest_word.ts",
  "lib/overlay/attributes/foreign_link.ts",
  "lib/overlay/environment_store.ts",
  "lib/overlay/durations.ts",
  "lib/overlay/essential.ts",
  "lib/overlay/journal/exit.ts",
  "lib/overlay/journal/snapshot.ts",
  "lib/overlay/journal/state_words.ts",
  "lib/overlay/signals/signal_routes.ts",
  "lib/overlay/signals/signals.ts",
  "lib/overlay/unknown_settings.ts",
  "lib/supervise/control.ts",
  "lib/supervise/scan.ts",
].map((path) => resolve(path));
const FAMILY_MODULES = familyModules();
/** What waits for events. */
const EVENT_LOOP = ["poller", "quiet", "reactor", "signal_source"].map((name) => resolve(`lib/os/${name}.ts`));
/** Large modules that few programs need, and a boot seldom. */
const OF_TREES = ["lib/copy.ts", "lib/copy_target.ts", "lib/descent.ts", "lib/glob.ts", "lib/tree.ts"].map((path) =>
  resolve(path)
);

/** Bundles the entry into the directory, an absolute path that is emptied first, and returns the chunks, largest first. */
export async function bundle(entry: string, directory: string): Promise<Chunk[]> {
  await Deno.remove(directory, { recursive: true }).catch(() => {});
  await Deno.mkdir(directory, { recursive: true });
  const build = await rollup({
    input: { program: resolve(entry) },
    logLevel: "warn",
    // The chunks import from the entry itself, not from a second file behind it.
    preserveEntrySignatures: "allow-extension",
    plugins: [keepApart(), shortRegistry(), { name: "typescript", resolveId: resolveModule, transform: withoutTypes }],
    // Modules that import each other for functions only are harmless.
    onwarn: (warning) => warning.code === "CIRCULAR_DEPENDENCY" ? undefined : console.warn(warning.message),
  });
  const { output } = await build.generate({
    format: "system",
    systemNullSetters: true,
    onlyExplicitManualChunks: true,
    manualChunks: (id, { getModuleInfo }) => chunkOf(id, resolve(entry), getModuleInfo),
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
  });
  await build.close();
  const loader = await withoutTypes(await Deno.readTextFile(LOADER), LOADER);
  const chunks = [await write("main.js", await minified(loader.code), directory)];
  for (const file of output) {
    if (file.type === "chunk") chunks.push(await write(file.fileName, await script(file), directory));
  }
  await esbuild.stop();
  return chunks.sort((a, b) => b.size - a.size);
}

/**
 * A file of its own costs more than the few bytes that some of its readers do not need. So what supervisors need besides
 * the program lies in one chunk, what a boot needs besides that in two more, and what they share with other applets in
 * another. The rest is Rollup's choice.
 */
function chunkOf(id: string, program: string, getModuleInfo: GetModuleInfo): string | undefined {
  const reach = (from: string): boolean => reached(from, getModuleInfo).has(id);
  if (reach(program) || id === DECLARERS) return "program";
  if (OF_PROCESS_1.includes(id)) return "supervision";
  if (OF_TREES.includes(id)) return "trees";
  if (EVENT_LOOP.includes(id)) return "reactor";
  if (OF_STAGES.includes(id)) return "stages";
  if (OF_OPERATORS.includes(id)) return "shared";
  if (!reach(INIT)) return undefined;
  const applets = FAMILY_MODULES.flatMap((family) => getModuleInfo(family)?.dynamicallyImportedIds ?? []);
  if (applets.some((applet) => applet !== PREPARER && !SUPERVISORS.includes(applet) && reach(applet))) return "shared";
  return reach(PREPARER) ? "preparation" : "supervision";
}

/** The modules in memory once this one is. */
function reached(from: string, getModuleInfo: GetModuleInfo): ReadonlySet<string> {
  const modules = new Set([from]);
  for (const module of modules) {
    for (const imported of getModuleInfo(module)?.importedIds ?? []) modules.add(imported);
  }
  return modules;
}

function resolveModule(source: string, importer: string | undefined): string {
  return isAbsolute(source) || importer === undefined ? source : resolve(importer, "..", source);
}

async function withoutTypes(code: string, id: string): Promise<{ code: string; map: null }> {
  const options = { loader: "ts", target: TARGET, sourcefile: id, tsconfigRaw: { compilerOptions: {} } } as const;
  return { code: (await esbuild.transform(code, options)).code, map: null };
}

/** The chunk as the loader evaluates it: to a function, in parentheses so that V8 compiles it at once. */
async function script({ code, fileName }: OutputChunk): Promise<string> {
  return `(function(System){${(await minified(code)).trimEnd()}})\n//# sourceURL=./${fileName}`;
}

async function minified(source: string): Promise<string> {
  const { code } = await esbuild.transform(source, {
    minifyIdentifiers: true,
    minifyWhitespace: true,
    minifySyntax: true,
    target: TARGET,
    // One byte a char: V8 keeps and scans such a source as it is.
    charset: "ascii",
    legalComments: "none",
  });
  return code;
}

async function write(name: string, code: string, directory: string): Promise<Chunk> {
  await Deno.writeTextFile(`${directory}/${name}`, code);
  return { name, size: code.length };
}
