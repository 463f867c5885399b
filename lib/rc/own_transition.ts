// Whether this process is a part of a transition that a change waits for: one that waited for that change would wait without
// end. The scripts of oneshots descend from the oneshot runner only as long as they are waited for; a longrun is waited for
// as long as its supervisor wants something else than the state says. What process 1 runs itself at a boot it waits for as well.

import type { ByteString } from "../bytes.ts";
import type { Os } from "../os/os.ts";
import { parseProcessStat } from "../process_stat.ts";
import { unlessRefused } from "../report.ts";
import { readServiceStatus, supervisorOf } from "../supervise/client.ts";
import { STATE_BIT } from "./change.ts";
import type { Graph } from "./graph.ts";
import type { LiveDirectory } from "./live.ts";
import { ONESHOT_RUNNER } from "./places.ts";

type AncestryOs = Pick<Os, "readFile" | "parentPid" | "open" | "read" | "close" | "lockOwner">;

/** Stands for the oneshots that process 1 runs itself: they have no service for a parent. */
export const BOOT_SCRIPT = "a script of the boot";

/** A process has no more ancestors than this: a process table that is read while it changes may go round. */
const MOST_ANCESTORS = 1000;

/** The name of the service whose transition runs this process; undefined if none does. */
export function ownTransition(
  os: AncestryOs,
  live: LiveDirectory,
  graph: Graph,
  state: Uint8Array,
): ByteString | undefined {
  const ancestors = ancestorsOf(os);
  const longruns = new Set<number>();
  for (const [number, { kind, name }] of graph.services.entries()) {
    if (kind !== "longrun") continue;
    const directory = live.serviceDirectory(name);
    const status = unlessRefused(() => readServiceStatus(os, directory));
    if (status === undefined || !ancestors.has(status.pid)) continue;
    // A supervisor that stands in for its service is the ancestor of others' processes, too.
    if (status.pid === unlessRefused(() => supervisorOf(os, directory))) continue;
    longruns.add(status.pid);
    const isUp = (state[number]! & STATE_BIT.up) !== 0;
    if (name === ONESHOT_RUNNER || status.wantedUp !== isUp) return name;
  }
  const child = childOfHolder(os, live, ancestors);
  return child === undefined || longruns.has(child) ? undefined : BOOT_SCRIPT;
}

/** Of a process that holds the lock and is an ancestor of this one: the child by which it is. */
function childOfHolder(os: AncestryOs, live: LiveDirectory, ancestors: ReadonlySet<number>): number | undefined {
  const holder = unlessRefused(() => {
    const fd = os.open(`${live.path}/lock`, ["read", "nonblocking"]);
    try {
      return os.lockOwner(fd);
    } finally {
      os.close(fd);
    }
  });
  if (holder === undefined) return undefined;
  const chain = [...ancestors];
  return chain[chain.indexOf(holder) - 1];
}

function ancestorsOf(os: AncestryOs): ReadonlySet<number> {
  const ancestors = new Set<number>();
  let pid = os.parentPid();
  while (pid > 0 && ancestors.size < MOST_ANCESTORS && !ancestors.has(pid)) {
    ancestors.add(pid);
    const at = pid;
    pid = unlessRefused(() => parseProcessStat(os.readFile(`/proc/${at}/stat`)).parent) ?? 0;
  }
  return ancestors;
}
