// What s6-overlay explain says, as JSON (-j) and, in words, for people.

import type { ByteString } from "../../bytes.ts";
import type { ContainerSnapshot, Moment, ServiceSnapshot } from "../journal/snapshot.ts";
import type { DefinedService, ServiceOrder } from "../rc/defined.ts";

/** A field is added without a new version; a new one says that something has another meaning. */
export const EXPLANATION_VERSION = 1;

/** What `s6-overlay explain -j` prints. */
export interface Explanation {
  /** Of these declarations. */
  readonly version: typeof EXPLANATION_VERSION;
  /** When this was asked. */
  readonly now: Moment;
  /** Nothing is wrong, with scripts and settings neither: the exit code is 0. */
  readonly asWanted: boolean;
  /** The container as a whole. */
  readonly container: ContainerExplanation;
  /** Services and loggers that are not as they are wanted, or those that were named. */
  readonly services: readonly ServiceExplanation[];
  /** Oneshots and bundles of s6-rc that were named. */
  readonly defined: readonly DefinedService[];
  /** One line for each script of cont-init.d or cont-finish.d that has failed; none if services were named. */
  readonly scripts: readonly ByteString[];
  /** Services of s6-rc that the boot has not brought up and that are still not up; none if services were named. */
  readonly notStarted: ContainerSnapshot["notStarted"];
  /** One line for each S6_* variable that has no effect, or not the one that was meant; none if services were named. */
  readonly settings: readonly ByteString[];
}

/** Something that is waited for. */
export interface Wait {
  /** What would have to happen: "cont-init.d/10-x (pid 12) ends". */
  readonly for: ByteString;
  /** What waits: the boot, the stop, or the supervisor of a service. */
  readonly by: "boot" | "stop" | "supervisor";
  /** Since when it waits. */
  readonly since: Moment;
  /** When the wait is over in any case; null is without limit. */
  readonly until: Moment | null;
  /** What happens then; null where there is no such moment. */
  readonly then: ByteString | null;
}

/** The container as a whole. */
export interface ContainerExplanation {
  /** As in docs/life.md. */
  readonly state: ContainerSnapshot["state"];
  /** When it came into this state. */
  readonly since: Moment;
  /** Why it stops; null as long as it does not. */
  readonly cause: ByteString | null;
  /** What it waits for. */
  readonly waits: readonly Wait[];
  /** What to do about it; null where nothing is known. */
  readonly cure: ByteString | null;
}

/** A service or a logger. */
export interface ServiceExplanation {
  /** "web", or "web/log" for the logger of web. */
  readonly name: ByteString;
  /** What runs of it. */
  readonly state: ServiceSnapshot["state"];
  /** When it came into this state. */
  readonly since: Moment;
  /** What its supervisor is to bring about. */
  readonly wanted: ServiceSnapshot["wanted"];
  /** Its finish script exited 125: it is not started again by itself. */
  readonly failed: boolean;
  /** It has been stopped by SIGSTOP, as by s6-svc -p. */
  readonly paused: boolean;
  /** As in a status, and its log has room; false: something is wrong with it. */
  readonly asWanted: boolean;
  /** What its supervisor waits for. */
  readonly waits: readonly Wait[];
  /** The name of what was found to be wrong, of the list in docs/troubleshooting.md; null where nothing is known. */
  readonly diagnosis: ByteString | null;
  /** Why it is not as it is wanted, or why it last failed; null where nothing is known. */
  readonly why: ByteString | null;
  /** What to do about it; null where nothing is known. */
  readonly cure: ByteString | null;
  /** How often run was started and how it last ended, in words; null if it never was. */
  readonly history: ByteString | null;
  /** The line of output that shows the cause; null where none was found. */
  readonly evidence: EvidenceLine | null;
  /** Of a longrun of s6-rc that was named what it needs and what that is for; else null. */
  readonly order: ServiceOrder | null;
  /** Where its output went, and what shows it, in words. */
  readonly outputPlace: ByteString;
}

/** A line that was found in a log, or among those that the relay has carried on last. */
export interface EvidenceLine {
  /** The directory of the log; null where it went to the container's own output. */
  readonly directory: ByteString | null;
  /** What shows the log; null where only the engine can. */
  readonly command: ByteString | null;
  /** Without its stamp, and cut where it is long. */
  readonly text: ByteString;
}
