// s6-svscan: keeps a supervisor on each service directory in a scan directory. All the supervisors are objects in this
// one process; what they leave on disk is what the programs of s6 expect.

import { RunningScanner } from "./running_scanner.ts";
import type { SupervisePorts } from "./ports.ts";
import type { Scanner, ScannerOptions } from "./scanner_port.ts";

/**
 * Takes the lock and the control fifo, scans for the first time and starts what it finds.
 * @throws Failure if another scanner runs here, OsError if the directory cannot be used
 */
export function openScanner(ports: SupervisePorts, options: ScannerOptions): Scanner {
  const scanner = new RunningScanner(ports, options);
  scanner.rescan();
  return scanner;
}
