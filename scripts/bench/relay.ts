// Lines with names: how much a second of what a program prints comes out of the container, through our relay and through
// supervisord's capture, both onto one pipe with one reader.

import { SETTINGS } from "../../lib/overlay/settings.ts";
import { ownNamespaces } from "../namespaces.ts";
import { layTree } from "./contestant.ts";
import type { Stage } from "./stage.ts";
import { decimal, median, tableRow } from "./table.ts";

const LINE = `${"a line of a service's, as long as they are ".repeat(3).slice(0, 99)}\n`;
const INPUT_SIZE = 100_000_000;
/** More would take long, as the slow ones are slow. */
const MOST_RUNS = 5;

// $0 is the root, the rest what runs in it.
const ENTER = `mount -t proc proc "$0/proc" && mount -t tmpfs run "$0/run" && mount --rbind /dev "$0/dev" &&
exec chroot "$0" /bin/env -i PATH=/command:/usr/bin:/bin ${SETTINGS.verbosity.variable}=0 "$@"`;
const ISOLATE = [...ownNamespaces("pid", "mount"), "/bin/sh", "-c", ENTER];

interface Capture {
  readonly name: string;
  readonly argv: readonly string[];
}

async function ourCaptures({ directory, trees }: Stage, input: string): Promise<Capture[]> {
  const found: Capture[] = [];
  for (const [name, tree] of trees) {
    const root = await layTree(`${directory}/relay-${name.replaceAll(" ", "-")}`, tree, `${directory}/stamp`);
    await Deno.mkdir(`${root}${directory}`, { recursive: true });
    await Deno.link(input, `${root}${input}`);
    for (const mode of ["plain", "prefix", "json"]) {
      found.push({
        name: `${name}, ${mode}`,
        argv: [...ISOLATE, root, `${SETTINGS.output.variable}=${mode}`, "/init", "cat", input],
      });
    }
  }
  return found;
}

async function supervisord(directory: string, input: string): Promise<Capture> {
  const path = `${directory}/relay-supervisord.conf`;
  const head = `[supervisord]\nnodaemon=true\nuser=root\nlogfile=/dev/null\nlogfile_maxbytes=0\n`;
  const program = `[program:web]\ncommand=/bin/cat ${input}\nautorestart=false\nstartsecs=0\n`;
  const capture = "stdout_logfile=/dev/fd/1\nstdout_logfile_maxbytes=0\n";
  await Deno.writeTextFile(path, `${head}pidfile=${directory}/relay-supervisord.pid\n${program}${capture}`);
  return { name: "supervisord", argv: ["supervisord", "-c", path] };
}

/** Seconds for a byte of the input, when the first tenth of it has come out: supervisord prints lines of its own at first. */
async function time({ argv: [program, ...args] }: Capture): Promise<number> {
  const child = new Deno.Command(program!, { args, stdout: "piped", stderr: "null" }).spawn();
  const reader = child.stdout.getReader({ mode: "byob" });
  let begin = 0;
  let before = 0;
  let size = 0;
  for (let room = new Uint8Array(1 << 18); size < INPUT_SIZE;) {
    const { value, done } = await reader.read(room);
    if (done) throw new Error(`${program} has printed ${size} bytes only`);
    size += value.length;
    if (begin === 0 && size >= INPUT_SIZE / 10) [begin, before] = [performance.now(), size];
    room = new Uint8Array(value.buffer);
  }
  const taken = performance.now() - begin;
  child.kill("SIGKILL");
  await reader.cancel();
  await child.status;
  return taken / 1000 / (size - before);
}

export async function relays(stage: Stage): Promise<void> {
  // In memory, so that no disk is measured.
  const directory = await Deno.makeTempDir({ dir: "/dev/shm", prefix: "bench-" });
  await Deno.copyFile(stage.stamp, `${directory}/stamp`);
  const input = `${directory}/input`;
  await Deno.writeTextFile(input, LINE.repeat(INPUT_SIZE / LINE.length));
  const own = { ...stage, directory };
  const all = [...await ourCaptures(own, input), await supervisord(directory, input)];
  const times = new Map(all.map(({ name }) => [name, [] as number[]]));
  const runs = Math.min(MOST_RUNS, stage.runs);
  for (let round = 0; round <= runs; round++) {
    for (const capture of all) {
      const taken = await time(capture);
      if (round > 0) times.get(capture.name)!.push(taken);
    }
  }
  console.log(`\nLines of 100 bytes from a program to the container's output; medians of ${runs} runs; MB/s`);
  for (const [name, taken] of times) console.log(tableRow([name, decimal(1 / 1e6 / median(taken))]));
  await Deno.remove(directory, { recursive: true });
}
