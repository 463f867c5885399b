// The real system, put together.

import { type Caller, readCaller } from "./caller.ts";
import { clocks } from "./clock.ts";
import { descriptors } from "./descriptor.ts";
import { files } from "./file.ts";
import type { Os } from "./os.ts";
import { processes } from "./process.ts";

export interface System {
  readonly caller: Caller;
  readonly os: Os;
}

/** Reads what the launcher left and returns the system of this process. */
export function openSystem(): System {
  const caller = readCaller();
  return { caller, os: { ...files, ...descriptors, ...clocks, ...processes(caller) } };
}
