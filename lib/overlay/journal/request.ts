// What people's commands ask process 1, as JSON: one object a message. The answer is one object too: what was asked for,
// or { "version": 1, "error": "..." }.

import type { ByteString } from "../../bytes.ts";
import { SNAPSHOT_VERSION } from "./snapshot.ts";

/** What a service can be told to do; "restart" is for one that is wanted up. */
export const SERVICE_DEEDS = ["up", "down", "restart", "reload"] as const;
export type ServiceDeed = (typeof SERVICE_DEEDS)[number];

export type DoorRequest =
  /** Answered by a Snapshot; of these services only, where some are named. */
  | { readonly ask: "snapshot"; readonly journal?: boolean; readonly services?: readonly ByteString[] }
  /** Answered by Done: the services do it from now on. */
  | { readonly ask: "do"; readonly deed: ServiceDeed; readonly services: readonly ByteString[] }
  /** Sends a signal to the services' run. Answered by Done. */
  | { readonly ask: "signal"; readonly signal: string; readonly services: readonly ByteString[] };

/** Services of these names are unknown; nothing was done then. */
export interface Done {
  readonly version: typeof SNAPSHOT_VERSION;
  readonly unknown: readonly ByteString[];
}

export interface Refusal {
  readonly version: typeof SNAPSHOT_VERSION;
  /** One line, with the cure. */
  readonly error: ByteString;
}
