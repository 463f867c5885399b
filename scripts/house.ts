// The house rules that are about files: which room may import which, how long and how named a file is, that no name is
// exported twice and no circle imported, and that the registry is complete. The rules about code are in lint.ts, what is excepted in waivers.ts.

import { isWaived } from "./waivers.ts";

const LONGEST_FILE = 300;
const HUBS = /^(util|common|helper|misc)s?\b/;

/**
 * The rooms from the bottom up. A module may import its own room and those of a lower rank; rooms of the same rank do
 * not know each other.
 */
const RANKS: readonly (readonly string[])[] = [
  ["lib"],
  ["lib/os", "lib/regexp"],
  ["lib/image"],
  ["lib/execline", "lib/event", "lib/log", "lib/fdholder"],
  ["lib/supervise", "lib/sudo"],
  ["lib/rc"],
  ["lib/overlay"],
  ["cli", "mod.ts"],
];

/** An import, by paths from the root of the project. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
  /** What is there is loaded only when it is wanted. */
  readonly isDynamic: boolean;
}

/** A file of the project, by its path from the root of the project. */
interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** All TypeScript files of the project. */
export async function sourceFiles(root: string): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  const visit = async (directory: string): Promise<void> => {
    for await (const { name, isDirectory } of Deno.readDir(root + directory)) {
      if (isDirectory) await visit(`${directory}${name}/`);
      else if (name.endsWith(".ts")) {
        files.push({ path: directory + name, text: await Deno.readTextFile(root + directory + name) });
      }
    }
  };
  for (const directory of ["cli/", "lib/", "scripts/", "tests/"]) await visit(directory);
  files.push({ path: "mod.ts", text: await Deno.readTextFile(`${root}mod.ts`) });
  return files.sort((a, b) => a.path < b.path ? -1 : 1);
}

/** What is wrong with the files' lengths and names, one line each. */
export function faultsOfFiles(files: readonly SourceFile[]): string[] {
  const faults: string[] = [];
  for (const { path, text } of files) {
    const lines = text.split("\n").length - 1;
    if (lines > LONGEST_FILE && !isWaived("short-files", path)) {
      faults.push(`${path} has ${lines} lines; ${LONGEST_FILE} are the most`);
    }
    if (HUBS.test(path.slice(path.lastIndexOf("/") + 1))) faults.push(`${path} is named after nothing it does`);
    if (!text.startsWith("// ") && !path.startsWith("tests/")) faults.push(`${path} does not say what it is for`);
  }
  return faults;
}

/** Every import among the program's files. */
export async function arrowsOf(root: string, files: readonly SourceFile[]): Promise<Arrow[]> {
  const program = files.filter(({ path }) => roomOf(path) !== undefined);
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(entry, program.map(({ path }) => `import "file://${root}${path}";\n`).join(""));
    const info = await new Deno.Command(Deno.execPath(), { args: ["info", "--json", "--no-lock", entry] }).output();
    if (!info.success) throw new Error(new TextDecoder().decode(info.stderr));
    return readGraph(new TextDecoder().decode(info.stdout), root);
  } finally {
    await Deno.remove(entry);
  }
}

interface Graph {
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly specifier: string;
      readonly code?: { readonly specifier?: string };
      readonly type?: { readonly specifier?: string };
      readonly isDynamic?: boolean;
    }[];
  }[];
}

function readGraph(json: string, root: string): Arrow[] {
  const base = `file://${root}`;
  const place = (specifier: string): string => specifier.startsWith(base) ? specifier.slice(base.length) : specifier;
  const { modules } = JSON.parse(json) as Graph;
  return modules.filter(({ specifier }) => specifier.startsWith(base)).flatMap(({ specifier, dependencies = [] }) =>
    dependencies.map(({ specifier: written, code, type, isDynamic = false }) => ({
      from: place(specifier),
      to: place(code?.specifier ?? type?.specifier ?? written),
      typeOnly: code === undefined,
      isDynamic,
    }))
  );
}

/** What is wrong with the imports, one line each. */
export function faultsOfArrows(arrows: readonly Arrow[]): string[] {
  return arrows.filter((arrow) => !isAllowed(arrow) && !isWaived("arrows", arrow.from))
    .map(({ from, to, typeOnly }) => `${from} may not import ${typeOnly ? "types of " : ""}${to}`);
}

function isAllowed({ from, to, typeOnly }: Arrow): boolean {
  const [source, target] = [roomOf(from), roomOf(to)];
  if (source === undefined || target === undefined) return false;
  if (source === target) return true;
  // The interface of the system is for all; its implementation for the one place that puts the program together.
  if (target === "lib/os") return typeOnly || from === "cli/main.ts";
  return rankOf(target) < rankOf(source);
}

/** The room a file is in; undefined for what is not part of the program. */
function roomOf(path: string): string | undefined {
  if (path === "mod.ts") return path;
  const parts = path.split("/");
  if (parts[0] === "cli") return "cli";
  if (parts[0] !== "lib") return undefined;
  return parts.length === 2 ? "lib" : `lib/${parts[1]}`;
}

function rankOf(room: string): number {
  const rank = RANKS.findIndex((rooms) => rooms.includes(room));
  if (rank < 0) throw new Error(`${room} is not a room of the house: give it a rank in scripts/house.ts`);
  return rank;
}

/** Families of programs that borrow from one another, one line for each import: what two need is in lib/ or cli/*.ts. */
export function faultsOfFamilies(arrows: readonly Arrow[], families: readonly string[]): string[] {
  const familyOf = (path: string): string | undefined => families.find((family) => path.startsWith(`cli/${family}/`));
  return arrows.filter(({ from, to }) =>
    familyOf(from) !== undefined && familyOf(to) !== undefined && familyOf(from) !== familyOf(to)
  ).map(({ from, to }) => `${from} borrows from ${to}`);
}

/** Names that each file of a kind exports: the rows of its room, and a scenario's story. */
const OF_THEIR_KIND = new Set(["cases", "story"]);

/** Names that are exported by more than one file, one line each. */
export function faultsOfNames(files: readonly SourceFile[]): string[] {
  const places = new Map<string, string[]>();
  for (const { path, text } of files) {
    for (const name of exportedNames(text)) {
      if (!OF_THEIR_KIND.has(name)) places.set(name, [...places.get(name) ?? [], path]);
    }
  }
  return [...places].filter(([, paths]) => paths.length > 1)
    .map(([name, paths]) => `${name} is exported by ${paths.join(" and ")}`);
}

/** Names that are exported and that no other file has a use for, one line each. */
export function faultsOfExports(files: readonly SourceFile[]): string[] {
  const uses = new Map<string, Set<string>>();
  for (const { path, text } of files) {
    for (const [word] of text.matchAll(/[A-Za-z_$][\w$]*/g)) uses.set(word, (uses.get(word) ?? new Set()).add(path));
  }
  return files.flatMap(({ path, text }) =>
    exportedNames(text).filter((name) => !OF_THEIR_KIND.has(name) && uses.get(name)!.size === 1)
      .map((name) => `${path}: ${name} is exported, and no other file names it`)
  );
}

function exportedNames(text: string): readonly string[] {
  const declared =
    /^export (?:abstract |async |declare )*(?:const|function\*?|class|interface|type|enum) ([A-Za-z_$][\w$]*)/gm;
  return [...new Set(Array.from(withoutTexts(text).matchAll(declared), ([, name]) => name!))];
}

/** Without the templates of those scripts that write source themselves. */
function withoutTexts(text: string): string {
  return text.replace(/`(?:\\[^]|[^`\\])*`/g, "``");
}

/**
 * Circles of imports, one line each: a reader of a file must be able to read what it is made of first. The registry,
 * which loads each program when it is wanted, is not made of them.
 */
export function faultsOfCircles(arrows: readonly Arrow[]): string[] {
  const targets = Map.groupBy(arrows.filter(({ isDynamic }) => !isDynamic), ({ from }) => from);
  const state = new Map<string, "open" | "done">();
  const faults: string[] = [];
  const visit = (path: string, way: readonly string[]): void => {
    if (state.get(path) === "open") faults.push([...way.slice(way.indexOf(path)), path].join(" imports "));
    if (state.has(path)) return;
    state.set(path, "open");
    for (const { to } of targets.get(path) ?? []) visit(to, [...way, path]);
    state.set(path, "done");
  };
  for (const { from } of arrows) visit(from, []);
  return faults;
}

const LONGEST_SUBJECT = 72;

/** What is wrong with commits, one line each: a subject "scope: what", of at most 72 characters, and a body that says why. */
export function faultsOfCommits(messages: readonly string[]): string[] {
  return messages.flatMap((message) => {
    const [subject = "", separator = "", ...body] = message.trim().split("\n");
    const faults = [
      subject.length > LONGEST_SUBJECT
        ? `has a subject of ${subject.length} characters; ${LONGEST_SUBJECT} are the most`
        : "",
      /^[a-z0-9][^ :]*(?: [^ :]+)?: \S/.test(subject) ? "" : "does not begin with a scope",
      separator === "" && body.join("").trim() !== "" ? "" : "does not say why, behind an empty line",
    ];
    return faults.filter((fault) => fault !== "").map((fault) => `"${subject}" ${fault}`);
  });
}

/** Commits up to this one are as they are. */
const BEFORE = "8175027120ffde0723ffbd4e065265f2fc9e0e15";

/** The messages of the commits since the rule; none where the project is not in a repository that reaches so far back. */
export async function newCommits(root: string): Promise<string[]> {
  const args = ["-C", root, "log", "--no-merges", "--format=%B%x00", `${BEFORE}..HEAD`];
  const { success, stdout } = await new Deno.Command("git", { args, stderr: "null" }).output();
  return success ? new TextDecoder().decode(stdout).split("\0").filter((message) => message.trim() !== "") : [];
}

interface Named {
  readonly name: string;
}

/**
 * What is wrong with the registry, one line each: names out of order, programs that are not what or where they are
 * listed, or not listed. `modules` are the exports of each file of applets.
 */
export async function faultsOfRegistry(
  families: Readonly<Record<string, Readonly<Record<string, () => PromiseLike<Named>>>>>,
  modules: readonly { readonly path: string; readonly exports: Readonly<Record<string, unknown>> }[],
): Promise<string[]> {
  const faults = faultsOfOrder(Object.keys(families));
  const listed = new Map<unknown, string>();
  for (const [family, book] of Object.entries(families)) {
    faults.push(...faultsOfOrder(Object.keys(book)));
    for (const [name, load] of Object.entries(book)) {
      const applet = await load();
      if (applet.name !== name) faults.push(`cli/index.ts: ${name} loads ${applet.name}`);
      if (listed.has(applet)) faults.push(`cli/index.ts: ${name} is listed twice`);
      listed.set(applet, family);
    }
  }
  for (const { path, exports } of modules) {
    for (const value of Object.values(exports)) {
      if (!isApplet(value)) continue;
      const family = listed.get(value);
      if (family === undefined) faults.push(`${path} declares ${value.name}, which is not listed`);
      else if (!path.startsWith(`cli/${family}/`)) {
        faults.push(`${path} declares ${value.name} of the family ${family}`);
      }
    }
  }
  return faults;
}

function faultsOfOrder(names: readonly string[]): string[] {
  return names.filter((name, at) => at > 0 && name < names[at - 1]!).map((name) =>
    `cli/index.ts: ${name} is not in its place`
  );
}

function isApplet(value: unknown): value is Named {
  return typeof value === "object" && value !== null && "name" in value && "usage" in value && "kind" in value;
}
