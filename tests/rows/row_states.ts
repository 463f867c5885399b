// What a row is about, in one word: its content, and the sources of the programs that it names. A program that another one
// starts, or whose name is put together, is not seen. So a state decides what is run first, never what need not be run.

import { fingerprint } from "../../scripts/command.ts";
import { type Arrow, arrowsOf, sourceFiles } from "../../scripts/house.ts";
import type { Case } from "./harness.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
const REGISTRY = "cli/index.ts";
const MAIN = "cli/main.ts";
const LAUNCHER = "cli/launcher";
/** A program of the registry, and the module that declares it. */
const REGISTERED = /^ {4}"([^"]+)": \(\) => import\("\.\/([^"]+)"\)/gm;

/** The state of each program, by its name: its module with all that it imports, the launcher, and the runtime. */
export async function programStates(): Promise<ReadonlyMap<string, string>> {
  const files = await sourceFiles(ROOT);
  const digests = new Map<string, string>();
  for (const { path, text } of files) digests.set(path, await fingerprint([path, text]));
  const arrows = await arrowsOf(ROOT, files);
  const launcher = [...Deno.readDirSync(`${ROOT}${LAUNCHER}`)].map(({ name }) => `${LAUNCHER}/${name}`).sort();
  const common = [Deno.version.deno, ...launcher.map((path) => Deno.readTextFileSync(`${ROOT}${path}`))];
  const states = new Map<string, string>();
  for (const [, name, module] of Deno.readTextFileSync(`${ROOT}${REGISTRY}`).matchAll(REGISTERED)) {
    const modules = reachedModules(arrows, [MAIN, `cli/${module}`]);
    states.set(name!, await fingerprint([...common, ...modules.map((path) => digests.get(path)!)]));
  }
  return states;
}

/** The modules in memory where these are, in order of name. The registry only leads to programs that are named otherwise. */
export function reachedModules(arrows: readonly Arrow[], from: readonly string[]): readonly string[] {
  const targets = Map.groupBy(arrows.filter(({ typeOnly }) => !typeOnly), (arrow) => arrow.from);
  const reached = new Set(from);
  for (const module of reached) {
    if (module === REGISTRY) continue;
    for (const { to } of targets.get(module) ?? []) reached.add(to);
  }
  return [...reached].sort();
}

/** The programs of these names that the row names. A name that is cut off stands for all that begin with it. */
export function programsNamed(row: Case, names: readonly string[]): string[] {
  const words = new Set(textsOf(row).join("\n").match(/[A-Za-z0-9][A-Za-z0-9_-]*/g) ?? []);
  const cut = [...words].filter((word) => word.endsWith("-") && word.length > 2);
  return names.filter((name) => words.has(name) || cut.some((beginning) => name.startsWith(beginning)));
}

function textsOf({ argv, stdin = "", env = {}, files = {} }: Case): string[] {
  const given = Object.values(files).flatMap((one) =>
    typeof one === "string" ? [one] : "content" in one ? [one.content] : "link" in one ? [one.link] : []
  );
  return [...argv, stdin, ...Object.values(env), ...given];
}

/** The state of the row. */
export function rowState(row: Case, programs: ReadonlyMap<string, string>): Promise<string> {
  const named = programsNamed(row, [...programs.keys()]);
  return fingerprint([JSON.stringify({ ...row, name: "" }), ...named.map((name) => programs.get(name)!)]);
}
