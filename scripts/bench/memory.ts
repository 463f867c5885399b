// What loggers weigh: a container's memory with none and with twenty of them, at rest, as its control group counts it and
// as the sum of what each process has.

import { ownNamespaces } from "../namespaces.ts";
import { layTree } from "./contestant.ts";
import type { Stage } from "./stage.ts";
import { privateSize, proportionalSize, tree } from "./processes.ts";
import { decimal, tableRow } from "./table.ts";

const SERVICES = 20;
/** Milliseconds after which all processes have come to rest. */
const REST = 10_000;
/** How many lines of 100 bytes each service prints before it stays. */
const SERVICE = "#!/bin/sh\nfor n in $(seq 200); do echo " + "x".repeat(99) + "; done\nexec sleep 1000\n";
const LOGGER = (at: number): string => `#!/command/execlineb -P\nlogutil-service /logs/${at}\n`;
const SILENT = "#!/bin/sh\nexec sleep 1000\n";

const ENTER = 'echo $$ >"$1" 2>/dev/null; root=$0; shift; mount -t proc proc "$root/proc"; ' +
  'mount -t tmpfs run "$root/run"; mount --rbind /dev "$root/dev"; ' +
  `exec ${ownNamespaces("pid").join(" ")} chroot "$root" /init`;

interface Weight {
  readonly group: number;
  readonly proportional: number;
  readonly ownOfProcess1: number;
}

/** A control group of our own, and where it tells its memory; none where such cannot be made. */
async function makeGroup(): Promise<
  { readonly procs: string; readonly usage: string; readonly path: string } | undefined
> {
  const name = `bench-${Deno.pid}-${crypto.randomUUID()}`;
  for (const [root, usage] of [["memory", "memory.usage_in_bytes"], [".", "memory.current"]] as const) {
    const path = `/sys/fs/cgroup/${root}/${name}`;
    try {
      await Deno.mkdir(path);
      await Deno.stat(`${path}/${usage}`);
      return { procs: `${path}/cgroup.procs`, usage: `${path}/${usage}`, path };
    } catch {
      await Deno.remove(path).catch(() => {});
    }
  }
}

async function put(path: string, content: string): Promise<void> {
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(path, content);
  await Deno.chmod(path, 0o755);
}

/** The services of the container, the given number of them with a logger. */
async function provide(root: string, loggers: number): Promise<void> {
  for (const path of [`${root}/etc/services.d`, `${root}/logs`]) {
    await Deno.remove(path, { recursive: true }).catch(() => {});
  }
  for (let at = 1; at <= SERVICES; at++) {
    await put(`${root}/etc/services.d/s${at}/run`, at <= loggers ? SERVICE : SILENT);
    if (at > loggers) continue;
    await put(`${root}/etc/services.d/s${at}/log/run`, LOGGER(at));
    await Deno.mkdir(`${root}/logs/${at}`, { recursive: true });
    await Deno.chown(`${root}/logs/${at}`, 65534, 65534);
  }
}

async function weigh(root: string, loggers: number): Promise<Weight> {
  await provide(root, loggers);
  const group = await makeGroup();
  const [unshare = "", ...options] = ownNamespaces("mount");
  const args = [...options, "/bin/sh", "-c", ENTER, root, group?.procs ?? "/dev/null"];
  const container = new Deno.Command(unshare, { args, stdin: "null", stdout: "null", stderr: "null" }).spawn();
  await new Promise((resolve) => setTimeout(resolve, REST));
  const [, ...inside] = tree(container.pid);
  const weight = {
    group: group === undefined ? NaN : Number(await Deno.readTextFile(group.usage)),
    proportional: proportionalSize(inside),
    ownOfProcess1: privateSize(inside.slice(0, 1)),
  };
  container.kill("SIGKILL");
  for (const pid of inside.reverse()) {
    try {
      Deno.kill(pid, "SIGKILL");
    } catch {
      // It has ended with the others.
    }
  }
  await container.status;
  if (group !== undefined) await Deno.remove(group.path).catch(() => {});
  return weight;
}

/** For each build: process 1, and what loggers add. */
export async function benchMemory(stage: Stage): Promise<void> {
  console.log(
    `\n${SERVICES} services with loggers that have logged 20000 bytes each, after ${REST / 1000} s at rest; MB`,
  );
  console.log(tableRow(["", "process 1", "20: group", "20: PSS", "more: group", "more: PSS"]));
  for (const [name, tree] of stage.trees) {
    const root = await layTree(`${stage.directory}/memory-${name.replaceAll(" ", "-")}`, tree, stage.stamp);
    const [none, half, all] = [await weigh(root, 0), await weigh(root, 10), await weigh(root, SERVICES)];
    const megabytes = (bytes: number): string => decimal(bytes / 1e6);
    console.log(tableRow([
      name,
      megabytes(none.ownOfProcess1),
      megabytes(all.group - none.group),
      megabytes(all.proportional - none.proportional),
      ((all.group - half.group) / 10 / 1e6).toFixed(2),
      ((all.proportional - half.proportional) / 10 / 1e6).toFixed(2),
    ]));
  }
}
