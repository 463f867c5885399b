// The life of a service as s6-supervise 2.11.3 leads it: a table, state by event, of what happens. transition() is
// pure; supervisor.ts carries its effects out and feeds their results back as events. The diagram in docs/ is printed
// from this table.

import type { Action } from "./act.ts";
import { ACTION } from "./action.ts";
import type {
  Effect,
  EventName,
  EventOf,
  Service,
  ServiceEvent,
  ServiceState,
  ServiceSurroundings,
} from "./service.ts";

type Row = { readonly [E in EventName]: Action<EventOf<E>> };

const {
  abandon,
  abandonAndInterrupt,
  abandonStart,
  abandonStartAndInterrupt,
  abort,
  activate,
  detach,
  detachLast,
  die,
  end,
  endOfFinish,
  endOfLastFinish,
  extend,
  finishBegins,
  forgetNotification,
  keepDown,
  kill,
  killFinish,
  leaves,
  lives,
  never,
  neverRan,
  neverRanForLast,
  noFinish,
  noLastFinish,
  nothing,
  ready,
  reloads,
  retry,
  runs,
  sendDownSignal,
  sendReloadSignal,
  sendSignal,
  setWatchdog,
  start,
  startAgain,
  startForLong,
  startOnce,
  started,
  stop,
  stopForLast,
  stopForLong,
  stopStart,
  stopStartForLast,
  stopStartForLong,
  wantDown,
  wantDownForLong,
  wantUp,
  wantUpForLong,
} = ACTION;

/** What control letters do while `run` lives, whether or not for the last time. */
const WHILE_UP = {
  signal: sendSignal,
  downSignal: sendDownSignal,
  reloadSignal: sendReloadSignal,
  once: wantDown,
  onceAtMost: wantDown,
  down: stop,
  up: wantUp,
  downForLong: stopForLong,
  upForLong: wantUpForLong,
  keepDown,
} as const;

/** What they do while a process is to become `run`: signals reach it, and its stop counts from when it runs. */
const WHILE_STARTING = { ...WHILE_UP, down: stopStart, downForLong: stopStartForLong } as const;

/** What they do while `finish` runs: nothing reaches the script. */
const WHILE_FINISHING = {
  signal: nothing,
  downSignal: nothing,
  reloadSignal: nothing,
  once: wantDown,
  onceAtMost: wantDown,
  down: wantDown,
  up: wantUp,
  downForLong: wantDownForLong,
  upForLong: wantUpForLong,
  keepDown,
} as const;

/** What run tells, and gets, while it lives. */
const WHILE_HEARD = {
  activated: activate,
  notified: ready,
  endOfNotification: forgetNotification,
  reloading: reloads,
  stopping: leaves,
  alive: lives,
  stuck: abort,
  watchdogSet: setWatchdog,
  extended: extend,
} as const;
const NOTHING_TOLD = {
  activated: never,
  notified: never,
  endOfNotification: never,
  reloading: never,
  stopping: never,
  alive: never,
  stuck: never,
  watchdogSet: never,
  extended: never,
};
const WHILE_NOTHING_RUNS = { ...NOTHING_TOLD, finishStarted: never, noFinish: never, died: never };
const NO_START_PENDING = { started: never, notStarted: never, running: never };
const NOT_YET_UP = { ...NOTHING_TOLD, started: never, finishStarted: never, noFinish: never, died: never };

export const TRANSITIONS: { readonly [S in ServiceState]: Row } = {
  down: {
    ...WHILE_NOTHING_RUNS,
    deadline: startAgain,
    started,
    running: never,
    notStarted: retry,
    term: end,
    hup: end,
    quit: end,
    int: end,
    signal: nothing,
    downSignal: nothing,
    reloadSignal: nothing,
    once: startOnce,
    onceAtMost: wantDown,
    down: wantDown,
    up: start,
    downForLong: wantDownForLong,
    upForLong: startForLong,
    keepDown,
    exit: end,
  },
  starting: {
    ...NOT_YET_UP,
    ...WHILE_STARTING,
    running: runs("up"),
    deadline: runs("up"),
    notStarted: neverRan,
    term: stopStartForLast,
    hup: detachLast("lastStarting"),
    quit: abandonStart,
    int: abandonStartAndInterrupt,
    exit: detachLast("lastStarting"),
  },
  up: {
    ...NO_START_PENDING,
    ...WHILE_UP,
    finishStarted: never,
    noFinish: never,
    deadline: kill,
    died: die("finish"),
    ...WHILE_HEARD,
    term: stopForLast,
    hup: detachLast("lastUp"),
    quit: abandon,
    int: abandonAndInterrupt,
    exit: detachLast("lastUp"),
  },
  finish: {
    ...NO_START_PENDING,
    ...WHILE_FINISHING,
    finishStarted: finishBegins,
    noFinish,
    deadline: killFinish,
    died: endOfFinish,
    ...NOTHING_TOLD,
    term: detachLast("lastFinish"),
    hup: detachLast("lastFinish"),
    quit: abandon,
    int: abandonAndInterrupt,
    exit: detachLast("lastFinish"),
  },
  lastStarting: {
    ...NOT_YET_UP,
    ...WHILE_STARTING,
    running: runs("lastUp"),
    deadline: runs("lastUp"),
    notStarted: neverRanForLast,
    term: stopStart,
    hup: detach,
    quit: abandonStart,
    int: abandonStartAndInterrupt,
    exit: detach,
  },
  lastUp: {
    ...NO_START_PENDING,
    ...WHILE_UP,
    finishStarted: never,
    noFinish: never,
    deadline: kill,
    died: die("lastFinish"),
    ...WHILE_HEARD,
    term: stop,
    hup: detach,
    quit: abandon,
    int: abandonAndInterrupt,
    exit: detach,
  },
  lastFinish: {
    ...NO_START_PENDING,
    ...WHILE_FINISHING,
    finishStarted: finishBegins,
    noFinish: noLastFinish,
    deadline: killFinish,
    died: endOfLastFinish,
    ...NOTHING_TOLD,
    term: nothing,
    hup: detach,
    quit: abandon,
    int: abandonAndInterrupt,
    exit: detach,
  },
  gone: {
    ...WHILE_NOTHING_RUNS,
    ...NO_START_PENDING,
    ...WHILE_FINISHING,
    once: nothing,
    onceAtMost: nothing,
    down: nothing,
    up: nothing,
    downForLong: nothing,
    upForLong: nothing,
    keepDown: nothing,
    deadline: nothing,
    term: nothing,
    hup: nothing,
    quit: nothing,
    int: nothing,
    exit: nothing,
  },
};

/** The service after the event, and what is to be done, in this order. */
export function serviceTransition(
  service: Service,
  event: ServiceEvent,
  world: ServiceSurroundings,
): readonly [Service, readonly Effect[]] {
  return actionFor(service.state, event).act(service, event, world);
}

// The row pairs each event's name with an action for that event, which TypeScript cannot follow through an index.
function actionFor(state: ServiceState, event: ServiceEvent): Action {
  return TRANSITIONS[state][event.on] as unknown as Action;
}

/** One line of the printed table. */
export interface TransitionRow {
  readonly state: ServiceState;
  readonly event: EventName;
  readonly effect: string;
  /** The state it leads to, where it leads elsewhere. */
  readonly to: ServiceState | undefined;
}

/** The whole table in words, for the documentation. What cannot happen is left out. */
export function transitionRows(): TransitionRow[] {
  const rows: TransitionRow[] = [];
  for (const [state, row] of Object.entries(TRANSITIONS)) {
    for (const [event, action] of Object.entries(row)) {
      if (action === never) continue;
      rows.push({ state: state as ServiceState, event: event as EventName, effect: action.says, to: action.to });
    }
  }
  return rows;
}
