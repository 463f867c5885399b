// A service that a scan has found, with the logger that it has, if it has one: what supervises them.

import type { Streams } from "./child.ts";
import { LogPipe } from "./log_pipe.ts";
import { Pair } from "./pair.ts";
import { type ScannerPorts, SupervisedService } from "./supervised_service.ts";
import { CATCH_ALL, findLogger, type FoundService } from "./scan.ts";

/**
 * @param catchAll the standard descriptors of a catch-all logger, where they differ from those of other services
 * @throws OsError if the directory cannot be read, or there is no pipe to be had
 */
export function makePair(scanner: ScannerPorts, found: FoundService, catchAll: Streams | undefined): Pair {
  const { os } = scanner.ports;
  const logger = findLogger(os, found);
  if (logger === undefined) {
    const isLogger = found.name === CATCH_ALL;
    const streams = isLogger ? catchAll : undefined;
    const service = new SupervisedService(scanner, found.directory, { name: found.name, isLogger, streams });
    return new Pair(found.key, service, undefined, undefined);
  }
  const pipe = new LogPipe(os);
  return new Pair(
    found.key,
    new SupervisedService(scanner, found.directory, {
      name: found.name,
      isLogger: false,
      pipe: { pipe, end: "write" },
    }),
    new SupervisedService(scanner, logger.directory, {
      name: logger.name,
      isLogger: true,
      pipe: { pipe, end: "read" },
    }),
    pipe,
  );
}
