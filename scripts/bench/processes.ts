// What processes cost, as /proc tells: memory, time on the processor, how often they woke up.

/** The process and all below it. */
export function tree(pid: number): number[] {
  const found = [pid];
  for (let at = 0; at < found.length; at++) found.push(...childrenOf(found[at]!));
  return found;
}

function childrenOf(pid: number): number[] {
  try {
    const tasks = [...Deno.readDirSync(`/proc/${pid}/task`)].map(({ name }) => name);
    return tasks.flatMap((task) =>
      Deno.readTextFileSync(`/proc/${pid}/task/${task}/children`).split(" ").filter((word) => word !== "").map(Number)
    );
  } catch {
    return []; // it has ended
  }
}

/** The file that the process runs; empty for one that has ended. */
export function fileOf(pid: number): string {
  try {
    return Deno.readLinkSync(`/proc/${pid}/exe`);
  } catch {
    return "";
  }
}

/** Bytes of memory, pages that several processes share counting for each in part. */
export function proportionalSize(pids: readonly number[]): number {
  return sum(pids, (pid) => Number(/^Pss: +([0-9]+) kB/m.exec(read(pid, "smaps_rollup"))?.[1]) * 1024);
}

/** Bytes of memory that these processes do not share with others. */
export function privateSize(pids: readonly number[]): number {
  return sum(pids, (pid) => {
    const sizes = [...read(pid, "smaps_rollup").matchAll(/^Private_(?:Clean|Dirty): +([0-9]+) kB/gm)];
    return sum(sizes, ([, kilobytes]) => Number(kilobytes)) * 1024;
  });
}

/** Bytes of memory that these processes have written; pages of files that they only read are not among them. */
export function writtenSize(pids: readonly number[]): number {
  return sum(pids, (pid) => Number(/^Anonymous: +([0-9]+) kB/m.exec(read(pid, "smaps_rollup"))?.[1]) * 1024);
}

interface Activity {
  /** Nanoseconds on the processor, all threads. */
  readonly busy: number;
  /** How often a thread went to sleep, which is how often it woke up. */
  readonly sleeps: number;
}

/** What the processes have done since they started. */
export function activity(pids: readonly number[]): Activity {
  const tasks = pids.flatMap((pid) =>
    [...Deno.readDirSync(`/proc/${pid}/task`)].map(({ name }) => `${pid}/task/${name}`)
  );
  return {
    busy: sum(tasks, (task) => Number(read(task, "schedstat").split(" ")[0])),
    sleeps: sum(tasks, (task) => Number(/^voluntary_ctxt_switches:\t([0-9]+)/m.exec(read(task, "status"))?.[1])),
  };
}

function read(directory: number | string, file: string): string {
  return Deno.readTextFileSync(`/proc/${directory}/${file}`);
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
