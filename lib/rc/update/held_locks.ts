// Locks that outlast the program: what this process becomes has them too.

import type { ByteString } from "../../bytes.ts";
import type { LockWish, Os } from "../../os/os.ts";
import { type LockPorts, takeLock } from "../lock.ts";

/** Takes the lock of the directory, which this process then has to its end. @throws OsError EBUSY */
export function holdLock(os: LockPorts & Pick<Os, "setCloseOnExec">, directory: ByteString, wish: LockWish): void {
  os.setCloseOnExec(takeLock(os, directory, wish), false);
}
