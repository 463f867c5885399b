// Where what a service prints can be read: in the directory that its logger writes, by the logger's command line; in that
// of the catch-all logger; or nowhere in the container.

import type { ByteString } from "../../bytes.ts";
import { baseName } from "../../image/locate.ts";
import { CATCH_ALL } from "../../supervise/scan.ts";
import { PATHS } from "../paths.ts";

export type LogPlace =
  | { readonly in: "directory"; readonly path: ByteString }
  /** Its logger runs, but not as s6-log on a directory. */
  | { readonly in: "unknown" }
  | { readonly in: "container" };

const LOGGER = "s6-log";

/** The first directory that an s6-log of these words writes; undefined if there is none, or it is another program. */
export function logDirectoryOf(commandLine: ByteString): ByteString | undefined {
  const [program = "", ...words] = commandLine.replace(/\0+$/, "").split("\0");
  if (baseName(program) !== LOGGER) return undefined;
  // Directives of a logging script begin with one of these only where they are directories.
  return words.find((word) => word.startsWith("/"));
}

/**
 * @param service the service, or the logger itself
 * @param logger the command line of its logger; undefined where it has none, or that does not run
 * @param logging the setting
 */
export function logPlaceOf(
  service: { readonly name: ByteString; readonly logger: ByteString | null; readonly isLogger: boolean },
  logger: ByteString | undefined,
  logging: number,
): LogPlace {
  if (service.name === CATCH_ALL) return { in: "directory", path: PATHS.uncaughtLogs };
  if (service.logger !== null || service.isLogger) {
    const path = logger === undefined ? undefined : logDirectoryOf(logger);
    return path === undefined ? { in: "unknown" } : { in: "directory", path };
  }
  return logging > 0 ? { in: "directory", path: PATHS.uncaughtLogs } : { in: "container" };
}

/** The last lines of a text; what stands before the first whole one is left out where it is not all. */
export function lastLines(text: ByteString, most: number, isWhole: boolean): ByteString[] {
  const lines = text.replace(/\n$/, "").split("\n");
  const whole = isWhole ? lines : lines.slice(1);
  return text === "" ? [] : whole.slice(Math.max(0, whole.length - most));
}
