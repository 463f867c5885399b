// The files of a service directory by which a service tells that it is ready, and what belongs to them.

import type { ByteString } from "../bytes.ts";

/** In data/, as that is what s6-rc takes over from a definition. */
export const NOTIFY_SOCKET = "data/overlay/notify-socket";
export const WATCHDOG = "data/overlay/watchdog";
export const NOTIFICATION_FILE = "notification-fd";

/** True if it has any of them. */
export function tellsReadiness(has: (file: ByteString) => boolean): boolean {
  return has(NOTIFICATION_FILE) || has(NOTIFY_SOCKET);
}
