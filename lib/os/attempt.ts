// What a player has failed at, as the program sees it that the player becomes to tell of it: the plan, read back.

import { checked, osError } from "./failed_call.ts";
import { addressOf, base, PLACE, syscall, view } from "./libc.ts";
import type { Attempts, FailedAttempt } from "./parts.ts";
import { decodeOperation } from "./plan.ts";
import { TOLD } from "./player.ts";
import { SYS } from "./syscall_numbers.ts";

const TO_END = 2; // SEEK_END

/** @throws OsError or Error if the descriptor is not that of a plan */
function readAttempt(plan: number, operation: number, errno: number): FailedAttempt {
  const size = checked(syscall(SYS.lseek, plan, 0, TO_END), "read a plan");
  const bytes = new Uint8Array(new ArrayBuffer(size));
  for (let at = 0; at < size;) {
    const got = checked(syscall(SYS.pread64, plan, addressOf(bytes) + at, size - at, at), "read a plan");
    if (got === 0) break;
    at += got;
  }
  syscall(SYS.close, plan);
  const attempted = decodeOperation(bytes, operation);
  return { ...attempted, error: osError(attempted.action, attempted.object, errno) };
}

/** The process that started the player may not listen any more: that is not reported. */
function tellFailure(report: number, operation: number, errno: number): void {
  [TOLD.failed, operation, errno].forEach((value, index) => view.setUint32(PLACE.result + 4 * index, value, true));
  syscall(SYS.write, report, base + PLACE.result, TOLD.size);
}

export const attempts: Attempts = { readAttempt, tellFailure };
