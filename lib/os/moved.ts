// Where a container cannot have its state directory in the usual place: the paths that begin with a name of it, as the
// kernel gets them. All else goes by the usual names (lib/overlay/paths.ts), whether scripts, users or the overlay say
// them.

import type { ByteString } from "../bytes.ts";
import { STATE } from "../state_place.ts";

/** Names of the state directory, and what they stand for in it. */
const NAMES: readonly (readonly [name: ByteString, within: ByteString])[] = [
  [STATE, ""],
  ["/run/s6", ""],
  ["/run/service", "/services"],
];

let place: ByteString | undefined;

/** From now on the state directory is this one. Undefined: it is in its usual place. */
export function moveState(to: ByteString | undefined): void {
  place = to;
}

/** The path that the kernel gets for this one. */
export function actualPath(path: ByteString): ByteString {
  if (place === undefined || !path.startsWith("/")) return path;
  for (const [name, within] of NAMES) {
    if (path.startsWith(name) && (path.length === name.length || path[name.length] === "/")) {
      return `${place}${within}${path.slice(name.length)}`;
    }
  }
  return path;
}
