// Boots of generation 3: how long definitions with dependencies take until the command runs, beside the same services
// without them in services.d, and what a service of each kind costs process 1.

import { CollectedProcess } from "../container_process.ts";
import { benchBoot, benchCommandLine } from "./boot.ts";
import { type Contestant, layTree } from "./contestant.ts";
import { privateSize, tree } from "./processes.ts";
import type { Stage } from "./stage.ts";
import { decimal, median, tableRow } from "./table.ts";

const DEFINITIONS = "etc/s6-overlay/s6-rc.d";
const RUN = "#!/bin/sh\nexec sleep 100000\n";
/** Prints its word and the time, the first of them is the one that counts. */
const STAMPING_RUN = "#!/bin/sh\n/stamp first\nexec sleep 100000\n";

/** A service of generation 3. */
interface Definition {
  readonly name: string;
  readonly needs: readonly string[];
  readonly type: "oneshot" | "longrun";
}

const each = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));

function chain(length: number): Definition[] {
  return each(length, (at) => ({ name: `step${at}`, needs: at === 0 ? [] : [`step${at - 1}`], type: "oneshot" }));
}

function longruns(count: number, needs: (at: number) => readonly string[] = () => []): Definition[] {
  return each(count, (at) => ({ name: `service${at}`, needs: needs(at), type: "longrun" }));
}

const LAYER = 20;

/** What an image has to start before its command. */
const LOADS: Readonly<Record<string, { readonly description: string; readonly definitions: readonly Definition[] }>> = {
  chain: {
    description: "14 oneshots in a chain (with-contenv sh, one echo each), and 5 longruns behind the last",
    definitions: [...chain(14), ...longruns(5, () => ["step13"])],
  },
  layers: {
    description: "200 longruns in 10 layers, each needs one of the layer below",
    definitions: longruns(200, (at) => at < LAYER ? [] : [`service${at - LAYER}`]),
  },
  many: { description: "500 longruns", definitions: longruns(500) },
};

/** Each of them in turn, and what services weigh. */
export async function dependencies(stage: Stage): Promise<void> {
  console.log(`\nrc: from the exec of process 1; medians of ${stage.runs} boots, milliseconds`);
  for (const [load, { description }] of Object.entries(LOADS)) console.log(`${load}: ${description}`);
  console.log(tableRow(["", "load", "first start", "to command", "fastest", "stop"]));
  for (const [name, tree] of stage.trees) {
    for (const load of Object.keys(LOADS)) await bootsOf(stage, name, tree, load);
  }
  await weigh(stage);
}

async function bootsOf(stage: Stage, name: string, tree: string, load: string): Promise<void> {
  const { definitions } = LOADS[load]!;
  const kinds = { "s6-rc.d": layDefinitions, ...(load === "many" ? { "services.d": layServices } : {}) };
  for (const [kind, lay] of Object.entries(kinds)) {
    const root = await layTree(`${stage.directory}/rc-${name}-${load}-${kind}`.replaceAll(" ", "-"), tree, stage.stamp);
    await lay(root, definitions, load === "many" ? STAMPING_RUN : RUN);
    const contestant = { name, root, argv: ["/init", "/stamp", "command"] };
    const times = [];
    for (let run = 0; run <= stage.runs; run++) times.push(await benchBoot(contestant, stage.stamp));
    const [, ...counted] = times; // the first has warmed the caches
    const commands = counted.map(({ command }) => command);
    const first = load === "many" ? await firstStart(contestant, stage) : undefined;
    console.log(tableRow([
      name,
      load === "many" ? kind : load,
      decimal(first),
      decimal(median(commands)),
      decimal(Math.min(...commands)),
      decimal(median(counted.map(({ stop }) => stop!))),
    ]));
  }
}

/** Milliseconds until the first service runs. */
async function firstStart(contestant: Contestant, { stamp, runs }: Stage): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const { stdout } = await new CollectedProcess(benchCommandLine(contestant, stamp)).ended;
    const at = (word: string): number => Number(new RegExp(`^${word} ([0-9]+)$`, "m").exec(stdout)?.[1]) / 1e6;
    times.push(at("first") - at("start"));
  }
  return median(times);
}

const FEW = 100;
const MOST = 480;

async function weigh(stage: Stage): Promise<void> {
  console.log(`\nrc: private memory of process 1 for each service more, from ${FEW} to ${MOST} longruns, bytes`);
  console.log(tableRow(["", "s6-rc.d", "services.d"]));
  for (const [name, tree] of stage.trees) {
    const slopes: number[] = [];
    for (const lay of [layDefinitions, layServices]) {
      const sizes: number[] = [];
      for (const count of [FEW, MOST]) {
        const root = await layTree(`${stage.directory}/rc-${name}-weight`.replaceAll(" ", "-"), tree, stage.stamp);
        await lay(root, longruns(count), RUN);
        sizes.push(
          await sizeOfFirst({ name, root, argv: ["/init", "/bin/sh", "-c", "/stamp command; exec cat"] }, stage),
        );
        await Deno.remove(root, { recursive: true });
      }
      slopes.push((sizes[1]! - sizes[0]!) / (MOST - FEW));
    }
    console.log(tableRow([name, ...slopes.map((slope) => slope.toFixed(0))]));
  }
}

async function sizeOfFirst(contestant: Contestant, { stamp }: Stage): Promise<number> {
  const container = new CollectedProcess(benchCommandLine(contestant, stamp), null);
  await container.printed("command ");
  const [, first] = tree(container.pid) as [number, number];
  await settled(first);
  const size = privateSize([first]);
  new Deno.Command("kill", { args: ["-KILL", `${first}`] }).outputSync();
  await container.ended;
  return size;
}

/** What it does after the boot is over: two looks at its memory, a second apart, are alike. */
async function settled(pid: number): Promise<void> {
  for (let before = -1, now = privateSize([pid]); now !== before; now = privateSize([pid])) {
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

async function put(path: string, content: string): Promise<void> {
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(path, content, { mode: 0o755 });
}

async function layDefinitions(root: string, definitions: readonly Definition[], run: string): Promise<void> {
  for (const { name, needs, type } of definitions) {
    const directory = `${root}/${DEFINITIONS}/${name}`;
    await put(`${directory}/type`, `${type}\n`);
    for (const need of needs) await put(`${directory}/dependencies.d/${need}`, "");
    if (type === "longrun") await put(`${directory}/run`, run);
    else {
      await put(`${root}/etc/steps/${name}`, `#!/command/with-contenv sh\necho ${name}\n`);
      await put(`${directory}/up`, `/etc/steps/${name}\n`);
    }
    await put(`${root}/${DEFINITIONS}/user/contents.d/${name}`, "");
  }
}

async function layServices(root: string, definitions: readonly Definition[], run: string): Promise<void> {
  for (const { name } of definitions) await put(`${root}/etc/services.d/${name}/run`, run);
}
