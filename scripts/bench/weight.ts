// What a container weighs at rest: the memory of its first process and of all it has started, services and command
// excepted, as /proc tells.

import { CollectedProcess } from "../container_process.ts";
import { benchCommandLine } from "./boot.ts";
import { type Contestant, type Load, LOADS, others, ours } from "./contestant.ts";
import { fileOf, proportionalSize, tree, writtenSize } from "./processes.ts";
import type { Stage } from "./stage.ts";
import { decimal, tableRow } from "./table.ts";

/** Milliseconds after which all processes have come to rest. */
const REST = 5_000;
/** Services and the command: what every contestant runs alike. */
const ALIKE = /\/(sleep|stamp|busybox|coreutils)$/;

/** Each contestant, with nothing but a command and with services. */
export async function weights({ directory: parent, stamp, trees }: Stage): Promise<void> {
  const directory = `${parent}/weight`;
  await Deno.mkdir(directory);
  await Deno.copyFile(stamp, `${directory}/stamp`);
  for (const load of ["empty", "busy"] as const satisfies readonly Load[]) {
    console.log(`\nweight, ${load}: ${LOADS[load].description}; after ${REST / 1000} s at rest, MB`);
    console.log(tableRow(["", "written", "PSS", "processes"]));
    const contestants: Contestant[] = [];
    for (const [name, tree] of trees) contestants.push(await ours(name, tree, load, directory));
    for (const contestant of [...contestants, ...await others(load, directory)]) await weigh(contestant, stamp);
  }
}

async function weigh(contestant: Contestant, stamp: string): Promise<void> {
  // The command's environment is not that of process 1 in every generation.
  const [init = "", ...command] = contestant.argv;
  const argv = init === "/init" ? [init, "/bin/env", "STAY=1", ...command] : contestant.argv;
  const line = benchCommandLine({ ...contestant, argv }, stamp);
  const container = new CollectedProcess(["env", "STAYING=STAY=1", ...line]);
  await container.printed("command ");
  await new Promise((resolve) => setTimeout(resolve, REST));
  const [, ...inside] = tree(container.pid);
  const own = inside.filter((pid) => !ALIKE.test(fileOf(pid)));
  const megabytes = (bytes: number): string => decimal(bytes / 1e6);
  console.log(tableRow([contestant.name, megabytes(writtenSize(own)), megabytes(proportionalSize(own)), own.length]));
  new Deno.Command("kill", { args: ["-KILL", `${inside[0]}`] }).outputSync();
  await container.ended;
}
