// Services and reports for tests, each as a good one with what differs.

import type { ContainerSnapshot, Moment, ServiceSnapshot } from "../../../../lib/overlay/journal/snapshot.ts";
import { exampleService, exampleSnapshot } from "../journal/example_snapshot.ts";
import type { ServiceStatus, StatusReport } from "../../../../lib/overlay/status/status_report.ts";

const DAY = 24 * 60 * 60 * 1000;

/** This many milliseconds after process 1 began, which was a day after 1970 began. */
export function at(after: number): Moment {
  return { time: DAY + after, after };
}

export function serviceLike(changes: Partial<ServiceSnapshot> = {}): ServiceSnapshot {
  const directory = `/var/run/s6/services/${changes.name ?? "web"}`;
  return exampleService({ directory, since: at(1000), pid: 10, firstStart: at(900), firstUp: at(1000), ...changes });
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
  return { ...exampleSnapshot().container, state: "idle", since: at(500), booted: at(500), ...changes };
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
    defined: [],
    ...changes,
  };
}
