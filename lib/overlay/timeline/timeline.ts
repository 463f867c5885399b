// The timeline of a boot, from what process 1 knows: each script and service from its start until it had ended, or was up
// or ready, and which of them the boot took its time for. The forms for people (text_form.ts, svg_form.ts) show it.

import type { ByteString } from "../../bytes.ts";
import type { Exit, ScriptSnapshot, ServiceSnapshot, Snapshot } from "../journal/snapshot.ts";

/** The version of the JSON form. A field is added without a new one; a new one says that something has another meaning. */
const TIMELINE_VERSION = 1;

type RowKind = "cont-init.d" | "task" | "command" | "service" | "logger";

type RowState = "running" | "ended" | "failed" | "not started" | "starting" | "up" | "ready";

/** A script, a service or the command. Moments are milliseconds since process 1 began. */
export interface TimelineRow {
  /** "task" is a helper of process 1. */
  readonly kind: RowKind;
  /** A script's file name, a service as "web" or "web/log", the first word of the command. */
  readonly name: ByteString;
  /** When it was started first; null: it has not been. */
  readonly from: number | null;
  /** When it had ended, or was first up, or ready where it notifies; of the command its start. Null: not yet. */
  readonly to: number | null;
  /**
   * Of scripts and the command: "running", "ended", or "failed": it exited with another code than 0, or was killed. Of
   * services: "not started", "starting", "up", "ready" where it notifies readiness, or "failed": it ends by itself again
   * and again, or for good, or could not be started.
   */
  readonly state: RowState;
  /** Of what has ended or failed; else null. */
  readonly exit: Exit | null;
  /** It is on the critical path: had it been faster, the boot would have been. */
  readonly critical: boolean;
}

/** What `s6-overlay timeline -j` prints. Moments are milliseconds since process 1 began, by a clock that is never set. */
export interface Timeline {
  /** Of these declarations. */
  readonly version: typeof TIMELINE_VERSION;
  /** When process 1 began, in milliseconds since the epoch, by the clock of now. */
  readonly began: number;
  /** The moment of the answer. */
  readonly now: number;
  /** When the boot ended; null as long as it goes on. */
  readonly end: number | null;
  /** "broken off": it failed, or a stop interrupted it. */
  readonly outcome: "booting" | "booted" | "broken off";
  /** Why it was broken off; else null. */
  readonly cause: ByteString | null;
  /** How much of the boot is no row's of the critical path: what the overlay itself took. */
  readonly own: number;
  /** In order of their start; what has not been started comes last. */
  readonly rows: readonly TimelineRow[];
}

/** Milliseconds behind the end of the boot: what is started first later than that was not started by the boot. */
const STARTED_BY_BOOT = 1000;
/** How much of the axis is for what goes on behind everything else. */
const ROOM_FOR_OPEN = 0.15;

type Row = Omit<TimelineRow, "critical">;
/** A service that is awaited and is not there is the one that is waited for. */
interface Wait {
  readonly names: readonly ByteString[];
  readonly from: number;
  /** Infinity: it goes on. */
  readonly to: number;
}

export function timelineOf({ now, container, services, scripts }: Snapshot): Timeline {
  const { booted, bootEnded, cause } = container;
  const end = bootEnded?.after ?? null;
  const last = end ?? now.after;
  const scriptRows = scripts.filter((script) => isOfBoot(script, last)).map(rowOfScript);
  const serviceRows = services.filter((service) => isStartedByBoot(service, last)).map(rowOfService);
  const path = criticalPath(scriptRows, serviceRows, container, last);
  const rows = [...scriptRows, ...serviceRows]
    .map((row): TimelineRow => ({ ...row, critical: path.has(row) }))
    .sort((one, other) => start(one) === start(other) ? 0 : start(one) - start(other));
  return {
    version: TIMELINE_VERSION,
    began: Math.round(now.time - now.after),
    now: now.after,
    end,
    outcome: end === null ? "booting" : booted === null ? "broken off" : "booted",
    cause: end !== null && booted === null ? cause : null,
    own: hundredths(last - covered(rows.filter(({ critical }) => critical), last)),
    rows,
  };
}

/** Where the axis ends that shows all of it. */
export function lengthOf({ now, end, rows }: Pick<Timeline, "now" | "end" | "rows">): number {
  let known = end ?? now;
  for (const { from, to } of rows) known = Math.max(known, from ?? 0, to ?? 0);
  const open = rows.some(({ from, to }) => from !== null && to === null);
  return Math.max(1, open ? Math.max(known, Math.min(now, known * (1 + ROOM_FOR_OPEN))) : known);
}

/** Scripts of the stop, and helpers that were started behind the boot, are not of it. */
function isOfBoot({ kind, started }: ScriptSnapshot, last: number): boolean {
  return kind === "command" || kind !== "cont-finish.d" && started.after < last;
}

function isStartedByBoot({ firstStart, wanted }: ServiceSnapshot, last: number): boolean {
  return firstStart === null ? wanted === "up" : firstStart.after <= last + STARTED_BY_BOOT;
}

function rowOfScript({ kind, name, started, ended, exit }: ScriptSnapshot): Row {
  const isGood = exit?.code === 0;
  return {
    kind: kind === "cont-finish.d" ? "task" : kind,
    name,
    from: started.after,
    to: kind === "command" ? started.after : ended?.after ?? null,
    state: exit === null ? "running" : isGood ? "ended" : "failed",
    exit,
  };
}

function rowOfService(service: ServiceSnapshot): Row {
  const { name, isLogger, firstStart, firstUp, firstReady, notifies, lastExit } = service;
  const reached = notifies ? firstReady : firstUp;
  const state = stateOf(service, reached !== null);
  return {
    kind: isLogger ? "logger" : "service",
    name,
    from: firstStart?.after ?? null,
    to: reached?.after ?? null,
    state,
    exit: state === "failed" && lastExit !== null ? { code: lastExit.code, signal: lastExit.signal } : null,
  };
}

function stateOf(service: ServiceSnapshot, reached: boolean): RowState {
  const { firstStart, firstUp, trouble, notifies, looping, failed } = service;
  if (firstStart === null) return "not started";
  if (looping || failed || firstUp === null && trouble !== null) return "failed";
  if (!reached) return "starting";
  return notifies ? "ready" : "up";
}

function waitOf({ awaited, waited }: Snapshot["container"]): Wait | undefined {
  if (awaited !== null) return { names: awaited.names, from: awaited.since.after, to: Infinity };
  return waited === null ? undefined : { names: waited.names, from: waited.from.after, to: waited.to.after };
}

/**
 * From the end back to the begin: the services that the boot waited for to the last, or those of its order in generation 3,
 * and before them the scripts, each of which had to end for the next one to begin.
 */
function criticalPath(
  scripts: readonly Row[],
  services: readonly Row[],
  container: Snapshot["container"],
  last: number,
): ReadonlySet<Row> {
  const path = new Set<Row>();
  let cursor = last;
  const wait = waitOf(container);
  if (container.path.length > 0) {
    for (const row of ordered(scripts, services, container.path, wait)) path.add(row);
    cursor = container.path[0]!.from.after;
  } else if (wait !== undefined && wait.names.length > 0) {
    for (const row of lastOf(services, wait)) path.add(row);
    cursor = wait.from;
  }
  const till = ({ to }: Row): number => Math.min(to ?? Infinity, last);
  const sequence = scripts.filter(({ kind }) => kind !== "command").sort((one, other) => till(other) - till(one));
  for (const row of sequence) {
    if (till(row) > cursor) continue;
    path.add(row);
    cursor = start(row);
  }
  return path;
}

/** The rows of these services; the steps of generation 2 have those of their scripts, and of the services waited for. */
function ordered(
  scripts: readonly Row[],
  services: readonly Row[],
  path: Snapshot["container"]["path"],
  wait: Wait | undefined,
): readonly Row[] {
  return path.flatMap(({ name, kind }) => {
    if (kind === "cont-init.d") return scripts.filter((row) => row.kind === kind);
    if (kind === "services.d") return wait === undefined ? [] : lastOf(services, wait);
    const rows = kind === "longrun" ? services : scripts.filter((row) => row.kind === "task");
    return rows.filter((row) => row.name === name);
  });
}

/** Those that were missing when the wait ended; else those that were the last to come. */
function lastOf(services: readonly Row[], { names, to }: Wait): readonly Row[] {
  const known = new Set(names);
  const awaited = services.filter(({ name }) => known.has(name));
  const missing = awaited.filter((row) => row.to === null || row.to > to);
  if (missing.length > 0) return missing;
  const latest = awaited.reduce((most, row) => Math.max(most, row.to ?? 0), 0);
  return awaited.filter((row) => row.to === latest);
}

/** How much of the time before the end these take; what two of them take at once counts once. */
function covered(rows: readonly TimelineRow[], last: number): number {
  let [sum, cursor] = [0, 0];
  for (const row of rows) {
    if (row.from === null) continue;
    const till = Math.min(row.to ?? last, last);
    sum += Math.max(0, till - Math.max(cursor, row.from));
    cursor = Math.max(cursor, till);
  }
  return sum;
}

function start({ from }: Pick<Row, "from">): number {
  return from ?? Infinity;
}

function hundredths(milliseconds: number): number {
  return Math.round(Math.max(0, milliseconds) * 100) / 100;
}
