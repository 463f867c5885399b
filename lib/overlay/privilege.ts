// What this process may do. Root in a container may have lost what usually makes root: --cap-drop.

import type { Os } from "../os/os.ts";

const SETGID = 6n;
const SETUID = 7n;

/** True if this process may become another user. */
export function mayBecomeAnother(os: Pick<Os, "readFile">): boolean {
  const capabilities = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(os.readFile("/proc/self/status"))?.[1] ?? "0"}`);
  return [SETGID, SETUID].every((capability) => (capabilities >> capability & 1n) === 1n);
}
