// What people's commands ask process 1, as JSON: one object a message. The answer is one object too: what was asked for,
// or { "version": 1, "error": "..." }.

import type { ByteString } from "../../bytes.ts";
import type { Moment, ServiceStanding, SNAPSHOT_VERSION } from "./snapshot.ts";

/** What a service can be told to do. A restart of one that is down is a start. */
export const SERVICE_DEEDS = ["up", "down", "restart", "reload"] as const;
export type ServiceDeed = (typeof SERVICE_DEEDS)[number];

export type DoorRequest =
  /** Answered by a Snapshot; of these services only, where some are named. */
  | { readonly ask: "snapshot"; readonly journal?: boolean; readonly services?: readonly ByteString[] }
  /** Answered by Done: the services do it from now on. */
  | { readonly ask: "do"; readonly deed: ServiceDeed; readonly services: readonly ByteString[] }
  /** Sends a signal to the services' run. Answered by Done. */
  | { readonly ask: "signal"; readonly signal: string; readonly services: readonly ByteString[] }
  /** Answered by PrintedLast, to root and the user of process 1. */
  | { readonly ask: "printed"; readonly services: readonly ByteString[] };

/** The answer to a deed or a signal. */
export interface Done {
  /** Of these declarations. */
  readonly version: typeof SNAPSHOT_VERSION;
  /** When it was done. */
  readonly now: Moment;
  /** Services of these names are unknown; nothing was done then. */
  readonly unknown: readonly ByteString[];
  /** What each of the services was like just before, in order of name. */
  readonly before: readonly ServiceBefore[];
}

/** A service before it was told anything. */
interface ServiceBefore {
  /** As in a snapshot. */
  readonly name: ByteString;
  /** As in a snapshot. */
  readonly state: ServiceStanding;
  /** As in a snapshot. */
  readonly failed: boolean;
  /** As in a snapshot. */
  readonly paused: boolean;
  /** How often run had been started. */
  readonly starts: number;
}

/** The last lines of services that the relay carries on. */
export interface PrintedLast {
  /** Of these declarations. */
  readonly version: typeof SNAPSHOT_VERSION;
  /** One for each service that was asked for and is known. */
  readonly printed: readonly ServicePrinted[];
}

/** What a service has printed last. */
export interface ServicePrinted {
  /** As in a snapshot. */
  readonly name: ByteString;
  /**
   * The last lines of each of its streams, 4 KiB at most. Lines that begin with a NUL have the time of those behind them, in
   * milliseconds since the epoch.
   */
  readonly tails: readonly ByteString[];
}

export interface Refusal {
  readonly version: typeof SNAPSHOT_VERSION;
  /** One line, with the cure. */
  readonly error: ByteString;
}
