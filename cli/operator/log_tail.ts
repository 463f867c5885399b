// The last lines that a service has logged, for people who look at it.

import { type ByteString, byteString } from "../../lib/bytes.ts";
import type { Os } from "../../lib/os/os.ts";
import { lastLines, type LogPlace, logPlaceOf } from "../../lib/overlay/status/log_place.ts";
import type { ServiceStatus, StatusReport } from "../../lib/overlay/status/status_report.ts";
import { printable } from "../../lib/printable.ts";
import { isErrno, OsError, unlessRefused } from "../../lib/report.ts";

type LogOs = Pick<Os, "open" | "close" | "fstat" | "seek" | "read" | "readFile">;

/** As much of a log is read. */
const TAIL = 64 * 1024;

/** What it is, and its lines, fit for a terminal. */
export interface LogTail {
  readonly title: ByteString;
  readonly lines: readonly ByteString[];
}

export function logTailOf(
  os: LogOs,
  { services, container }: StatusReport,
  service: ServiceStatus,
  most: number,
): LogTail {
  const logger = service.isLogger ? service : services.find(({ name }) => name === service.logger);
  const commandLine = logger?.pid == null ? undefined : unlessRefused(() => os.readFile(`/proc/${logger.pid}/cmdline`));
  const place = logPlaceOf(service, commandLine, container?.logging ?? 0);
  const name = printable(service.name);
  if (place.in !== "directory") return { title: `${name}: ${ELSEWHERE[place.in]}`, lines: [] };
  const path = `${place.path}/current`;
  try {
    return { title: `${name}: ${printable(path)}`, lines: tailOf(os, path, most).map(printable) };
  } catch (error) {
    if (isErrno(error, "ELOOP")) return { title: `${name}: ${printable(path)} is a link`, lines: [] };
    if (error instanceof OsError) return { title: `${name}: ${printable(error.message)}`, lines: [] };
    throw error;
  }
}

const ELSEWHERE: Readonly<Record<Exclude<LogPlace["in"], "directory">, string>> = {
  container: "it prints on the container's output: docker logs shows it",
  unknown: "its logger does not run, or is not s6-log on a directory",
};

/** The user that writes the log can put a link or a fifo there: neither is followed nor waited for. */
function tailOf(os: LogOs, path: ByteString, most: number): ByteString[] {
  const fd = os.open(path, ["read", "nonblocking", "nofollow"]);
  try {
    const { size } = os.fstat(fd);
    const first = Math.max(0, size - TAIL);
    if (first > 0) os.seek(fd, first);
    const room = new Uint8Array(new ArrayBuffer(TAIL));
    return lastLines(byteString(room.subarray(0, os.read(fd, room))), most, first === 0);
  } finally {
    os.close(fd);
  }
}
