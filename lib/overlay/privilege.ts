// What this process may do. Root in a container may have lost what usually makes root: --cap-drop.

import type { ByteString } from "../bytes.ts";
import type { Os } from "../os/os.ts";
import { isErrno } from "../report.ts";

const SETGID = 6n;
const SETUID = 7n;

/** True if this process may become another user, or if that cannot be told because there is no /proc. */
export function mayBecomeAnother(os: Pick<Os, "readFile">): boolean {
  let status: ByteString;
  try {
    status = os.readFile("/proc/self/status");
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR", "EACCES")) return true;
    throw error;
  }
  const capabilities = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
  return [SETGID, SETUID].every((capability) => (capabilities >> capability & 1n) === 1n);
}
