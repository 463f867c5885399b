// What `s6-overlay status` tells, as a value: its JSON form, and what its table is made of.

import type { ByteString } from "../../bytes.ts";
import { faultOfContainer, isAsWanted, isNotStarted, standsForServices } from "../journal/health.ts";
import type { ContainerSnapshot, Moment, ServiceSnapshot, Snapshot } from "../journal/snapshot.ts";
import type { DefinedService } from "../rc/defined.ts";
import type { Usage } from "./usage.ts";

export const STATUS_VERSION = 1;

/** What `s6-overlay status -j` prints. */
export interface StatusReport {
  /** Of these declarations. */
  readonly version: typeof STATUS_VERSION;
  /** Who tells it; what the disk does not tell is null, or false. */
  readonly source: "process 1" | "disk";
  /** Why it is not process 1; null where it is. */
  readonly note: ByteString | null;
  /** When it was told. */
  readonly now: Moment;
  /** What the exit code 0 stands for. */
  readonly asWanted: boolean;
  /** The container; null where the source is the disk. */
  readonly container: ContainerSnapshot | null;
  /** Services and loggers, in order of name. */
  readonly services: readonly ServiceStatus[];
  /** Oneshots and bundles of s6-rc that were named. */
  readonly defined: readonly DefinedService[];
}

/** A service or a logger, with what process 1 does not tell. */
export interface ServiceStatus extends Omit<ServiceSnapshot, "starts"> {
  /** How often run has been started; null where the source is the disk. */
  readonly starts: number | null;
  /** The same less one. */
  readonly restarts: number | null;
  /** The container lives as long as it does; null if that cannot be read. */
  readonly essential: boolean | null;
  /** Bytes in memory of its processes; what they share counts for each; null without /proc. */
  readonly memory: number | null;
  /** Seconds of processor time of its processes and their ended children; null without /proc. */
  readonly cpu: number | null;
  /** The name of its logger; null where it has none. */
  readonly logger: ByteString | null;
}

/** What process 1 does not tell of a service. */
interface ServiceSurvey {
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
    asWanted: isAllAsWanted(container, told) && !container.notStarted.some(standsForServices),
    container,
    services: told,
    defined: [],
  };
}

/** Of these services alone, and of oneshots and bundles. */
export function reportOnly(
  report: StatusReport,
  names: readonly ByteString[],
  defined: readonly DefinedService[] = [],
): StatusReport {
  const services = report.services.filter(({ name }) => names.includes(name));
  const asWanted = isAllAsWanted(report.container, services) && defined.every(({ asWanted }) => asWanted);
  return { ...report, services, defined, asWanted };
}

function isAllAsWanted(container: StatusReport["container"], services: readonly ServiceStatus[]): boolean {
  const isStopping = container !== null && container.cause !== null;
  return (container === null || faultOfContainer(container) === undefined) &&
    services.every((service) =>
      isAsWanted(service, isStopping) && (container === null || !isNotStarted(container, service.name))
    );
}

/** The name of the logger of a service. */
export function loggerNameOf(
  { name }: Pick<ServiceSnapshot, "name">,
  known: ReadonlySet<ByteString>,
): ByteString | null {
  return known.has(`${name}/log`) ? `${name}/log` : null;
}
