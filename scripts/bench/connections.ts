// s6-ipcserverd, ours beside Debian's: from a connection to the first byte of the program that is run for it, at several
// rates, and the server's memory with many connections at rest. What a spawn takes by itself stands beside it.

import { output } from "../command.ts";
import { ownNamespaces } from "../namespaces.ts";
import { layTree } from "./contestant.ts";
import { tree, writtenSize } from "./processes.ts";
import type { Stage } from "./stage.ts";
import { decimal, median, tableRow } from "./table.ts";

/** Connections a second, and for how many of them. */
const RATES = [[100, 200], [1000, 1000]] as const;
const IDLE = 500;
/** Spawns one after the other. */
const SPAWNS = 100;
const MOST_CLIENTS = "1500";

// The process stays the same up to the server.
const ENTER = `mkdir -p "$0/proc" "$0/dev"; mount -t proc proc "$0/proc"; mount --rbind /dev "$0/dev"
exec chroot "$0" "$@"`;

interface Contender {
  readonly name: string;
  /** Runs one of the programs. */
  readonly before: readonly string[];
  readonly stamp: string;
  /** The socket, as the server and as clients see it. */
  readonly socket: string;
  readonly outside: string;
}

interface Measured {
  /** Microseconds, for each rate: half of the connections, 99 of 100. */
  readonly times: readonly (readonly [half: number, most: number])[];
  readonly spawn: number;
  /** Bytes that the server has written: without a connection, what those at rest add, and as many others after them. */
  readonly memory: readonly [none: number, more: number, again: number];
}

async function contenders({ directory, stamp, trees }: Stage): Promise<Contender[]> {
  const found: Contender[] = [];
  for (const [name, tree] of trees) {
    const root = await layTree(`${directory}/ipc-${name.replaceAll(/[ ,]+/g, "-")}`, tree, stamp);
    const enter = [...ownNamespaces("mount"), "sh", "-ec", ENTER, root];
    const before = [...enter, "env", "-i", "PATH=/command:/usr/bin:/bin"];
    found.push({ name, before, stamp: "/stamp", socket: "/socket", outside: `${root}/socket` });
  }
  const socket = `${directory}/socket`;
  found.push({ name: "Debian's", before: ["env", "-i", "PATH=/usr/bin:/bin"], stamp, socket, outside: socket });
  return found;
}

/** A server that listens, for as long as the work takes. */
async function withServer<T>(
  { before, socket }: Contender,
  prog: readonly string[],
  work: (pid: number) => Promise<T>,
): Promise<T> {
  const [program = "", ...args] = [
    ...before,
    "s6-ipcserver",
    "-1",
    "-c",
    MOST_CLIENTS,
    "-C",
    MOST_CLIENTS,
    socket,
    ...prog,
  ];
  const server = new Deno.Command(program, { args, stdin: "null", stdout: "piped", stderr: "null" }).spawn();
  let isAlive = true;
  server.status.then(() => isAlive = false);
  const reader = server.stdout.getReader();
  const { value } = await reader.read();
  if (value === undefined) throw new Error(`${[program, ...args].join(" ")} does not listen`);
  try {
    return await work(server.pid);
  } finally {
    // One that has failed has said why.
    if (isAlive) server.kill("SIGTERM");
    await server.status;
    await reader.cancel();
  }
}

async function memoryOf(contender: Contender, knock: string): Promise<Measured["memory"]> {
  return await withServer(contender, [contender.stamp, "served", "/bin/cat"], async (pid) => {
    // The first one has code loaded that the others share.
    await output([knock, contender.outside, "100", "1"]);
    const none = writtenSize([pid]);
    const [first, again] = [await resting(contender, knock, pid), await resting(contender, knock, pid)];
    return [none, first - none, again - first];
  });
}

/** What the server has written in its memory while connections are at rest. */
async function resting({ outside }: Contender, knock: string, pid: number): Promise<number> {
  const clients = new Deno.Command(knock, { args: [outside, "idle", String(IDLE)], stdin: "piped", stdout: "piped" })
    .spawn();
  const reader = clients.stdout.getReader();
  if ((await reader.read()).value === undefined) throw new Error("clients that are to rest are not served");
  const size = writtenSize([pid]);
  await clients.stdin.close();
  await clients.status;
  await reader.cancel();
  while (tree(pid).length > 1) await new Promise((resolve) => setTimeout(resolve, 50));
  return size;
}

/** Milliseconds from the start of one child to that of the next one: a spawn, an exec and an end. */
async function spawnOf({ before, stamp }: Contender): Promise<number> {
  const numbers = Array.from({ length: SPAWNS }, (_, at) => at).join(" ");
  const printed = await output([...before, "execlineb", "-Pc", `forx i { ${numbers} } ${stamp} at`]);
  const times = [...printed.matchAll(/^at ([0-9]+)$/gm)].map(([, time]) => Number(time) / 1e6);
  return median(times.slice(1).map((time, at) => time - times[at]!));
}

async function measure(contender: Contender, knock: string): Promise<Measured> {
  const times = await withServer(contender, [contender.stamp, "served"], async () => {
    const found: [number, number][] = [];
    for (const [rate, count] of RATES) {
      const [, half, most] = (await output([knock, contender.outside, String(rate), String(count)])).split(" ");
      found.push([Number(half), Number(most)]);
    }
    return found;
  });
  return { times, spawn: await spawnOf(contender), memory: await memoryOf(contender, knock) };
}

/** Each contender in turn; medians of the runs. */
export async function connections(stage: Stage): Promise<void> {
  const knock = `${stage.directory}/knock`;
  await output(["gcc", "-O2", "-o", knock, "scripts/bench/knock.c"]);
  const all = await contenders(stage);
  const measured = new Map(all.map(({ name }) => [name, [] as Measured[]]));
  for (let round = 0; round < stage.runs; round++) {
    for (const contender of all) measured.get(contender.name)!.push(await measure(contender, knock));
  }
  console.log(
    `\nipc: milliseconds from a connection to the first byte, half and 99 of 100; a spawn by itself, milliseconds; ` +
      `memory that the server has written, what ${IDLE} connections at rest add, and ${IDLE} others behind them, MB; medians of ${stage.runs} runs`,
  );
  const columns = RATES.flatMap(([rate]) => [`${rate}/s, half`, `${rate}/s, 99 %`]);
  console.log(tableRow(["", ...columns, "spawn", "memory", `${IDLE} more`, "again"]));
  for (const [name, runs] of measured) {
    const of = (value: (run: Measured) => number): number => median(runs.map(value));
    const times = RATES.flatMap((_, at) => [of(({ times }) => times[at]![0]), of(({ times }) => times[at]![1])]);
    console.log(tableRow([
      name,
      ...times.map((microseconds) => (microseconds / 1000).toFixed(2)),
      of(({ spawn }) => spawn).toFixed(2),
      ...[0, 1, 2].map((at) => decimal(of(({ memory }) => memory[at]!) / 1e6)),
    ]));
  }
}
