// How a process ended: from its wait status, and in words.

import { bareSignalName } from "../../signals.ts";
import { exitCode, killedBy, type WaitStatus } from "../../wait_status.ts";
import type { Exit } from "./snapshot.ts";

/** How a process ended, by its wait status. */
export function exitOf(status: WaitStatus): Exit {
  const code = exitCode(status);
  return code === undefined ? { code: null, signal: bareSignalName(killedBy(status)) } : { code, signal: null };
}

/** "exited 3", "killed by KILL". */
export function exitInWords({ code, signal }: Exit): string {
  return signal === null ? `exited ${code}` : `killed by ${signal}`;
}
