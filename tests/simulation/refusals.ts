// Errors of simulated calls.

import { OsError } from "../../lib/report.ts";

export const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "No such file or directory",
  ENOSPC: "No space left on device",
};

/** Made once each: failures come by the million. */
const REFUSALS = new Map<string, OsError>();

export function refuse(action: string, object: string, errno: string): never {
  const key = `${action} ${object} ${errno}`;
  const known = REFUSALS.get(key);
  if (known !== undefined) throw known;
  const refusal = new OsError(action, object, errno, REASONS[errno] ?? errno);
  REFUSALS.set(key, refusal);
  throw refusal;
}
