// What process 1 tells of the container: the answer to the question "snapshot" at its door, as JSON. All commands that
// explain something to people are functions of it. docs/json.md is printed from these interfaces.

import type { ByteString } from "../../bytes.ts";
import type { Level } from "../../reporter.ts";
import type { LifeState } from "../life.ts";

/** The version of all of this. A field is added without a new one; a new one says that something has another meaning. */
export const SNAPSHOT_VERSION = 1;

/** A point in time. */
export interface Moment {
  /** Milliseconds since the epoch, by the clock of that time. */
  readonly time: number;
  /** Milliseconds since process 1 began, by a clock that is never set: the difference of two is a duration. */
  readonly after: number;
}

/** How a process ended: one of the two is null. */
export interface Exit {
  /** Its exit code. */
  readonly code: number | null;
  /** The name, without SIG, of the signal that killed it. */
  readonly signal: string | null;
}

/** How run ended last. */
interface LastExit extends Exit {
  /** When it ended. */
  readonly at: Moment;
  /** It was told to end, as by a stop or a restart; false where it ended by itself. */
  readonly told: boolean;
}

/** All that process 1 tells. */
export interface Snapshot {
  /** Of these declarations. */
  readonly version: typeof SNAPSHOT_VERSION;
  /** When it is told. */
  readonly now: Moment;
  /** The container as a whole. */
  readonly container: ContainerSnapshot;
  /** Services and loggers, in order of name. */
  readonly services: readonly ServiceSnapshot[];
  /** The scripts of the boot and of the stop, and the command, in order of their start; the last 1,000. */
  readonly scripts: readonly ScriptSnapshot[];
  /** The journal, the oldest entry first; empty where it was not asked for. */
  readonly journal: readonly JournalEntry[];
}

/** The container as a whole. */
export interface ContainerSnapshot {
  /** As in docs/life.md. */
  readonly state: LifeState;
  /** When it came into this state. */
  readonly since: Moment;
  /** When the boot was over; null as long as it is not. */
  readonly booted: Moment | null;
  /** When the boot ended in whatever way: it was over, it failed, or a stop interrupted it; null as long as it goes on. */
  readonly bootEnded: Moment | null;
  /** Why it stops ("TERM", "essential service web exited 3"); null as long as it does not. */
  readonly cause: ByteString | null;
  /** When all the time that the stop has is over; null as long as it does not stop. */
  readonly stopEnds: Moment | null;
  /**
   * Services that the boot waits for, by S6_CMD_WAIT_FOR_SERVICES, and in generation 3 longruns that are to come up; null
   * where it waits for none.
   */
  readonly awaited: AwaitedServices | null;
  /** The same when it is over: services that the boot has waited for; null where it has waited for none. */
  readonly waited: WaitedServices | null;
  /**
   * What a boot of generation 3 takes its time for, or has taken it for: services, each of which had to be there for the next
   * one to begin; in generation 2 there are none.
   */
  readonly path: readonly BootStep[];
  /** Services of s6-rc that the boot has not brought up and that are still not up; in generation 2 there are none. */
  readonly notStarted: readonly NotStarted[];
  /** S6_LOGGING: 0, 1 or 2. */
  readonly logging: number;
  /** S6_OUTPUT. */
  readonly output: "plain" | "prefix" | "json";
  /** The pid that process 1 has; another number where another program is process 1. */
  readonly pid: number;
}

/** What the boot of generation 3 does for a service. */
export interface BootStep {
  /** The name of the service. */
  readonly name: ByteString;
  /** "cont-init.d" and "services.d" stand for what is in these directories. */
  readonly kind: "oneshot" | "longrun" | "cont-init.d" | "services.d";
  /** When its turn came. */
  readonly from: Moment;
  /** When it was there, had failed, or was given up; null as long as it goes on. */
  readonly to: Moment | null;
}

/** A service of s6-rc that the boot has not brought up. */
export interface NotStarted {
  /** Its name. */
  readonly name: ByteString;
  /**
   * A oneshot is not among the services; "services.d" is legacy-services, where the image has some; the bundle is top, where
   * the definitions could not be compiled.
   */
  readonly kind: "oneshot" | "longrun" | "services.d" | "bundle";
  /** Why, as the rest of a sentence that begins with it: "exited 126", "was kept back by db". */
  readonly why: ByteString;
}

/** Services that the command waits for. */
export interface AwaitedServices {
  /** Their names. */
  readonly names: readonly ByteString[];
  /** Since when they are waited for. */
  readonly since: Moment;
  /** When it goes on without them; null is without limit. */
  readonly until: Moment | null;
}

/** Services that the command has waited for. */
export interface WaitedServices {
  /** Their names. */
  readonly names: readonly ByteString[];
  /** When the wait began. */
  readonly from: Moment;
  /** When it was over. */
  readonly to: Moment;
}

/** "finishing": run has ended and finish runs. "unsupervised": its supervisor could not be opened, or has ended. */
export type ServiceStanding = "down" | "starting" | "up" | "finishing" | "unsupervised";

/** A service or a logger. */
export interface ServiceSnapshot {
  /** "web", or "web/log" for the logger of web. */
  readonly name: ByteString;
  /** The service directory, an absolute path. */
  readonly directory: ByteString;
  /** It is the logger of a service, or the catch-all logger. */
  readonly isLogger: boolean;
  /** What runs of it; "finishing" is its finish script, "unsupervised" is without a supervisor. */
  readonly state: ServiceStanding;
  /** When it came into this state. */
  readonly since: Moment;
  /** What its supervisor is to bring about. */
  readonly wanted: "up" | "down";
  /** Of run, or what is to become it, or finish; null where nothing runs; process 1's where that stands in for run. */
  readonly pid: number | null;
  /** Whether it is ready, as it notifies; null where it has no notification-fd or notify-socket, or is not up. */
  readonly ready: boolean | null;
  /** It notified readiness, or was to do so, when it was started last. */
  readonly notifies: boolean;
  /** How often run has been started. */
  readonly starts: number;
  /** When run was started first; null: not yet. */
  readonly firstStart: Moment | null;
  /** When it was first up; null: not yet. */
  readonly firstUp: Moment | null;
  /** When it first notified readiness; null: not yet, or it does not notify. */
  readonly firstReady: Moment | null;
  /** How run ended last, and when; null if it never has. */
  readonly lastExit: LastExit | null;
  /** It ended by itself at least three times in the last minute. */
  readonly looping: boolean;
  /** Its finish script exited 125: it is not started again by itself. */
  readonly failed: boolean;
  /** It has been stopped by SIGSTOP, as by s6-svc -p. */
  readonly paused: boolean;
  /** When it will be started again by itself; null where it will not. */
  readonly nextStart: Moment | null;
  /** When it is killed, or its finish script, if it has not ended by then; null where it is not. */
  readonly killedAt: Moment | null;
  /** When it was told to end; null where it was not since it was last started, or told to be up. */
  readonly toldToEnd: Moment | null;
  /** It has told, by STOPPING=1, that it ends. */
  readonly leaving: boolean;
  /** Since when it reads its configuration again, as it told by RELOADING=1; null where it does not. */
  readonly reloading: Moment | null;
  /** When it is killed unless it tells by then, by WATCHDOG=1, that it is alive; null where it need not. */
  readonly watchdogEnds: Moment | null;
  /** What it said last of itself, by STATUS=, since it was last started; control characters are written as \xNN. */
  readonly said: ByteString | null;
  /** Messages at its notify-socket that were ignored, as processes have sent them that may not; null where it has none. */
  readonly ignoredMessages: number | null;
  /** What its supervisor last warned of, without what was attempted before; null if nothing since it was last up. */
  readonly trouble: ByteString | null;
}

/** Where a script belongs: "command" is the container's command, "task" a helper of process 1. */
export type ScriptKind = "cont-init.d" | "cont-finish.d" | "command" | "task";

/** A script, the command, or a helper of process 1. */
export interface ScriptSnapshot {
  /** Where it belongs; "command" is the container's command, "task" a helper of process 1. */
  readonly kind: ScriptKind;
  /** Its file name, or the name of the task; of the command its first word alone, as the others may be secret. */
  readonly name: ByteString;
  /** Its process, which may have ended. */
  readonly pid: number;
  /** When it was started. */
  readonly started: Moment;
  /** Null as long as it runs. */
  readonly ended: Moment | null;
  /** How it ended; null as long as it runs. */
  readonly exit: Exit | null;
}

/** One line of the journal. */
export interface JournalEntry {
  /** Counts from 1; a gap to the one before says how many are lost. */
  readonly number: number;
  /** When it was written. */
  readonly at: Moment;
  /** What it is about: a service by its name, a script, "container", or the program that reports a line. */
  readonly subject: ByteString;
  /** A level for what was reported as a line; else what happened. */
  readonly event: Level | JournalEvent;
  /** More about it, for people; may be empty. */
  readonly text: ByteString;
}

export type JournalEvent =
  /** Of services. */
  | "started"
  | "up"
  | "ready"
  | "reloading"
  | "leaving"
  | "exited"
  | "finished"
  | "not started"
  | "wanted up"
  | "wanted down"
  | "failed for good"
  /** Of scripts and the command. */
  | "began"
  | "ended"
  /** Of the container: the name of the state is the text. */
  | "state"
  | "signal";
