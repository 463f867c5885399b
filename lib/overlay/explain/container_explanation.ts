// What there is to tell of the container itself: what its boot or its stop waits for, since when and until when.

import type { ByteString } from "../../bytes.ts";
import type { ScriptSnapshot, ServiceSnapshot, Snapshot } from "../journal/snapshot.ts";
import type { ProcessStat } from "../../process_stat.ts";
import type { ContainerExplanation, Wait } from "./explanation.ts";
import type { ProcessAtWork } from "./facts.ts";

/** What has to be known of processes. */
interface ProcessesSeen {
  deepestOf(pid: number): ProcessAtWork | undefined;
  remaining(): readonly ProcessStat[];
}

/** Processes that are named; of more their number. */
const MOST_NAMED = 10;

export function explainContainer(snapshot: Snapshot, processes: ProcessesSeen): ContainerExplanation {
  const { container } = snapshot;
  const { state, since, cause } = container;
  const { waits, cure } = cause === null ? ofBoot(snapshot, processes) : ofStop(snapshot, processes);
  return { state, since, cause, waits, cure };
}

type Told = Pick<ContainerExplanation, "waits" | "cure">;

function ofBoot({ container, scripts, services }: Snapshot, processes: ProcessesSeen): Told {
  if (container.state !== "booting") return { waits: [], cure: null };
  const waits = scripts.filter(({ ended, kind }) => ended === null && kind !== "command")
    .map((script) => ofScript(script, "boot", processes));
  const { awaited } = container;
  if (awaited !== null) {
    const { since, until } = awaited;
    const late = awaited.names.filter((name) => !hasCome(services.find((service) => service.name === name)));
    if (late.length > 0) {
      const then = until === null ? null : "the boot goes on without them, and counts as failed";
      waits.push({
        for: `services to be up, or ready where they notify: ${late.join(", ")}`,
        by: "boot",
        since,
        until,
        then,
      });
    }
  }
  const cure = waits.some(({ until }) => until === null)
    ? "the boot goes on when that has ended: have scripts limit what they wait for, as with timeout 30 COMMAND"
    : null;
  return { waits, cure };
}

function hasCome(service: ServiceSnapshot | undefined): boolean {
  return service?.state === "up" && service.ready !== false;
}

function ofStop({ container, scripts, services }: Snapshot, processes: ProcessesSeen): Told {
  const { state, since, stopEnds: until } = container;
  const waits: Wait[] = scripts.filter(({ ended, kind }) =>
    ended === null && (kind !== "command" || state === "interrupted")
  )
    .map((script) => ({ ...ofScript(script, "stop", processes), until, then: END_OF_STOP }));
  const living = services.filter(({ state }) => state === "up" || state === "starting" || state === "finishing");
  if (state !== "lastSignals" && living.length > 0) {
    const what = `services to end: ${
      living.map(({ name, pid }) => pid === null ? name : `${name} (pid ${pid})`).join(", ")
    }`;
    waits.push({ for: what, by: "stop", since, until, then: END_OF_STOP });
  }
  if (state === "lastSignals") {
    const left = processes.remaining();
    if (left.length > 0) {
      waits.push({ for: `processes to end: ${listed(left)}`, by: "stop", since, until, then: END_OF_STOP });
    }
  }
  return { waits, cure: null };
}

const END_OF_STOP = "the stop is over";

function ofScript({ kind, name, pid, started }: ScriptSnapshot, by: Wait["by"], processes: ProcessesSeen): Wait {
  const shown = kind === "task" ? name : `${kind}/${name}`;
  const deepest = processes.deepestOf(pid);
  return {
    for: `the end of ${shown} (pid ${pid})${atWork(deepest, pid)}`,
    by,
    since: started,
    until: null,
    then: null,
  };
}

/** ", whose process psql (pid 12) waits for the network" */
function atWork(deepest: ProcessAtWork | undefined, pid: number): ByteString {
  if (deepest === undefined) return "";
  const { stat, activity = "runs" } = deepest;
  return stat.pid === pid ? `, which ${activity}` : `, whose process ${stat.name} (pid ${stat.pid}) ${activity}`;
}

function listed(processes: readonly ProcessStat[]): ByteString {
  const named = processes.slice(0, MOST_NAMED).map(({ name, pid }) => `${name} (pid ${pid})`).join(", ");
  return processes.length <= MOST_NAMED ? named : `${named}, and ${processes.length - MOST_NAMED} more`;
}
