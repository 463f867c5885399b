// The conformance harness: one case table, several targets. Each row runs on our applets in dist/local and on Debian's s6
// and execline, and on the newest where these are at hand (newest.ts); standard output, exit code and the files left must
// be the same. Where versions differ, versions.ts says which is meant. Strings in rows are byte strings.

import { deepEqual, fail } from "node:assert/strict";
import { byteString, rawBytes } from "../../lib/bytes.ts";
import { staticProgram } from "../surroundings/static_program.ts";

/** What a row puts into its empty working directory: content, or content with a mode, or a link, or a directory. */
export type Given = string | { content: string; mode: number } | { link: string } | { directory: number };

export interface Case {
  /** A sentence. */
  name: string;
  argv: readonly string[];
  stdin?: string;
  /** The whole environment, besides PATH. */
  env?: Readonly<Record<string, string>>;
  files?: Readonly<Record<string, Given>>;
  /** Compare standard error too. */
  stderr?: boolean;
  /** Said on standard output or error, by ours and by the original. */
  tells?: string;
  /** The order of the output lines does not matter. */
  unordered?: boolean;
  /** Compare only these of the files left; without it, all of them. */
  leaves?: readonly string[];
  /** Why the original differs here; then `expect` is what ours must do. */
  exception?: string;
  /** What ours must do where there is no original to compare with. */
  expect?: Partial<Result>;
}

/** What a run of a row left. */
export interface Result {
  stdout: string;
  stderr: string;
  /** The exit code, or 128 + n for a death by signal n. */
  code: number;
  /** Path in the working directory to "mode kind content". */
  files: Record<string, string>;
}

const ROOT = new URL("../..", import.meta.url).pathname;
const OURS = `${Deno.env.get("OVERLAY_LOCAL") ?? `${ROOT}dist/local`}/command:/usr/bin:/bin`;
/** Where the originals lie, and what else rows run. */
export const ORIGINAL = "/usr/lib/execline/bin:/usr/bin:/bin";
/** However slow the machine is, this is a row that hangs. */
const TIME_LIMIT = 60_000;

/** True if the originals are installed here. */
export const haveOriginals: boolean = ["s6-svc", "execlineb"].every((program) => find(program, ORIGINAL) !== undefined);

/** What the original did with rows before. */
export interface KnownResults {
  recall(row: Case): Promise<Result | undefined>;
  keep(row: Case, result: Result): Promise<void>;
}

/** One of the originals. */
export interface Oracle {
  readonly version: Version;
  /** The mount namespace where it is found; undefined for what is installed here. */
  readonly mounts?: string;
  readonly known?: KnownResults;
}

/** What is installed here, or the newest that there is. */
export type Version = "installed" | "newest";

/** Runs a row on ours and on the originals, unless it is known what these do, and asserts that they agree. */
export async function check(row: Case, oracles: readonly Oracle[]): Promise<void> {
  const ours = await run(row, OURS);
  toldIn(row, ours, "ours");
  if (row.expect) return same(row, ours, row.expect, row.exception ?? "expect");
  for (const oracle of oracles) await compare(row, ours, oracle);
}

async function compare(row: Case, ours: Result, { version, mounts, known }: Oracle): Promise<void> {
  const before = await known?.recall(row);
  if (before !== undefined && agree(row, ours, before)) return;
  const program = row.argv[0]!;
  if (version === "installed" && !program.includes("/") && find(program, ORIGINAL) === undefined) {
    fail(`the original has no ${program}: give the row an "expect"`);
  }
  const name = version === "installed" ? "the original" : "the newest original";
  const theirs = await run(row, ORIGINAL, mounts);
  toldIn(row, theirs, name);
  try {
    same(row, ours, theirs, name);
  } catch (difference) {
    if (agree(row, await run(row, ORIGINAL, mounts), theirs)) throw difference;
    // Processes race in the row, or the machine is slow.
    const again = await run(row, ORIGINAL, mounts);
    return same(row, await run(row, OURS), again, `${name}, which itself is not of one mind`);
  }
  await known?.keep(row, theirs);
}

function agree(row: Case, one: Result, other: Result): boolean {
  try {
    same(row, one, other, "");
    return true;
  } catch {
    return false;
  }
}

function toldIn({ tells = "", argv }: Case, { stdout, stderr }: Result, who: string): void {
  if (!(stdout + stderr).includes(tells)) fail(`${argv.join(" ")}: ${who} did not say ${tells}: ${stderr || stdout}`);
}

/** True if the row can be judged by these. */
export function canCheck(row: Case, oracles: readonly Oracle[]): boolean {
  return row.expect !== undefined || oracles.length > 0;
}

function same(row: Case, ours: Result, theirs: Partial<Result>, source: string): void {
  const fields: (keyof Result)[] = ["stdout", "code", "files"];
  if (row.stderr || "stderr" in (row.expect ?? {})) fields.push("stderr");
  const pick = (result: Partial<Result>): Partial<Result> => {
    const picked: Partial<Result> = {};
    for (const field of fields) {
      if (theirs[field] !== undefined) Object.assign(picked, { [field]: settled(row, field, result[field]) });
    }
    return picked;
  };
  // Not only the fields that differ: a wrong code is explained by what was printed.
  const told = ours.stderr === "" ? "" : `; ours printed on stderr: ${ours.stderr}`;
  deepEqual(
    pick(ours),
    pick(theirs),
    `${row.argv.join(" ")} differs from ${source}${told}\n${difference(pick(ours), pick(theirs))}`,
  );
}

function difference(ours: Partial<Result>, theirs: Partial<Result>): string {
  const shown = (result: Partial<Result>, other: Partial<Result>): string => {
    const files = Object.entries(result.files ?? {}).filter(([path, found]) => other.files?.[path] !== found);
    return JSON.stringify({ ...result, files: Object.fromEntries(files) });
  };
  return `ours:   ${shown(ours, theirs)}\ntheirs: ${shown(theirs, ours)}`;
}

function settled(row: Case, field: keyof Result, value: Result[keyof Result] | undefined): unknown {
  if (field === "stdout" && row.unordered && typeof value === "string") return value.split("\n").sort();
  if (field !== "files" || !row.leaves || typeof value !== "object") return value;
  return Object.fromEntries(row.leaves.map((path) => [path, value[path]]));
}

/** Runs a row with the commands of this PATH, in a new empty directory, and in this mount namespace. */
export async function run(row: Case, path: string, mounts?: string): Promise<Result> {
  const directory = await Deno.makeTempDir({ prefix: "case-" });
  await Deno.chmod(directory, 0o755);
  try {
    await lay(directory, row.files ?? {});
    const child = await start(row, path, directory, mounts);
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      // What has left the session may still hold the pipes, so their end is not waited for.
      late.reject(new Error(`not over after ${TIME_LIMIT} ms, PATH=${path}: ${row.argv.join(" ")}`));
      Deno.kill(-child.pid, "SIGKILL");
    }, TIME_LIMIT);
    const writer = child.stdin.getWriter();
    // The program may well end without reading its input.
    writer.write(rawBytes(row.stdin ?? "")).then(() => writer.close()).catch(() => {});
    const { stdout, stderr, code } = await Promise.race([child.output(), late.promise]);
    clearTimeout(timer);
    return { stdout: byteString(stdout), stderr: byteString(stderr), code, files: leftIn(directory) };
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** In a session of its own, so that all of it can be killed. */
async function start(row: Case, path: string, cwd: string, mounts?: string): Promise<Deno.ChildProcess> {
  const session = await staticProgram("session");
  const apart = mounts === undefined ? [] : ["-m", mounts];
  const env = { PATH: path, ...row.env };
  const words = [...row.argv, ...Object.values(env)];
  const options = { cwd, clearEnv: true, stdin: "piped", stdout: "piped", stderr: "piped" } as const;
  if (words.every(isAscii)) {
    return new Deno.Command(session, { ...options, args: [...apart, ...row.argv], env }).spawn();
  }
  // Deno passes text, not bytes: a shell script holds the bytes.
  const assignments = Object.entries(env).map(([name, value]) => quoted(`${name}=${value}`));
  const script = `exec env -i ${assignments.join(" ")} ${row.argv.map(quoted).join(" ")}`;
  const file = Deno.makeTempFileSync();
  Deno.writeFileSync(file, rawBytes(`rm ${file}\n${script}\n`));
  return new Deno.Command(session, { ...options, args: [...apart, "/bin/sh", file], env: { PATH: path } }).spawn();
}

/** Creates what a row gives. */
export async function lay(directory: string, files: Readonly<Record<string, Given>>): Promise<void> {
  for (const [name, given] of Object.entries(files)) {
    const path = `${directory}/${name}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    if (typeof given === "string") await Deno.writeFile(path, rawBytes(given));
    else if ("link" in given) await Deno.symlink(given.link, path);
    else if ("directory" in given) {
      await Deno.mkdir(path);
      await Deno.chmod(path, given.directory);
    } else {
      await Deno.writeFile(path, rawBytes(given.content));
      await Deno.chmod(path, given.mode);
    }
  }
}

function leftIn(directory: string): Record<string, string> {
  const files: Record<string, string> = {};
  const visit = (below: string): void => {
    for (const { name } of Deno.readDirSync(`${directory}/${below}`)) {
      const path = below === "" ? name : `${below}/${name}`;
      files[path] = describe(`${directory}/${path}`);
      if (files[path].endsWith(" directory")) visit(path);
    }
  };
  visit("");
  return files;
}

function describe(path: string): string {
  const status = Deno.lstatSync(path);
  const mode = ((status.mode ?? 0) & 0o7777).toString(8);
  if (status.isSymlink) return `link ${Deno.readLinkSync(path)}`;
  if (status.isDirectory) return `${mode} directory`;
  if (status.isFile) return `${mode} file ${byteString(Deno.readFileSync(path))}`;
  return `${mode} ${status.isFifo ? "fifo" : status.isSocket ? "socket" : "device"}`;
}

/** The file that a search path has for a program. */
export function find(program: string, path: string): string | undefined {
  const candidates = path.split(":").map((directory) => `${directory}/${program}`);
  return candidates.find((candidate) => {
    try {
      return Deno.statSync(candidate).isFile;
    } catch {
      return false;
    }
  });
}

function isAscii(word: string): boolean {
  for (let at = 0; at < word.length; at++) if (word.charCodeAt(at) > 127) return false;
  return true;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A script of these lines, executable. */
export const shell = (...lines: string[]): Given => ({ content: `#!/bin/sh\n${lines.join("\n")}\n`, mode: 0o755 });
