// What can happen to a service, each action once: its words for the printed table, the state it leads to, and the
// change itself as a pure function. transition.ts says when each applies.

import { SIGNAL } from "../signals.ts";
import { exitCode } from "../wait_status.ts";
import {
  type Action,
  action,
  idle,
  KILL_AGAIN,
  publication,
  send,
  sendGroup,
  type ServiceChange,
  WRITE_STATUS,
} from "./act.ts";
import type { Effect, EventOf, Service, ServiceEvent, ServiceSurroundings } from "./service.ts";
import { SILENT, TOLD_ACTION, unwatched } from "./told_action.ts";

/** Two starts are a second apart, as in s6 up to 2.11.1: what has lived longer is started again at once. */
const PACE = 1000;
/** A process that has been started counts as run after this many milliseconds, whatever holds it up. */
const RUNS_WITHIN = 1000;
/** The exit code by which finish declares that the service must not be started again. */
const PERMANENT_FAILURE = 125;

/** What is left of a process that has never run. */
const NOTHING: ServiceChange = { player: 0, dying: false, paused: false, watchdog: 0 };

const START: Effect = { do: "start" };
const DETACH: Effect = { do: "detach" };

/** The last things a supervisor does. Nothing is due afterwards. */
function ending(change: ServiceChange, ...effects: Effect[]): [ServiceChange, ...Effect[]] {
  return [{ ...change, deadline: Infinity }, ...effects, publication("x"), { do: "end" }];
}

/** The change that leaves a service down and ready, its next start paced. */
function settled(service: Service, world: ServiceSurroundings): ServiceChange {
  const now = world.now();
  return {
    pid: 0,
    finishing: false,
    ready: true,
    readyStamp: world.instant(),
    deadline: Math.max(now, service.earliestStart),
  };
}

function finished(service: Service, event: EventOf<"died">, world: ServiceSurroundings): [ServiceChange, ...Effect[]] {
  if (exitCode(event.status) !== PERMANENT_FAILURE) return [settled(service, world), WRITE_STATUS, publication("D")];
  return [{ ...settled(service, world), wantedUp: false, failed: true }, WRITE_STATUS, publication("OD")];
}

function stopping(service: Service, _: ServiceEvent, world: ServiceSurroundings): [ServiceChange, ...Effect[]] {
  const effects = [...send(service, world.downSignal(), SIGNAL.CONT), WRITE_STATUS];
  const timeout = world.timeoutKill();
  const change = { wantedUp: false, paused: false, ...unwatched(service) };
  if (timeout === 0) return [change, ...effects];
  return [{ ...change, dying: true, deadline: world.now() + timeout }, ...effects];
}

/** The moment from which a started process counts as run. A timeout-kill that was asked for before begins now. */
function runs(service: Service, _: ServiceEvent, world: ServiceSurroundings): [ServiceChange, ...Effect[]] {
  const deadline = service.dying ? world.now() + world.timeoutKill() : Infinity;
  return [
    { pid: service.player, player: 0, ready: false, stamp: world.instant(), deadline },
    WRITE_STATUS,
    publication("u"),
  ];
}

/** The status file tells of a pause, which is over. */
function unpaused({ paused }: Service): Effect[] {
  return paused ? [WRITE_STATUS] : [];
}

function stoppingStart(service: Service, _: ServiceEvent, world: ServiceSurroundings): [ServiceChange, ...Effect[]] {
  const effects = [...send(service, world.downSignal(), SIGNAL.CONT), WRITE_STATUS];
  return [{ wantedUp: false, paused: false, dying: world.timeoutKill() > 0, watchdog: 0 }, ...effects];
}

const downFile = (present: boolean): Effect => ({ do: "downFile", present });

export const ACTION = {
  ...TOLD_ACTION,

  nothing: idle("nothing"),
  /** Events that belong to another state: the driver does not send them here. */
  never: idle("cannot happen"),

  // Starting
  startAgain: action(
    "start if wanted up",
    ({ wantedUp }) => wantedUp ? [{ deadline: Infinity }, START] : [{ deadline: Infinity }],
  ),
  start: action("want up, start now", () => [{ wantedUp: true }, WRITE_STATUS, START]),
  startForLong: action(
    "remove the file down, want up, start now",
    () => [{ wantedUp: true }, downFile(false), WRITE_STATUS, START],
  ),
  startOnce: action("want down, start now", () => [{ wantedUp: false }, WRITE_STATUS, START]),
  started: action<EventOf<"started">>("wait until it runs, a second at most", (_, { pid, watchdog = 0 }, world) => [
    { player: pid, deadline: world.now() + RUNS_WITHIN, earliestStart: world.now() + PACE, failed: false, watchdog },
  ], "starting"),
  retry: action<EventOf<"notStarted">>(
    "wait, then try again",
    (_, event, world) => [{ deadline: world.now() + event.retryAfter }],
  ),

  // While it starts
  runs: (to: "up" | "lastUp"): Action => action("status, event u; if dying: arm timeout-kill", runs, to),
  neverRan: action<EventOf<"notStarted">>(
    "wait, then try again",
    (service, event, world) => [{ ...NOTHING, deadline: world.now() + event.retryAfter }, ...unpaused(service)],
    "down",
  ),
  activate: action<EventOf<"activated">>(
    "status: it has a process of its own now",
    (_, { pid }) => [{ pid }, WRITE_STATUS],
  ),
  neverRanForLast: action("event x, the end", (service) => ending(NOTHING, ...unpaused(service)), "gone"),
  stopStart: action("want down, down signal, CONT", stoppingStart),
  stopStartForLong: action("create the file down, want down, down signal, CONT", (service, event, world) => {
    const [change, ...effects] = stoppingStart(service, event, world);
    return [change, downFile(true), ...effects];
  }),
  abandonStart: action("status, events u x, the end; the service is left running", (service, event, world) => {
    const [change, ...effects] = runs(service, event, world);
    return ending(change, ...effects);
  }, "gone"),
  abandonStartAndInterrupt: action(
    "INT to the process group of the service, status, events u x, the end",
    (service, event, world) => {
      const [change, ...effects] = runs(service, event, world);
      return ending(change, sendGroup(service, SIGNAL.INT), ...effects);
    },
    "gone",
  ),
  stopStartForLast: action("want down, down signal, CONT", stoppingStart, "lastStarting"),

  // While run lives
  forgetNotification: action("never ready in this life", () => [{}, { do: "closeNotification" }]),
  sendSignal: action<EventOf<"signal">>("send the signal", (service, { signal, group }) => {
    const effects = group ? [sendGroup(service, signal)] : send(service, signal);
    if (signal === SIGNAL.STOP) return [{ paused: true }, ...effects, WRITE_STATUS];
    return signal === SIGNAL.CONT ? [{ paused: false }, ...effects, WRITE_STATUS] : [{}, ...effects];
  }),
  sendDownSignal: action(
    "send the down signal; the watchdog ends",
    (service, _, world) => [unwatched(service), ...send(service, world.downSignal())],
  ),
  sendReloadSignal: action(
    "send the reload signal",
    (service, _, world) => [{}, ...send(service, world.reloadSignal())],
  ),
  stop: action("want down, down signal, CONT, arm timeout-kill", stopping),
  stopForLong: action(
    "create the file down, want down, down signal, CONT, arm timeout-kill",
    (service, event, world) => {
      const [change, ...effects] = stopping(service, event, world);
      return [change, downFile(true), ...effects];
    },
  ),
  stopForLast: action("want down, down signal, CONT, arm timeout-kill", stopping, "lastUp"),
  die: (to: "finish" | "lastFinish"): Action<EventOf<"died">> =>
    action("record the death, run finish", (_, { status }, world) => [
      {
        pid: 0,
        finishing: true,
        paused: false,
        ready: false,
        dying: false,
        ...SILENT,
        stamp: world.instant(),
        lastStatus: status,
        deadline: Infinity,
      },
      { do: "closeNotification" },
      { do: "recordDeath" },
      { do: "finish" },
    ], to),

  // While finish runs
  finishBegins: action<EventOf<"finishStarted">>("status, event d, arm timeout-finish", (_, { pid }, world) => {
    const timeout = world.timeoutFinish();
    return [{ pid, deadline: timeout === 0 ? Infinity : world.now() + timeout }, WRITE_STATUS, publication("d")];
  }),
  noFinish: action(
    "status, events d D, pace the next start",
    (service, _, world) => [settled(service, world), WRITE_STATUS, publication("dD")],
    "down",
  ),
  noLastFinish: action(
    "status, events d D x, the end",
    (service, _, world) => ending(settled(service, world), WRITE_STATUS, publication("dD")),
    "gone",
  ),
  endOfFinish: action<EventOf<"died">>(
    "status, event D (O D if it exited 125, and want down), pace the next start",
    finished,
    "down",
  ),
  endOfLastFinish: action<EventOf<"died">>(
    "status, event D (O D if it exited 125), event x, the end",
    (service, event, world) => ending(...finished(service, event, world)),
    "gone",
  ),
  killFinish: action("warn, CONT, KILL, again every 5 s", (service, _, world) => [
    { deadline: world.now() + KILL_AGAIN },
    { do: "warn", text: "finish script lifetime reached maximum value - sending it a SIGKILL" },
    ...send(service, SIGNAL.CONT, SIGNAL.KILL),
  ]),

  // Wishes
  wantUp: action("want up", () => [{ wantedUp: true }, WRITE_STATUS]),
  wantDown: action("want down", () => [{ wantedUp: false }, WRITE_STATUS]),
  wantUpForLong: action("remove the file down, want up", () => [{ wantedUp: true }, downFile(false), WRITE_STATUS]),
  wantDownForLong: action("create the file down, want down", () => [{ wantedUp: false }, downFile(true), WRITE_STATUS]),
  keepDown: action(
    "create the file down, want down, no signal",
    () => [{ wantedUp: false }, downFile(true), WRITE_STATUS],
  ),

  // The end
  detach: action("detach", () => [{}, DETACH]),
  detachLast: (to: "lastStarting" | "lastUp" | "lastFinish"): Action => action("detach", () => [{}, DETACH], to),
  end: action("event x, the end", () => ending({}), "gone"),
  abandon: action("event x, the end; the service is left running", () => ending({}), "gone"),
  abandonAndInterrupt: action(
    "INT to the service's process group, event x, the end",
    (service) => ending({}, sendGroup(service, SIGNAL.INT)),
    "gone",
  ),
} as const;
