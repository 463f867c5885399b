// Where the output of a service goes, as process 1 tells it: for people. Pure.

import type { ByteString } from "../../bytes.ts";
import { CATCH_ALL } from "../../supervise/scan.ts";
import type { ServiceSnapshot, Snapshot } from "../journal/snapshot.ts";
import { PATHS } from "../paths.ts";
import { SETTINGS } from "../settings.ts";

/** What is needed of a service, and of its logger. */
type Logging = Pick<ServiceSnapshot, "name" | "isLogger" | "pid" | "directory">;

type OutputPlace<Logger extends Logging = ServiceSnapshot> =
  | { readonly to: "logger"; readonly logger: Logger }
  | { readonly to: "catch-all logger" | "container" };

interface Told<Logger> {
  readonly services: readonly Logger[];
  readonly container: Pick<Snapshot["container"], "logging">;
}

/** Where the standard output of a service goes. */
export function outputPlaceOf<Logger extends Logging>(
  name: ByteString,
  { services, container }: Told<Logger>,
): OutputPlace<Logger> {
  const logger = services.find((service) => service.isLogger && service.name === `${name}/log`);
  return logger === undefined ? uncaughtPlaceOf(name, { services, container }) : { to: "logger", logger };
}

/** Where output goes that no logger of the service's own takes, as its standard error. */
export function uncaughtPlaceOf(
  name: ByteString,
  { services, container }: Told<Pick<Logging, "name">>,
): { readonly to: "catch-all logger" | "container" } {
  // One that has failed is not among the services any more.
  const isCaught = container.logging > 0 && services.some((service) => service.name === CATCH_ALL);
  return { to: isCaught && name !== CATCH_ALL ? "catch-all logger" : "container" };
}

/** The command that shows the log of a service, or that of the catch-all logger. */
export function logsCommand(name: ByteString): ByteString {
  return `s6-overlay logs ${name}`;
}

/** The line about a service that has no logger. */
export function withoutLogger(name: ByteString, { to }: Pick<OutputPlace, "to">): ByteString {
  const where = to === "container"
    ? "its output is the container's own (docker logs, kubectl logs)"
    : `its output goes to the catch-all logger, in ${PATHS.uncaughtLogs}, as ${SETTINGS.logging.variable} says: ` +
      `see ${logsCommand(CATCH_ALL)}`;
  return `${name} has no logger: ${where}`;
}
