// Loggers, ours beside Debian's s6-log: bytes and lines a second for several scripts, and the memory of many at once.

import { output } from "../command.ts";
import { ownNamespaces } from "../namespaces.ts";
import { layTree } from "./contestant.ts";
import type { Stage } from "./stage.ts";
import { privateSize, proportionalSize } from "./processes.ts";
import { decimal, median, tableRow } from "./table.ts";

const INPUT_SIZE = 300_000_000;
const WORDS = ["ERROR", "WARN", "INFO", "GET", "/index.html", "user=alice", "took", "ms", "timeout", "refused", "ok"];
/** What is logged: bytes in a line, its newline counted. */
const LINES = [100, 10_000] as const;

const REGEXES = ["ERROR.*refused", "timeout$", "^GET", "[0-9]{4}", "user=bob"];
/** Rotation is rare, as it is not what is measured. */
const KEEPING = ["n20", "s16777215"];
const SCRIPTS: Readonly<Record<string, readonly string[]>> = {
  "plain": [],
  "t": ["t"],
  "T": ["T"],
  "5 x +": ["-", ...REGEXES.map((regex) => `+${regex}`)],
  "5 x -": REGEXES.map((regex) => `-${regex}`),
};

const LOGGERS = 20;
/** What each of many loggers has logged when its memory is measured, and by when it has come to rest. */
const LOGGED = 20_000;
const REST = 10_000;

// With /proc, as in every container: without it the engine would copy 2 MB of its code instead of mapping them.
const ENTER = 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"';

interface Kind {
  readonly name: string;
  /** The directory that it sees as its root. */
  readonly root: string;
  /** The command line up to the options. */
  readonly command: readonly string[];
}

async function kinds({ directory, stamp, trees }: Stage): Promise<Kind[]> {
  const found: Kind[] = [];
  for (const [name, tree] of trees) {
    const root = await layTree(`${directory}/log-${name.replaceAll(" ", "-")}`, tree, stamp);
    found.push({ name, root, command: [...ownNamespaces("mount"), "/bin/sh", "-c", ENTER, root, "/command/s6-log"] });
  }
  return [...found, { name: "Debian's", root: "", command: ["/usr/bin/s6-log"] }];
}

function linesOf(length: number): Uint8Array<ArrayBuffer> {
  let seed = 1;
  const next = (): string => WORDS[(seed = seed * 48271 % 2147483647) % WORDS.length]!;
  const block: string[] = [];
  for (let size = 0; size < 2_000_000; size += length) {
    let line = "";
    while (line.length < length) line += `${next()} `;
    block.push(line.slice(0, length - 1));
  }
  return new TextEncoder().encode(`${block.join("\n")}\n`);
}

async function writeInput(path: string, length: number): Promise<number> {
  const block = linesOf(length);
  using file = await Deno.open(path, { write: true, create: true });
  let size = 0;
  for (; size < INPUT_SIZE; size += block.length) await file.write(block);
  return size;
}

/** Seconds that the logger takes for the file, through a pipe. */
async function time(
  { root, command }: Kind,
  input: string,
  directory: string,
  words: readonly string[],
): Promise<number> {
  const path = `${directory}/logged`;
  const started = performance.now();
  const line = ["/bin/sh", "-c", 'input=$0; cat "$input" | "$@"', input, ...command, "--", ...KEEPING, ...words, path];
  await output(line);
  const taken = performance.now() - started;
  await Deno.remove(`${root}${path}`, { recursive: true });
  return taken / 1000;
}

async function throughput(stage: Stage, all: readonly Kind[], length: number): Promise<void> {
  const input = `${stage.directory}/input`;
  const size = await writeInput(input, length);
  const times = new Map(all.map(({ name }) => [name, Object.keys(SCRIPTS).map((): number[] => [])]));
  for (let round = 0; round <= stage.runs; round++) {
    for (const [at, words] of Object.values(SCRIPTS).entries()) {
      for (const kind of all) {
        const taken = await time(kind, input, stage.directory, words);
        if (round > 0) times.get(kind.name)![at]!.push(taken);
      }
    }
  }
  console.log(
    `\nLines of ${length} bytes through a pipe; medians of ${stage.runs} runs; MB/s, below them 1000 lines/s`,
  );
  console.log(tableRow(["", ...Object.keys(SCRIPTS)]));
  for (const [name, taken] of times) {
    const speeds = taken.map((seconds) => size / 1e6 / median(seconds));
    console.log(tableRow([name, ...speeds.map(decimal)]));
    console.log(tableRow(["", ...speeds.map((speed) => decimal(speed * 1000 / length))]));
  }
  await Deno.remove(input);
}

async function memory(stage: Stage, { name, root, command }: Kind): Promise<void> {
  const text = linesOf(LINES[0]).subarray(0, LOGGED);
  const children: Deno.ChildProcess[] = [];
  for (let at = 0; at < LOGGERS; at++) {
    await Deno.mkdir(`${root}${stage.directory}`, { recursive: true });
    const [program, ...args] = [...command, "-b", "n20", "s1000000", "T", `${stage.directory}/memory${at}`];
    const child = new Deno.Command(program!, { args, stdin: "piped", stdout: "null", stderr: "null" }).spawn();
    children.push(child);
  }
  const writers = children.map(({ stdin }) => stdin.getWriter());
  for (const writer of writers) await writer.write(text);
  await new Promise((resolve) => setTimeout(resolve, REST));
  const others = children.slice(1).map(({ pid }) => pid);
  const each = [proportionalSize(others), privateSize(others)].map((bytes) => bytes / others.length / 1024);
  console.log(tableRow([name, ...each.map(decimal)]));
  for (const writer of writers) await writer.close();
  for (const child of children) await child.status;
}

/** Speed, then memory. */
export async function loggers(stage: Stage): Promise<void> {
  // Memory, so that no disk is measured, and where every program finds it.
  const directory = await Deno.makeTempDir({ dir: "/dev/shm", prefix: "bench-" });
  await Deno.chmod(directory, 0o755);
  const own = { ...stage, directory };
  const all = await kinds(own);
  for (const { root } of all) await Deno.mkdir(`${root}${directory}`, { recursive: true });
  for (const length of LINES) await throughput(own, all, length);
  console.log(`\n${LOGGERS} loggers that have logged ${LOGGED} bytes each, at rest; KB for each from the 2nd on`);
  console.log(tableRow(["", "PSS", "private"]));
  for (const kind of all) await memory(own, kind);
  await Deno.remove(directory, { recursive: true });
}
