// The last lines that a service has logged, for people who look at it.

import type { ByteString } from "../../lib/bytes.ts";
import type { Os } from "../../lib/os/os.ts";
import { findZone } from "../../lib/log/timezone.ts";
import { type DirectoryPorts, openLogFiles } from "../../lib/overlay/logs/directory_files.ts";
import { endOfLog } from "../../lib/overlay/logs/end_of_log.ts";
import {
  catchAllDirectories,
  type FindingPorts,
  logDirectoriesOf,
  type LogPlace,
} from "../../lib/overlay/logs/log_directories_of.ts";
import { type ShownLine, shownLine } from "../../lib/overlay/logs/log_line.ts";
import { outputPlaceOf, withoutLogger } from "../../lib/overlay/logs/output_place.ts";
import type { ServiceStatus, StatusReport } from "../../lib/overlay/status/status_report.ts";
import { printable } from "../../lib/printable.ts";
import { Failure, OsError, textOf, unlessRefused } from "../../lib/report.ts";

type LogOs = FindingPorts & DirectoryPorts & Pick<Os, "readFile">;

/** More than a screen has. */
const MOST_BYTES = 1024 * 1024;

/** What it is, and its lines, fit for a terminal. */
interface LogTail {
  readonly title: ByteString;
  readonly lines: readonly ByteString[];
}

/** Bytes: what a line has beyond the first number is not shown, beyond the second it counts as several. */
const SHOWN = 4096;

/** @param most how many lines */
export function logTailOf(os: LogOs, report: StatusReport, service: ServiceStatus, most: number): LogTail {
  const name = printable(service.name);
  const place = placeOf(os, report, service);
  if (typeof place === "string") return { title: printable(place), lines: [] };
  try {
    return { title: `${name}: ${printable(place.path)}`, lines: tailOf(os, place, most) };
  } catch (error) {
    if (!(error instanceof OsError || error instanceof Failure)) throw error;
    return { title: `${name}: ${printable(textOf(error))}`, lines: [] };
  }
}

function tailOf(os: LogOs, place: LogPlace, most: number): ByteString[] {
  const zone = findZone(undefined, (path) => unlessRefused(() => os.readFile(path)));
  const files = openLogFiles(os, place, () => {});
  try {
    const show = (line: ByteString): ShownLine => shownLine(line, { written: zone, shown: zone });
    return endOfLog(os, files, show, { lines: most, bytes: MOST_BYTES }).map(({ text }) =>
      printable(text.slice(0, SHOWN))
    );
  } finally {
    files.close();
  }
}

/** The directory that has it, or why there is none. */
function placeOf(os: LogOs, { services, container }: StatusReport, service: ServiceStatus): LogPlace | ByteString {
  const place = service.isLogger
    ? { to: "logger" as const, logger: service }
    : outputPlaceOf(service.name, { services, container: { logging: container?.logging ?? 0 } });
  if (place.to !== "logger") {
    return place.to === "container" ? withoutLogger(service.name, place) : catchAllDirectories(os, services)[0]!;
  }
  return logDirectoriesOf(os, place.logger)[0] ?? `${service.name}: its logger does not run, or writes no directory`;
}
