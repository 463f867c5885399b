// Which longruns can tell when they are ready, as process 1 sees it: through the door.

import type { ByteString } from "../../bytes.ts";
import type { Door, Os } from "../../os/os.ts";
import { LIVE_DIRECTORY } from "../../rc/places.ts";
import { OsError } from "../../report.ts";
import { tellsReadiness } from "../../supervise/readiness_files.ts";

type NotifyingOs = Pick<Os, "close"> & { readonly door: Pick<Door, "hold" | "find"> };

/** Through the live directory: in the scan directory it is a link that leads by way of the root directory. */
export function notifies(os: NotifyingOs, longrun: ByteString): boolean {
  try {
    const services = os.door.hold(`${LIVE_DIRECTORY}/servicedirs`);
    try {
      return tellsReadiness((file) => os.door.find(`${longrun}/${file}`, services) !== undefined);
    } finally {
      os.close(services);
    }
  } catch (error) {
    if (error instanceof OsError) return false;
    throw error;
  }
}
