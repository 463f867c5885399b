// Whether this process is a part of a transition that a change waits for: one that waited for that change would wait without
// end. The scripts of oneshots descend from the oneshot runner only as long as they are waited for; a longrun is waited for
// as long as its supervisor wants something else than the state says.

import type { ByteString } from "../bytes.ts";
import type { Os } from "../os/os.ts";
import { parseProcessStat } from "../process_stat.ts";
import { unlessRefused } from "../report.ts";
import { readServiceStatus } from "../supervise/client.ts";
import { STATE_BIT } from "./change.ts";
import type { Graph } from "./graph.ts";
import type { LiveDirectory } from "./live.ts";
import { ONESHOT_RUNNER } from "./places.ts";

type AncestryOs = Pick<Os, "readFile" | "parentPid">;

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
  for (const [number, { kind, name }] of graph.services.entries()) {
    if (kind !== "longrun") continue;
    const status = unlessRefused(() => readServiceStatus(os, live.serviceDirectory(name)));
    if (status === undefined || !ancestors.has(status.pid)) continue;
    const isUp = (state[number]! & STATE_BIT.up) !== 0;
    if (name === ONESHOT_RUNNER || status.wantedUp !== isUp) return name;
  }
  return undefined;
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
