// What `s6-overlay status` tells, as a value: its JSON form, and what its table is made of. status_schema.ts says what
// each field means.

import type { ByteString } from "../../bytes.ts";
import { faultOfContainer, faultOfService } from "../journal/health.ts";
import type { ContainerSnapshot, Moment, ServiceSnapshot, Snapshot } from "../journal/snapshot.ts";
import type { Usage } from "./usage.ts";

export const STATUS_VERSION = 1;

export interface StatusReport {
  readonly version: typeof STATUS_VERSION;
  readonly source: "process 1" | "disk";
  readonly note: ByteString | null;
  readonly now: Moment;
  readonly asWanted: boolean;
  readonly container: ContainerSnapshot | null;
  readonly services: readonly ServiceStatus[];
}

export interface ServiceStatus extends Omit<ServiceSnapshot, "starts"> {
  readonly starts: number | null;
  readonly restarts: number | null;
  readonly essential: boolean | null;
  readonly memory: number | null;
  readonly cpu: number | null;
  readonly logger: ByteString | null;
}

/** What process 1 does not tell of a service. */
export interface ServiceSurvey {
  readonly essential: boolean | null;
  readonly usage: Usage | undefined;
}

/** @param survey what is known of a service besides */
export function statusReport(
  { now, container, services }: Snapshot,
  survey: (service: ServiceSnapshot) => ServiceSurvey,
): StatusReport {
  const known = new Set(services.map(({ name }) => name));
  const told = services.map((service) => {
    const { essential, usage } = survey(service);
    return {
      ...service,
      restarts: Math.max(0, service.starts - 1),
      essential,
      memory: usage?.memory ?? null,
      cpu: usage?.cpu ?? null,
      logger: loggerNameOf(service, known),
    };
  });
  return {
    version: STATUS_VERSION,
    source: "process 1",
    note: null,
    now,
    asWanted: isAllAsWanted(container, told),
    container,
    services: told,
  };
}

/** Of these services alone. */
export function reportOnly(report: StatusReport, names: readonly ByteString[]): StatusReport {
  const services = report.services.filter(({ name }) => names.includes(name));
  return { ...report, services, asWanted: isAllAsWanted(report.container, services) };
}

function isAllAsWanted(container: StatusReport["container"], services: readonly ServiceStatus[]): boolean {
  return (container === null || faultOfContainer(container) === undefined) && services.every(isAsWanted);
}

/** The name of the logger of a service. */
export function loggerNameOf(
  { name }: Pick<ServiceSnapshot, "name">,
  known: ReadonlySet<ByteString>,
): ByteString | null {
  return known.has(`${name}/log`) ? `${name}/log` : null;
}

/** A service that has failed for good is down, but that was not asked for. */
export function isAsWanted(
  service: Pick<ServiceStatus, "state" | "wanted" | "ready" | "looping" | "failed" | "paused">,
): boolean {
  if (service.failed || service.paused) return false;
  return service.wanted === "up" ? faultOfService(service) === undefined : service.state === "down";
}
