// Supervision at scale: the time until all services run, how soon a killed one is back, and what the supervisors cost.

import { output } from "../command.ts";
import { layTree } from "./contestant.ts";
import type { Stage } from "./stage.ts";
import { activity, proportionalSize } from "./processes.ts";
import { Supervised, type SupervisorKind } from "./supervised.ts";
import { decimal, median, tableRow } from "./table.ts";

const SIZES = [10, 50, 100, 1000] as const;
const IDLE_SECONDS = 30;
// A service that has been ready for less than a second waits before it is started again.
const SETTLED = 1100;
const KILLS = 21;
// By then whatever a supervisor does after its start is done.
const QUIET = 5000;

interface Result {
  /** Milliseconds from the exec of the supervisor until the last service ran, by run. */
  readonly allUp: number[];
  /** Milliseconds from a kill to the new process. */
  readonly restarts: number[];
  /** Bytes for all supervisors. */
  memory: number;
  /** Milliseconds on the processor while idle. */
  busy: number;
  /** Wake-ups while idle. */
  wakes: number;
}

async function kinds({ directory, stamp, trees }: Stage): Promise<SupervisorKind[]> {
  const found: SupervisorKind[] = [];
  for (const [name, tree] of trees) {
    const root = await layTree(`${directory}/supervision-${name.replaceAll(" ", "-")}`, tree, stamp);
    found.push({ name, root, command: (scan) => ["/command/s6-svscan", "-c", "2000", scan] });
  }
  found.push({ name: "s6", root: "/", command: (scan) => ["/usr/bin/s6-svscan", "-c", "2000", scan] });
  found.push({ name: "runit", root: "/", command: (scan) => ["/usr/bin/runsvdir", scan] });
  return found;
}

async function startAll(
  stage: Stage,
  all: readonly SupervisorKind[],
  size: number,
): Promise<Map<Supervised, Result>> {
  const results = new Map<string, Result>(
    all.map(({ name }) => [name, { allUp: [], restarts: [], memory: 0, busy: 0, wakes: 0 }]),
  );
  const left = new Map<Supervised, Result>();
  const rounds = Math.max(3, Math.min(stage.runs, Math.ceil(1000 / size)));
  for (let round = 1; round <= rounds; round++) {
    for (const kind of all) {
      const place = `${stage.directory}/${kind.name.replaceAll(" ", "-")}-${size}-${round}`;
      const supervised = await Supervised.lay(kind, place, `${stage.directory}/service`, size);
      const started = await supervised.start(stage.stamp);
      const starts = await supervised.starts(size);
      results.get(kind.name)!.allUp.push((Math.max(...starts.map(({ time }) => time)) - started) / 1e6);
      if (round < rounds) await supervised.stop();
      else left.set(supervised, results.get(kind.name)!);
    }
  }
  return left;
}

/** Bytes that each supervisor takes with no service at all. */
async function emptySizes(stage: Stage, all: readonly SupervisorKind[]): Promise<Map<string, number>> {
  const running: Supervised[] = [];
  for (const kind of all) {
    const supervised = await Supervised.lay(kind, `${stage.directory}/${kind.name.replaceAll(" ", "-")}-0`, "", 0);
    await supervised.start(stage.stamp);
    running.push(supervised);
  }
  await pause(QUIET);
  const sizes = new Map(running.map((supervised) => [
    supervised.kind.name,
    proportionalSize(supervised.supervisors()),
  ]));
  for (const supervised of running) await supervised.stop();
  return sizes;
}

/** Kills services, each only when it has been up for long enough, in all supervisors in turn. */
async function restart(running: ReadonlyMap<Supervised, Result>, size: number): Promise<void> {
  const count = Math.min(size, KILLS);
  for (let kill = 0; kill < KILLS; kill++) {
    if (kill % count === 0) await pause(SETTLED);
    for (const [supervised, result] of running) {
      const { pid } = (await supervised.starts(size + kill))[size + kill - count]!;
      const killed = await supervised.kill(pid);
      const again = (await supervised.starts(size + kill + 1)).at(-1)!;
      result.restarts.push((again.time - killed) / 1e6);
    }
  }
}

async function rest(running: ReadonlyMap<Supervised, Result>): Promise<void> {
  const before = new Map([...running.keys()].map((supervised) => [supervised, activity(supervised.supervisors())]));
  await pause(IDLE_SECONDS * 1000);
  for (const [supervised, result] of running) {
    const pids = supervised.supervisors();
    const { busy, sleeps } = activity(pids);
    result.busy = (busy - before.get(supervised)!.busy) / 1e6;
    result.wakes = sleeps - before.get(supervised)!.sleeps;
    result.memory = proportionalSize(pids);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Each size, each supervisor in turn. */
export async function supervision(stage: Stage): Promise<void> {
  // Memory, as /run is in most containers, and seen in every root directory.
  const directory = await Deno.makeTempDir({ dir: "/dev/shm", prefix: "bench-" });
  await Deno.chmod(directory, 0o755);
  const service = `${directory}/service`;
  await output(["gcc", "-O2", "-static", "-o", service, "scripts/bench/service.c"]);
  const all = await kinds(stage);
  const empty = await emptySizes({ ...stage, directory }, all);
  for (const size of SIZES) {
    console.log(
      `\n${size} services; milliseconds from the start and from kill -9; KB beyond an empty supervisor; idle for ${IDLE_SECONDS} s`,
    );
    console.log(tableRow(["", "all up", "restart", "worst", "PSS, KB", "a service", "CPU idle, ms", "wake-ups"]));
    const running = await startAll({ ...stage, directory }, all, size);
    await restart(running, size);
    await rest(running);
    for (const [{ kind }, { allUp, restarts, memory, busy, wakes }] of running) {
      const kilobytes = memory / 1024;
      const each = (memory - empty.get(kind.name)!) / 1024 / size;
      const times = [median(allUp), median(restarts), Math.max(...restarts)].map(decimal);
      console.log(tableRow([kind.name, ...times, ...[kilobytes, each, busy].map(decimal), wakes]));
    }
    for (const supervised of running.keys()) await supervised.stop();
  }
  await Deno.remove(directory, { recursive: true });
}
