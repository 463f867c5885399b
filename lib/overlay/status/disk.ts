// The state of services as their supervisors have written it to disk: for where process 1 does not tell it.

import type { ByteString } from "../../bytes.ts";
import type { Door, Instant, Os } from "../../os/os.ts";
import { unlessRefused } from "../../report.ts";
import { bareSignalName } from "../../signals.ts";
import { isSupervised, statusIn } from "../../supervise/client.ts";
import { type DeathRecord, decodeDeaths } from "../../supervise/death_tally.ts";
import { isUp, type Status } from "../../supervise/status.ts";
import { CATCH_ALL } from "../../supervise/scan.ts";
import { isAsWanted } from "../journal/health.ts";
import type { Moment, ServiceStanding } from "../journal/snapshot.ts";
import { loggerNameOf, type ServiceStatus, STATUS_VERSION, type StatusReport } from "./status_report.ts";
import type { Usage } from "./usage.ts";
import { tellsReadiness } from "../../supervise/readiness_files.ts";

type StatusFiles = Pick<Os, "open" | "close" | "lockOwner" | "listDirectory" | "find" | "now"> & {
  readonly door: Pick<Door, "hold" | "readWhole">;
};

/** Bytes: no file that a supervisor keeps has as many. */
const MOST = 1 << 17;

/** A service as its files tell of it. */
interface StatusOnDisk {
  readonly name: ByteString;
  readonly directory: ByteString;
  readonly isSupervised: boolean;
  readonly status: Status;
  readonly deaths: readonly DeathRecord[];
  readonly notifies: boolean;
  readonly essential: boolean;
}

/**
 * Undefined where nothing in the scan directory is supervised.
 * @param usage what the processes of the service with this pid use
 */
export function statusOnDisk(
  os: StatusFiles,
  scanDirectory: ByteString,
  note: ByteString,
  usage: (pids: ReadonlySet<number>) => ReadonlyMap<number, Usage>,
): StatusReport | undefined {
  const found = servicesIn(os, scanDirectory);
  if (!found.some(({ isSupervised }) => isSupervised)) return undefined;
  const used = usage(new Set(found.map(({ status }) => status.pid).filter((pid) => pid > 1)));
  const known = new Set(found.map(({ name }) => name));
  const services = found.map((service) => statusOf(service, used, known));
  return {
    version: STATUS_VERSION,
    source: "disk",
    note,
    now: momentOf(os.now()),
    asWanted: services.every((service) => isAsWanted(service, false)),
    container: null,
    services,
    defined: [],
  };
}

function servicesIn(os: StatusFiles, scanDirectory: ByteString): StatusOnDisk[] {
  const names = unlessRefused(() => os.listDirectory(scanDirectory)) ?? [];
  const services = names.filter((name) => !name.startsWith(".")).flatMap((name) => [name, `${name}/log`]);
  return services.sort().flatMap((name) => unlessRefused(() => readService(os, scanDirectory, name)) ?? []);
}

function readService(os: StatusFiles, scanDirectory: ByteString, name: ByteString): StatusOnDisk {
  const directory = `${scanDirectory}/${name}`;
  return {
    name,
    directory,
    status: statusIn(readKept(os, `${directory}/supervise/status`), directory),
    isSupervised: isSupervised(os, directory),
    deaths: decodeDeaths(unlessRefused(() => readKept(os, `${directory}/supervise/death_tally`)) ?? "") ?? [],
    notifies: tellsReadiness((file) => os.find(`${directory}/${file}`) !== undefined),
    essential: os.find(`${directory}/essential`) !== undefined,
  };
}

/** The directory may be another user's: nothing is waited for, and nothing but a regular file is read. */
function readKept(os: StatusFiles, path: ByteString): ByteString {
  const slash = path.lastIndexOf("/");
  const held = os.door.hold(path.slice(0, slash));
  try {
    return os.door.readWhole(path.slice(slash + 1), MOST, held);
  } finally {
    os.close(held);
  }
}

function statusOf(
  { name, directory, isSupervised, status, deaths, notifies, essential }: StatusOnDisk,
  usage: ReadonlyMap<number, Usage>,
  known: ReadonlySet<ByteString>,
): ServiceStatus {
  const state = isSupervised ? standingOf(status) : "unsupervised";
  const used = isSupervised ? usage.get(status.pid) : undefined;
  const [death] = deaths.slice(-1);
  return {
    name,
    directory,
    isLogger: name.endsWith("/log") || name === CATCH_ALL,
    state,
    since: momentOf(status.stamp),
    wanted: status.wantedUp ? "up" : "down",
    pid: isSupervised && status.pid > 0 ? status.pid : null,
    notifies,
    ready: state === "up" && notifies ? status.ready : null,
    starts: null,
    restarts: null,
    firstStart: null,
    firstUp: null,
    firstReady: null,
    lastExit: death === undefined ? null : { ...exitOfDeath(death), at: momentOf(death.stamp), told: false },
    looping: false,
    failed: false,
    paused: status.paused,
    nextStart: null,
    killedAt: null,
    toldToEnd: null,
    leaving: false,
    reloading: null,
    watchdogEnds: null,
    said: null,
    ignoredMessages: null,
    trouble: null,
    essential,
    memory: used?.memory ?? null,
    cpu: used?.cpu ?? null,
    logger: loggerNameOf({ name }, known),
  };
}

function standingOf(status: Status): ServiceStanding {
  if (isUp(status)) return "up";
  return status.finishing ? "finishing" : "down";
}

function exitOfDeath({ code, signal }: DeathRecord): { readonly code: number | null; readonly signal: string | null } {
  return signal === 0 ? { code, signal: null } : { code: null, signal: bareSignalName(signal) };
}

/** There is no process 1 to count from: both clocks are that of the day. */
function momentOf({ seconds, nanoseconds }: Instant): Moment {
  const time = seconds * 1000 + Math.floor(nanoseconds / 1e6);
  return { time, after: time };
}
