// Failed system calls as errors for people.

import type { ByteString } from "../bytes.ts";
import { reasonOf } from "../errno.ts";
import { OsError } from "../report.ts";

const NO_SUCH_CALL = "the kernel is older than Linux 3.17, or a sandbox forbids the system call";

/** The error of a failed call. `number` is the positive errno. */
export function osError(action: string, object: ByteString, number: number): OsError {
  const [name, reason] = reasonOf(number);
  return new OsError(action, object, name, name === "ENOSYS" ? `${reason} (${NO_SUCH_CALL})` : reason);
}

/** A call's result, or its error thrown. */
export function checked(result: number, action: string, object: ByteString = ""): number {
  if (result < 0) throw osError(action, object, -result);
  return result;
}
