// Where the output of a service goes, as process 1 tells it: for people. Pure.

import type { ByteString } from "../../bytes.ts";
import { CATCH_ALL } from "../../supervise/scan.ts";
import type { ServiceSnapshot, Snapshot } from "../journal/snapshot.ts";
import { PATHS } from "../paths.ts";
import { SETTINGS } from "../settings.ts";

/** What is needed of a service, and of its logger. */
type Logging = Pick<ServiceSnapshot, "name" | "isLogger" | "pid" | "directory">;

export type OutputPlace<Logger extends Logging = ServiceSnapshot> =
  | { readonly to: "logger"; readonly logger: Logger }
  | { readonly to: "catch-all logger" | "container" };

interface Told<Logger> {
  readonly services: readonly Logger[];
  readonly container: Pick<Snapshot["container"], "logging">;
}

/** Where a service prints that is not a logger itself. */
export function outputPlaceOf<Logger extends Logging>(
  name: ByteString,
  { services, container }: Told<Logger>,
): OutputPlace<Logger> {
  const logger = services.find((service) => service.isLogger && service.name === `${name}/log`);
  if (logger !== undefined) return { to: "logger", logger };
  // One that has failed is not among the services any more.
  const isCaught = container.logging > 0 && services.some((service) => service.name === CATCH_ALL);
  return { to: isCaught ? "catch-all logger" : "container" };
}

/** The line about a service that has no logger. */
export function withoutLogger(name: ByteString, { to }: Pick<OutputPlace, "to">): ByteString {
  const where = to === "container"
    ? "its output is the container's own (docker logs, kubectl logs)"
    : `its output goes to the catch-all logger, in ${PATHS.uncaughtLogs}, as ${SETTINGS.logging.variable} says: ` +
      `see s6-overlay logs ${CATCH_ALL}`;
  return `${name} has no logger: ${where}`;
}
