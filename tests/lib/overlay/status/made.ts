// Services and reports for tests, each as a good one with what differs.

import type { ContainerSnapshot, Moment, ServiceSnapshot } from "../../../../lib/overlay/journal/snapshot.ts";
import type { ServiceStatus, StatusReport } from "../../../../lib/overlay/status/status_report.ts";

const DAY = 24 * 60 * 60 * 1000;

/** This many milliseconds after process 1 began, which was a day after 1970 began. */
export function at(after: number): Moment {
  return { time: DAY + after, after };
}

export function serviceLike(changes: Partial<ServiceSnapshot> = {}): ServiceSnapshot {
  return {
    name: "web",
    directory: `/var/run/s6/services/${changes.name ?? "web"}`,
    isLogger: false,
    state: "up",
    since: at(1000),
    wanted: "up",
    pid: 10,
    ready: null,
    starts: 1,
    firstStart: at(900),
    firstUp: at(1000),
    firstReady: null,
    lastExit: null,
    looping: false,
    failed: false,
    paused: false,
    nextStart: null,
    killedAt: null,
    trouble: null,
    ...changes,
  };
}

export function statusLike(changes: Partial<ServiceStatus> = {}): ServiceStatus {
  const { starts, ...more } = changes;
  return {
    ...serviceLike(),
    starts: starts ?? 1,
    restarts: 0,
    essential: false,
    memory: 1_300_000,
    cpu: 0.25,
    logger: null,
    ...more,
  };
}

export function containerLike(changes: Partial<ContainerSnapshot> = {}): ContainerSnapshot {
  return {
    state: "idle",
    since: at(500),
    booted: at(500),
    cause: null,
    stopEnds: null,
    awaited: null,
    logging: 0,
    output: "plain",
    pid: 1,
    ...changes,
  };
}

/** At ten seconds. */
export function reportLike(services: readonly ServiceStatus[], changes: Partial<StatusReport> = {}): StatusReport {
  return {
    version: 1,
    source: "process 1",
    note: null,
    now: at(10_000),
    asWanted: true,
    container: containerLike(),
    services,
    ...changes,
  };
}
