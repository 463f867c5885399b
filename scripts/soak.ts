// A container that has much to do: services that end and are started again, commands that people enter from outside. What
// process 1 holds before and afterwards is measured: descriptors and memory. `deno task soak [RESTARTS [EXECS]]`.

import { firstProcess, limited, type Root, root, start } from "../tests/surroundings/quick.ts";
import { writtenSize } from "./bench/processes.ts";
import { output } from "./command.ts";
import { intoContainer } from "./namespaces.ts";

const RESTARTS = 10_000;
const EXECS = 1000;
const SERVICES = 50;
/** Work before the first measurement: what is in memory for good is there by then. */
const WARM_UP = 100;

/** What process 1 holds. */
interface Holding {
  readonly descriptors: number;
  /**
   * Bytes that it has written, once it has given back what a busy time took. Pages of files count as its own only as long
   * as no other process has them, which others decide.
   */
  readonly memory: number;
  readonly zombies: number;
}

interface Soak {
  readonly before: Holding;
  readonly after: Holding;
  readonly stderr: string;
  readonly code: number;
}

// They end at once, and start again a second later.
const FILES = Object.fromEntries(
  Array.from({ length: SERVICES }, (_, at) => [
    [`etc/services.d/s${at}/run`, { content: "#!/bin/sh\necho >&3\nexec echo started\n", mode: 0o755 }],
    [`etc/services.d/s${at}/finish`, { content: "#!/bin/sh\nexit 0\n", mode: 0o755 }],
    [`etc/services.d/s${at}/notification-fd`, "3\n"],
    [`etc/services.d/s${at}/down`, ""],
    [`etc/services.d/s${at}/log/run`, { content: "#!/bin/sh\nexec cat\n", mode: 0o755 }],
  ]).flat(),
);

/**
 * Restarts services and enters the container the given number of times, and reports what process 1 held before and
 * afterwards.
 */
export async function soak(restarts: number, execs: number, tell: (line: string) => void = () => {}): Promise<Soak> {
  await using made: Root = await root(FILES);
  const container = start(made, {});
  const pid = await firstProcess(container);
  await container.printed("[services.d] done.\n");
  const starts = (): number => container.stdout.split("started\n").length - 1;
  const work = async (restarts: number, execs: number): Promise<void> => {
    const goal = starts() + restarts;
    await order(pid, "u");
    for (let at = 0; at < execs; at++) await enter(pid, "exit 0");
    while (starts() < goal) await new Promise((resolve) => setTimeout(resolve, 100));
    await order(pid, "d");
    await enter(pid, "s6-svwait -D -t 60000 /var/run/s6/services/s[0-9]*");
  };
  await work(WARM_UP, WARM_UP / 10);
  const before = await holdingOf(pid);
  tell(`before: ${shown(before)}`);
  await work(restarts, execs);
  const after = await holdingOf(pid);
  tell(`after ${restarts} restarts and ${execs} entries: ${shown(after)}`);
  Deno.kill(pid, "SIGTERM");
  const { code, stderr } = await limited(container);
  return { before, after, stderr, code };
}

/** A letter for each supervisor, written without a program that would have to be started for it. */
async function order(pid: number, letter: string): Promise<void> {
  await enter(
    pid,
    `for each in /var/run/s6/services/s[0-9]*; do until [ -p $each/supervise/control ]; do usleep 10000; done; printf ${letter} >$each/supervise/control; done`,
  );
}

async function enter(pid: number, words: string): Promise<void> {
  const into = [...intoContainer(pid), "/bin/env", "-i", "PATH=/command:/bin"];
  await output([...into, "/bin/sh", "-c", words]);
}

async function holdingOf(pid: number): Promise<Holding> {
  // A quiet time (lib/os/quiet.ts) ends in a collection of garbage; that it is over shows in nothing else.
  await new Promise((resolve) => setTimeout(resolve, 6000));
  const children = (await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`)).trim().split(" ");
  const states = children.map((child) => stateOf(child));
  return {
    descriptors: [...Deno.readDirSync(`/proc/${pid}/fd`)].length,
    memory: writtenSize([pid]),
    zombies: states.filter((state) => state === "Z").length,
  };
}

function shown({ descriptors, memory, zombies }: Holding): string {
  return `${descriptors} descriptors, ${(memory / 1024).toFixed(0)} KiB of memory, ${zombies} zombies`;
}

if (import.meta.main) {
  const [restarts = RESTARTS, execs = EXECS] = Deno.args.map(Number);
  const { code } = await soak(restarts, execs, (line) => console.log(line));
  Deno.exit(code);
}

/** The letter that /proc has for the state of a process; undefined if it has gone meanwhile. */
function stateOf(pid: string | number): string | undefined {
  try {
    return /^State:\s(.)/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
