// Start-up and stop times, processes made and JavaScript loaded, ours beside what Debian has. `deno task bench [RUNS]`.
// An idle machine is expected: the numbers are wall-clock times.

import { BaseKind, HOST } from "../base.ts";
import { buildTarball } from "../build.ts";
import { output } from "../command.ts";
import { setUp } from "../setup.ts";
import { boot, median } from "./boot.ts";
import { type Contestant, type Load, LOADS, others, ours } from "./contestant.ts";
import { type Milestone, trace } from "./trace.ts";

const LEAST_RUNS = 7;

async function compileStamp(directory: string): Promise<string> {
  const stamp = `${directory}/stamp`;
  await output(["gcc", "-O2", "-static", "-o", stamp, "scripts/bench/stamp.c"]);
  return stamp;
}

/** The trees of the bases that can be had here. */
async function trees(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const kinds: BaseKind[] = Deno.env.get("DENORT_BIN") ? ["stock", "compiled"] : ["stock"];
  for (const kind of kinds) {
    await buildTarball({
      architecture: HOST,
      kind,
      entry: "cli/main.ts",
      directory: `${Deno.cwd()}/dist/bench-${kind}`,
    });
    found.set(`ours, ${kind}`, `${Deno.cwd()}/dist/bench-${kind}/tree-${HOST}-${kind}`);
  }
  return found;
}

function row(cells: readonly (string | number)[]): string {
  return cells.map((cell, at) => at === 0 ? String(cell).padEnd(16) : String(cell).padStart(12)).join("");
}

function milliseconds(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? "-" : value.toFixed(1);
}

async function measure(contestants: readonly Contestant[], stamp: string, runs: number): Promise<void> {
  const times = new Map(
    contestants.map((contestant) => [contestant, { command: [] as number[], stop: [] as number[] }]),
  );
  // In turns, so that a disturbance of the machine meets them all; the first round warms the caches.
  for (let round = 0; round <= runs; round++) {
    for (const contestant of contestants) {
      const { command, stop } = await boot(contestant, stamp);
      if (round === 0) continue;
      times.get(contestant)!.command.push(command);
      if (stop !== undefined) times.get(contestant)!.stop.push(stop);
    }
  }
  console.log(row(["", "to command", "fastest", "stop", "forks", "JavaScript"]));
  for (const contestant of contestants) {
    const { command, stop } = times.get(contestant)!;
    const { forks, javascript, milestones } = await trace(contestant, stamp);
    const ended = stop.length > 0 ? median(stop) : undefined;
    console.log(
      row([
        contestant.name,
        milliseconds(median(command)),
        milliseconds(Math.min(...command)),
        milliseconds(ended),
        forks,
        javascript || "-",
      ]),
    );
    if (milestones) console.log(`    ${describe(milestones)}`);
  }
}

function describe(milestones: Readonly<Record<Milestone, number>>): string {
  const parts = Object.entries(milestones).map(([name, time]) => `${name} ${milliseconds(time)}`);
  return `once, under strace, ms from exec of /init: ${parts.join(", ")}`;
}

async function main(runs: number): Promise<number> {
  if (!await setUp(["build", "bench"])) return 1;
  const directory = await Deno.makeTempDir({ prefix: "bench-" });
  await Deno.chmod(directory, 0o755);
  const stamp = await compileStamp(directory);
  const built = await trees();
  for (const load of Object.keys(LOADS) as Load[]) {
    console.log(`\n${load}: ${LOADS[load].description}; medians of ${runs} runs, milliseconds`);
    const contestants: Contestant[] = [];
    for (const [name, tree] of built) contestants.push(await ours(name, tree, load, directory));
    await measure([...contestants, ...await others(load, directory)], stamp, runs);
  }
  await Deno.remove(directory, { recursive: true });
  return 0;
}

if (import.meta.main) Deno.exit(await main(Math.max(LEAST_RUNS, Number(Deno.args[0] ?? 15))));
