// The file `essential` in a service directory: the container lives as long as the service does.

import type { Door } from "../os/os.ts";

/**
 * @param held a descriptor of the service directory
 * @throws OsError if it cannot be looked at
 */
export function isEssential(os: { readonly door: Pick<Door, "find"> }, held: number): boolean {
  return os.door.find("essential", held, { links: "refuse" }) !== undefined;
}
