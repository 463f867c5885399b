// The numbers of the resources that setrlimit(2) limits, and what this process itself may have of one.

import { checked } from "./failed_call.ts";
import { base, PLACE, syscall, view } from "./libc.ts";
import type { Resource } from "./operands.ts";
import { SYS } from "./syscall_numbers.ts";

export const RESOURCES: Readonly<Record<Resource, number>> = {
  cpuTime: 0,
  fileSize: 1,
  data: 2,
  stack: 3,
  core: 4,
  resident: 5,
  processes: 6,
  openFiles: 7,
  lockedMemory: 8,
  addressSpace: 9,
};

/**
 * Every descriptor of this process has a number below it.
 * @throws OsError if the system does not tell
 */
export function ownDescriptorLimit(): number {
  checked(syscall(SYS.prlimit64, 0, RESOURCES.openFiles, 0, base + PLACE.result), "read limits");
  return Number(view.getBigUint64(PLACE.result, true));
}
