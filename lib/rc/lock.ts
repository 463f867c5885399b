// The locks of live directories and databases: record locks on a file lock, which keep two changes apart.

import type { ByteString } from "../bytes.ts";
import { systemError } from "../errno.ts";
import type { LockWish, Os } from "../os/os.ts";
import { about } from "../report.ts";

/** Of a live directory's lock: who can open it can hold it, and keeps all changes away, those of the stop too. */
export const LIVE_LOCK_MODE = 0o600;

export type LockPorts = Pick<Os, "open" | "close" | "lock">;

/**
 * Takes the lock of the directory, exclusive and at once unless a wish says otherwise.
 * @returns the descriptor that holds it
 */
export function takeLock(os: LockPorts, directory: ByteString, wish: LockWish): number {
  return about("take lock on", directory, () => {
    const file = `${directory}/lock`;
    const fd = wish.shared
      ? os.open(file, ["read", "nonblocking"])
      : os.open(file, ["readwrite", "create", "truncate", "nonblocking"], 0o644);
    try {
      if (os.lock(fd, wish)) return fd;
    } catch (error) {
      os.close(fd);
      throw error;
    }
    os.close(fd);
    throw systemError("take lock on", directory, "EBUSY");
  });
}
