// Booting and stopping a container: the time to its command and from its end, processes made, JavaScript read.

import { benchBoot } from "./boot.ts";
import { type Contestant, type Load, LOADS, others, ours } from "./contestant.ts";
import type { Stage } from "./stage.ts";
import { decimal, median, tableRow } from "./table.ts";
import { type Milestone, trace } from "./trace.ts";

/** Both loads, each contestant in turn. */
export async function startUp({ directory, stamp, trees, runs }: Stage): Promise<void> {
  for (const load of Object.keys(LOADS) as Load[]) {
    console.log(`\n${load}: ${LOADS[load].description}; medians of ${runs} runs, milliseconds`);
    const contestants: Contestant[] = [];
    for (const [name, tree] of trees) contestants.push(await ours(name, tree, load, directory));
    await measure([...contestants, ...await others(load, directory)], stamp, runs);
  }
}

async function measure(contestants: readonly Contestant[], stamp: string, runs: number): Promise<void> {
  const times = new Map(
    contestants.map((contestant) => [contestant, { command: [] as number[], stop: [] as number[] }]),
  );
  // In turns, so that a disturbance of the machine meets them all; the first round warms the caches.
  for (let round = 0; round <= runs; round++) {
    for (const contestant of contestants) {
      const { command, stop } = await benchBoot(contestant, stamp);
      if (round === 0) continue;
      times.get(contestant)!.command.push(command);
      if (stop !== undefined) times.get(contestant)!.stop.push(stop);
    }
  }
  console.log(tableRow(["", "to command", "fastest", "stop", "forks", "JavaScript"]));
  for (const contestant of contestants) {
    const { command, stop } = times.get(contestant)!;
    const { forks, javascript, milestones } = await trace(contestant, stamp);
    const ended = stop.length > 0 ? median(stop) : undefined;
    console.log(
      tableRow([
        contestant.name,
        decimal(median(command)),
        decimal(Math.min(...command)),
        decimal(ended),
        forks,
        javascript || "-",
      ]),
    );
    if (milestones) console.log(`    ${describe(milestones)}`);
  }
}

function describe(milestones: Readonly<Record<Milestone, number>>): string {
  const parts = Object.entries(milestones).map(([name, time]) => `${name} ${decimal(time)}`);
  return `once, under strace, ms from exec of /init: ${parts.join(", ")}`;
}
