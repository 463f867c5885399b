// What the processes of a service use: its session's members and its descendants belong to it, but for those that belong
// to another service.

import { TICKS } from "../../process_stat.ts";
import type { ProcessNumbers } from "../../process_table.ts";

/** What of a process counts here. */
export type UsingProcess = Pick<ProcessNumbers, "pid" | "parent" | "session" | "resident" | "ticks">;

export interface Usage {
  /** Bytes in memory. What processes share counts for each. */
  readonly memory: number;
  /** Seconds of processor time, with those of children that have ended. */
  readonly cpu: number;
}

/**
 * The pid of the service that each process belongs to; those of none are left out. The service that a process descends
 * from counts before the one whose session it, or what it descends from, is in.
 */
export function processOwners(
  processes: readonly UsingProcess[],
  services: ReadonlySet<number>,
): ReadonlyMap<number, number> {
  const descendants = inherited(processes, ({ pid }) => services.has(pid) ? pid : undefined);
  const members = inherited(processes, ({ session }) => services.has(session) ? session : undefined);
  return new Map([...members, ...descendants]);
}

/** What each process has of its own, or the nearest process that it descends from has. */
function inherited(
  processes: readonly UsingProcess[],
  own: (process: UsingProcess) => number | undefined,
): ReadonlyMap<number, number> {
  const byPid = new Map(processes.map((process) => [process.pid, process]));
  const found = new Map<number, number | undefined>();
  for (const process of processes) {
    const way = new Set<number>();
    let value: number | undefined;
    // The table is not read in one moment: a pid that is used again can make a circle of it.
    for (let at: UsingProcess | undefined = process; at !== undefined && !way.has(at.pid); at = byPid.get(at.parent)) {
      value = own(at) ?? found.get(at.pid);
      way.add(at.pid);
      if (value !== undefined || found.has(at.pid)) break;
    }
    for (const pid of way) found.set(pid, value);
  }
  return new Map([...found].filter((entry): entry is [number, number] => entry[1] !== undefined));
}

/** By the pid of the service; a service whose process is not seen is left out. */
export function usageOfServices(
  processes: readonly UsingProcess[],
  services: ReadonlySet<number>,
  pageSize: number,
): ReadonlyMap<number, Usage> {
  const owners = processOwners(processes, services);
  const usage = new Map<number, Usage>();
  for (const { pid, resident, ticks } of processes) {
    const owner = owners.get(pid);
    if (owner === undefined) continue;
    const { memory, cpu } = usage.get(owner) ?? { memory: 0, cpu: 0 };
    const used = ticks.user + ticks.system + ticks.childUser + ticks.childSystem;
    usage.set(owner, { memory: memory + resident * pageSize, cpu: cpu + used / TICKS });
  }
  return usage;
}
