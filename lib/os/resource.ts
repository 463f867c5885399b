// The numbers of the resources that setrlimit(2) limits.

import type { Resource } from "./os.ts";

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
