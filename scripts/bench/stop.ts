// Stopping one of our containers: how long process 1 stays when the last of its children has ended.

import { CollectedProcess } from "../container_process.ts";
import { benchCommandLine } from "./boot.ts";
import { layTree } from "./contestant.ts";
import type { Stage } from "./stage.ts";
import { decimal, median, tableRow } from "./table.ts";

const SLOW = "trap 'sleep 0.3; exec /stamp last' TERM; while :; do sleep 0.01; done";

/** What ends last, with "last" and the time as its last word. */
const ENDS: Readonly<Record<string, { readonly service?: string; readonly command: string }>> = {
  "the command": { command: "exec /stamp last" },
  "a slow service": { service: SLOW, command: "s6-svwait -u /run/service/slow; sleep 0.1" },
  "an orphan": { command: `(setsid sh -c "${SLOW.replace("TERM", "TERM HUP")}" &); sleep 0.1` },
};

/** Each of them in turn. */
export async function stops({ directory, stamp, trees, runs }: Stage): Promise<void> {
  console.log(`\nstop: from the last child's last word to the end of process 1; ${runs} runs, milliseconds`);
  console.log(tableRow(["", "last child", "median", "slowest"]));
  for (const [name, tree] of trees) {
    for (const [what, end] of Object.entries(ENDS)) {
      const root = await layTree(`${directory}/stop-${name}-${what}`.replaceAll(" ", "-"), tree, stamp);
      await layService(root, end.service);
      const argv = ["/init", "/bin/sh", "-c", end.command];
      const times: number[] = [];
      for (let run = 0; run <= runs; run++) times.push(await once({ name, root, argv }, stamp));
      const counted = times.slice(1); // the first has warmed the caches
      console.log(tableRow([name, what, decimal(median(counted)), decimal(Math.max(...counted))]));
    }
  }
}

async function layService(root: string, run: string | undefined): Promise<void> {
  if (run === undefined) return;
  const directory = `${root}/etc/services.d/slow`;
  await Deno.mkdir(directory, { recursive: true });
  await Deno.writeTextFile(`${directory}/run`, `#!/bin/sh\n${run}\n`, { mode: 0o755 });
}

async function once(contestant: Parameters<typeof benchCommandLine>[0], stamp: string): Promise<number> {
  const words = ["/bin/sh", "-c", '"$@"; exec "$0" end', stamp, ...benchCommandLine(contestant, stamp)];
  const { stdout, stderr } = await new CollectedProcess(words).ended;
  const at = (word: string): number => Number(new RegExp(`^${word} ([0-9]+)$`, "m").exec(stdout)?.[1]) / 1e6;
  const time = at("end") - at("last");
  if (Number.isNaN(time)) throw new Error(`no times in\n${stdout}${stderr}`);
  return time;
}
