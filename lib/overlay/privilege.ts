// What this process may do. Root in a container may have lost what usually makes root: --cap-drop.

import type { ByteString } from "../bytes.ts";
import type { Credentials } from "../os/operands.ts";
import type { Os } from "../os/os.ts";
import { ifThere } from "../report.ts";

const SETGID = 6n;
const SETUID = 7n;

/** True if this process may become another user, or if that is unknown because there is no /proc. */
export function mayBecomeAnother(os: Pick<Os, "readFile">): boolean {
  const status = read(os, "/proc/self/status");
  if (status === undefined) return true;
  const capabilities = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
  return [SETGID, SETUID].every((capability) => (capabilities >> capability & 1n) === 1n);
}

/** False if the user namespace has no such ids, as one that has those of a single user. True without /proc. */
export function knowsIds(os: Pick<Os, "readFile">, { uid, gid }: Pick<Credentials, "uid" | "gid">): boolean {
  return isMapped(read(os, "/proc/self/uid_map"), uid) && isMapped(read(os, "/proc/self/gid_map"), gid);
}

function read(os: Pick<Os, "readFile">, path: ByteString): ByteString | undefined {
  return ifThere(() => os.readFile(path), "ENOTDIR", "EACCES");
}

/** Lines of: the first id here, the first one outside, how many. */
function isMapped(map: ByteString | undefined, id: number): boolean {
  if (map === undefined) return true;
  return map.split("\n").some((line) => {
    const [first = NaN, , count = NaN] = line.trim().split(/\s+/).map(Number);
    return id >= first && id - first < count;
  });
}
