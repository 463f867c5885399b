// The file `essential` in a service directory: the container lives as long as the service does.

import type { ByteString } from "../bytes.ts";
import type { Door, Os } from "../os/os.ts";

/** @throws OsError if the directory cannot be read */
export function isEssential(
  os: Pick<Os, "close"> & { readonly door: Pick<Door, "hold" | "find"> },
  directory: ByteString,
): boolean {
  const held = os.door.hold(directory);
  try {
    return os.door.find("essential", held, { links: "refuse" }) !== undefined;
  } finally {
    os.close(held);
  }
}
