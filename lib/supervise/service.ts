// A service as a value, the events that move it, and the effects a move asks for. The words of the state machine.

import type { ServiceCommand } from "./control.ts";
import type { Instant } from "../os/os.ts";
import type { WaitStatus } from "../wait_status.ts";
import type { Status } from "./status.ts";

/**
 * down: nothing runs. starting: a process has been started that is to become run. up: run lives. finish: run has died,
 * finish is being run. lastStarting, lastUp and lastFinish: the same, and the supervisor will end when it is down. gone:
 * the supervisor has ended.
 */
export type ServiceState = "down" | "starting" | "up" | "finish" | "lastStarting" | "lastUp" | "lastFinish" | "gone";

export interface Service extends Status {
  readonly state: ServiceState;
  /** The process that is to become run, while it is not yet known to run; 0 otherwise. */
  readonly player: number;
  /** A stop was asked for and timeout-kill is running: the deadline is the moment to kill. */
  readonly dying: boolean;
  /** When a "deadline" event is due, on the monotonic clock; Infinity for never. */
  readonly deadline: number;
  /** The earliest moment, on the monotonic clock, for the next start that is made by itself. */
  readonly earliestStart: number;
  /** The last finish script declared a permanent failure (exit code 125). */
  readonly failed: boolean;
  /** Since when, on the monotonic clock, it reads its configuration again; 0: it does not, or does not tell. */
  readonly reloading: number;
  /** It has told that it ends: it is not ready any more in this life. */
  readonly leaving: boolean;
  /** Until when, on the monotonic clock, its start is to be waited for, as it has told; 0: it has not. */
  readonly startsUntil: number;
  /** Milliseconds within which it is to tell again that it is alive, once it is ready; 0: it need not. */
  readonly watchdog: number;
}

export type ServiceEvent =
  /** The moment `deadline` has come. */
  | { readonly on: "deadline" }
  /**
   * The answers to the effect "start"; the second may also come when a started process has ended without running run.
   * `notifies`: it has been given a descriptor or a socket to notify readiness. `watchdog`: the milliseconds that it has
   * been told to keep to. `retryAfter` is in milliseconds, Infinity for no further attempt.
   */
  | { readonly on: "started"; readonly pid: number; readonly notifies?: boolean; readonly watchdog?: number }
  /** The started process has reported that run runs. */
  | { readonly on: "running" }
  /** A run that had no process of its own, and the pid of the one that stood in for it, has been given this one. */
  | { readonly on: "activated"; readonly pid: number }
  | { readonly on: "notStarted"; readonly retryAfter: number }
  /** The answers to the effect "finish". */
  | { readonly on: "finishStarted"; readonly pid: number }
  | { readonly on: "noFinish" }
  /** The process `pid` has died: run, or finish while that runs. */
  | { readonly on: "died"; readonly status: WaitStatus }
  /** A newline arrived on the notification pipe, or its end without one. */
  | { readonly on: "notified" }
  | { readonly on: "endOfNotification" }
  /**
   * By systemd's notify protocol, where READY=1 is "notified": RELOADING=1 since `at` on the monotonic clock, STOPPING=1,
   * WATCHDOG=1, WATCHDOG=trigger, WATCHDOG_USEC and EXTEND_TIMEOUT_USEC, both in milliseconds.
   */
  | { readonly on: "reloading"; readonly at: number }
  | { readonly on: "stopping" | "alive" | "stuck" }
  | { readonly on: "watchdogSet"; readonly every: number }
  | { readonly on: "extended"; readonly by: number }
  /** The supervisor got SIGTERM, SIGHUP, SIGQUIT or SIGINT. */
  | { readonly on: "term" | "hup" | "quit" | "int" }
  /** Control letters (control.ts). */
  | ServiceCommand;

export type EventName = ServiceEvent["on"];

/** The event of this name. */
export type EventOf<E extends EventName> = ServiceEvent & { readonly on: E };

export type Effect =
  /** Start run; answered by "started" or "notStarted" before anything else happens. */
  | { readonly do: "start" }
  /** Start finish; answered by "finishStarted" or "noFinish" before anything else happens. */
  | { readonly do: "finish" }
  /** Send a signal to the process, or to its group. */
  | { readonly do: "kill"; readonly pid: number; readonly signal: number; readonly group?: true }
  /** Add this death to the death tally. */
  | { readonly do: "recordDeath" }
  | { readonly do: "closeNotification" }
  /** Create or remove the file `down`. */
  | { readonly do: "downFile"; readonly present: boolean }
  | { readonly do: "writeStatus" }
  | { readonly do: "publish"; readonly letters: string }
  /** Let go of standard input and output, so that a logger sees the end. */
  | { readonly do: "detach" }
  | { readonly do: "warn"; readonly text: string }
  /** The supervisor ends. */
  | { readonly do: "end" };

/** Sees an event of a service, and what it has made of it. It must not throw. */
export type ServiceStep = (event: ServiceEvent, before: Service, after: Service) => void;

/** What the state machine may read. The parameter files are read anew each time one is needed. */
export interface ServiceSurroundings {
  /** Milliseconds on the monotonic clock. */
  now(): number;
  /** The time of day, for stamps. */
  instant(): Instant;
  /** The milliseconds in timeout-kill; 0 for never. */
  timeoutKill(): number;
  /** True if timeout-kill kills the process group. */
  timeoutKillsGroup(): boolean;
  /** The milliseconds in timeout-finish; 0 for no limit. */
  timeoutFinish(): number;
  /** The number of the signal that stops the service. */
  downSignal(): number;
  /** The number of the signal that has the service read its configuration again. */
  reloadSignal(): number;
}

/** A service whose supervisor begins: down, ready, and due at once if it is wanted up. */
export function newService(wantedUp: boolean, world: Pick<ServiceSurroundings, "now" | "instant">): Service {
  const stamp = world.instant();
  return {
    state: "down",
    stamp,
    readyStamp: stamp,
    pid: 0,
    player: 0,
    lastStatus: 0,
    paused: false,
    finishing: false,
    wantedUp,
    ready: true,
    dying: false,
    deadline: wantedUp ? world.now() : Infinity,
    earliestStart: 0,
    failed: false,
    reloading: 0,
    leaving: false,
    startsUntil: 0,
    watchdog: 0,
  };
}
