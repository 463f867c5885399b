// What the processes of a service use: its session's members and its descendants belong to it, but for those that belong
// to another service.

import { type ProcessNumbers, TICKS } from "../../process_table.ts";

/** What of a process counts here. */
export type UsingProcess = Pick<ProcessNumbers, "pid" | "parent" | "session" | "resident" | "ticks">;

export interface Usage {
  /** Bytes in memory. What processes share counts for each. */
  readonly memory: number;
  /** Seconds of processor time, with those of children that have ended. */
  readonly cpu: number;
}

/** The pid of the service that each process belongs to; those of none are left out. */
export function processOwners(
  processes: readonly UsingProcess[],
  services: ReadonlySet<number>,
): ReadonlyMap<number, number> {
  const parents = new Map(processes.map(({ pid, parent }) => [pid, parent]));
  const sessions = new Map(processes.map(({ pid, session }) => [pid, session]));
  const owners = new Map<number, number>();
  for (const { pid } of processes) {
    const way = new Set<number>();
    let owner: number | undefined;
    // The table is not read in one moment: a pid that is used again can make a circle of it.
    for (let at: number | undefined = pid; at !== undefined && !way.has(at); at = parents.get(at)) {
      way.add(at);
      owner = ownerAt(at, sessions.get(at), services) ?? owners.get(at);
      if (owner !== undefined) break;
    }
    if (owner !== undefined) { for (const at of way) owners.set(at, owner); }
  }
  return owners;
}

function ownerAt(pid: number, session: number | undefined, services: ReadonlySet<number>): number | undefined {
  if (services.has(pid)) return pid;
  return session !== undefined && services.has(session) ? session : undefined;
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
