// The life of a container, from the first step of its boot to its end: a table, state by event, of what happens.
// transition() is pure; container.ts carries its effects out and feeds what comes of them back as events. docs/life.md is
// printed from this table (life_rows.ts).

import { EXIT } from "../report.ts";

/**
 * booting: stage 2, up to the command. running: the command runs. idle: there is no command, the services live.
 * bringingDown: services that depend on each other go down in order, before the scanner is to end. down: they have.
 * stopping: the services were told to end. interrupted: a script of the boot still runs that the stop has met.
 * lastScripts: cont-finish.d, and what is left of the services' time. lastSignals: TERM, then KILL, to all processes.
 */
export type LifeState =
  | "booting"
  | "running"
  | "idle"
  | "bringingDown"
  | "down"
  | "stopping"
  | "interrupted"
  | "lastScripts"
  | "lastSignals"
  | "over";

/** Codes are recorded numbers: an exit code, or 256 + n for signal n. */
export type LifeEvent =
  /** How the boot ends, and the code that scripts are to find of it, where they are to find one. */
  | { readonly on: "commandDue" | "noCommand"; readonly recorded?: number | undefined }
  | { readonly on: "bootFailed"; readonly code: number }
  | { readonly on: "commandEnded"; readonly code: number }
  /** The boot, the command or the end could not be gone on with. The refusal is undefined for a fault of our own. */
  | { readonly on: "failed"; readonly code: number; readonly refusal: string | undefined }
  /** A service that the container lives as long as has ended by itself. */
  | { readonly on: "essentialEnded"; readonly code: number }
  /** Process 1 has more memory than it can have use for. */
  | { readonly on: "outOfMemory" }
  /** The scanner is to end the services, and some depend on each other. */
  | { readonly on: "downAsked" }
  /** These are down, or have had their time. */
  | { readonly on: "downOver" }
  /** The scanner begins to end the services; `wait` tells if it leaves only when they have ended. */
  | { readonly on: "stopAsked"; readonly wait: boolean }
  /** The services have had their time, or all have ended and their loggers had theirs. */
  | { readonly on: "graceOver" }
  /** The scanner has left: nothing is started any more. */
  | { readonly on: "left" }
  | { readonly on: "scriptOver" | "scriptsOver" | "everybodyGone" }
  /** All the time that the stop has is over. */
  | { readonly on: "timeOver" };

/** How a boot ends. */
export type BootEnd = LifeEvent & { readonly on: "commandDue" | "noCommand" | "bootFailed" };

type LifeEventName = LifeEvent["on"];

export type LifeEffect =
  /** Notes a code as the container's; "first": unless one is noted already. */
  | { readonly do: "record"; readonly code: number; readonly first?: true }
  /** Notes how the boot ended, for scripts: it outranks nothing. */
  | { readonly do: "recordBoot"; readonly code: number }
  /** Settles what the stop may take, and makes room for it. */
  | { readonly do: "beginStop" }
  /** What the boot or the command waits for does not go on. */
  | { readonly do: "abandon" }
  | { readonly do: "interruptScript" | "awaitServices" | "tellTimeOver" }
  /** These bring events about, some of them at once: each is the last of its list. */
  | { readonly do: "runCommand" }
  /** Has the scanner end the services, and leave at once or when they have ended. */
  | { readonly do: "stopServices"; readonly wait: boolean }
  | { readonly do: "bringDown" | "stopWaiting" | "awaitScript" | "runLastScripts" | "sendLastSignals" | "end" };

interface Action<E extends LifeEvent = LifeEvent> {
  readonly says: string;
  /** The state it leads to; undefined where it stays. */
  readonly to: LifeState | undefined;
  readonly act: (event: E) => readonly LifeEffect[];
}

type EventOf<N extends LifeEventName> = LifeEvent & { readonly on: N };

function action<E extends LifeEvent = LifeEvent>(
  says: string,
  act: Action<E>["act"],
  to?: LifeState,
): Action<E> {
  return { says, to, act };
}

interface WithCode {
  readonly code: number;
}

const record = ({ code }: WithCode): LifeEffect => ({ do: "record", code });
const recordFirst = ({ code }: WithCode): LifeEffect => ({ do: "record", code, first: true });
const recordBoot = ({ recorded }: EventOf<"commandDue" | "noCommand">): readonly LifeEffect[] =>
  recorded === undefined ? [] : [{ do: "recordBoot", code: recorded }];
const stopServices = (wait: boolean): LifeEffect => ({ do: "stopServices", wait });

const never = action("cannot happen", () => []);
const nothing = action("nothing", () => []);

const recordAndLeave = action<LifeEvent & WithCode>(
  "record the code, tell services to end, leave",
  (event) => [record(event), stopServices(false)],
);
const recordFirstAndLeave = action<LifeEvent & WithCode>(
  "record the code unless there is one, leave",
  (event) => [recordFirst(event), stopServices(false)],
);
const recordAndStop = action<LifeEvent & WithCode>(
  "record the code unless there is one, tell services to end, wait for them",
  (event) => [recordFirst(event), stopServices(true)],
);
const recordFirstOnly = action<LifeEvent & WithCode>(
  "record the code unless there is one",
  (event) => [recordFirst(event)],
);
const recordSystem = action(
  `record ${EXIT.system} unless a code is recorded`,
  () => [recordFirst({ code: EXIT.system })],
);
const recordSystemAndStop = action(
  `record ${EXIT.system} unless a code is recorded, tell services to end, wait for them`,
  () => [recordFirst({ code: EXIT.system }), stopServices(true)],
);

const WAIT_FOR_SERVICES: readonly LifeEffect[] = [{ do: "interruptScript" }, { do: "awaitServices" }];

const stop = action<EventOf<"stopAsked">>(
  "begin the stop; if it waits: tell a script to end, begin the services' time",
  ({ wait }) => [{ do: "beginStop" }, ...wait ? WAIT_FOR_SERVICES : []],
  "stopping",
);
const stopBoot = action<EventOf<"stopAsked">>(
  "abandon the boot, begin the stop; if it waits: tell a script to end, begin the services' time",
  ({ wait }) => [{ do: "beginStop" }, { do: "abandon" }, ...wait ? WAIT_FOR_SERVICES : []],
  "stopping",
);
const stopWaiting = action("wait for services no longer", () => [{ do: "stopWaiting" }]);
const bringDown = action(
  "begin the stop, bring services down in order",
  () => [{ do: "beginStop" }, { do: "bringDown" }],
  "bringingDown",
);
const bringDownBoot = action(
  "abandon the boot, begin the stop, tell scripts to end, bring services down in order",
  () => [{ do: "beginStop" }, { do: "abandon" }, { do: "interruptScript" }, { do: "bringDown" }],
  "bringingDown",
);
const stopDown = action<EventOf<"stopAsked">>(
  "if it waits: tell a script to end, begin the services' time",
  ({ wait }) => wait ? WAIT_FOR_SERVICES : [],
  "stopping",
);
const leave = action(
  "abandon what runs, wait for a script to end",
  () => [{ do: "abandon" }, { do: "awaitScript" }],
  "interrupted",
);

const recordAndEnd = action<EventOf<"failed">>(
  "record the code unless there is one, the end",
  (event) => [recordFirst(event), { do: "end" }],
  "over",
);
const cutOff = action("say so, the end", () => [{ do: "tellTimeOver" }, { do: "end" }], "over");
const end = action("the end", () => [{ do: "end" }], "over");

/** What ends a container that is not stopping yet. */
const ALIVE = {
  essentialEnded: recordAndStop,
  outOfMemory: recordSystemAndStop,
  failed: recordAndLeave,
  downOver: never,
  graceOver: never,
  left: never,
  scriptOver: never,
  scriptsOver: never,
  everybodyGone: never,
  timeOver: never,
};

/** Once the stop has begun it goes its way. */
const ENDING = {
  commandDue: never,
  noCommand: never,
  bootFailed: never,
  essentialEnded: never,
  outOfMemory: recordSystem,
  downAsked: never,
  downOver: never,
  stopAsked: never,
  timeOver: cutOff,
};

/** As long as the scanner has not begun to end the services. */
const BEFORE_STOP = {
  ...ENDING,
  commandEnded: recordFirstOnly,
  failed: recordFirstOnly,
  graceOver: never,
  left: never,
  scriptOver: never,
  scriptsOver: never,
  everybodyGone: never,
};

/** Once the scanner has left. */
const LEFT = {
  ...ENDING,
  commandEnded: never,
  graceOver: nothing,
  left: never,
  scriptOver: never,
  scriptsOver: never,
  everybodyGone: never,
  failed: recordAndEnd,
};

type Row = { readonly [N in LifeEventName]: Action<EventOf<N>> };

export const LIFE: { readonly [S in LifeState]: Row } = {
  booting: {
    ...ALIVE,
    commandDue: action(
      "record how the boot ended, run the command",
      (event) => [...recordBoot(event), { do: "runCommand" }],
      "running",
    ),
    noCommand: action("record how the boot ended", recordBoot, "idle"),
    bootFailed: recordAndLeave,
    commandEnded: never,
    downAsked: bringDownBoot,
    stopAsked: stopBoot,
  },
  running: {
    ...ALIVE,
    commandDue: never,
    noCommand: never,
    bootFailed: never,
    commandEnded: recordAndLeave,
    downAsked: bringDown,
    stopAsked: stop,
  },
  idle: {
    ...ALIVE,
    commandDue: never,
    noCommand: never,
    bootFailed: never,
    commandEnded: never,
    downAsked: bringDown,
    stopAsked: stop,
  },
  bringingDown: {
    ...BEFORE_STOP,
    essentialEnded: nothing,
    downAsked: nothing,
    downOver: action("tell services to end, wait for them", () => [stopServices(true)], "down"),
  },
  down: { ...BEFORE_STOP, stopAsked: stopDown },
  stopping: {
    ...ENDING,
    commandEnded: recordFirstAndLeave,
    failed: recordFirstAndLeave,
    graceOver: stopWaiting,
    left: leave,
    scriptOver: never,
    scriptsOver: never,
    everybodyGone: never,
  },
  interrupted: { ...LEFT, scriptOver: action("run cont-finish.d", () => [{ do: "runLastScripts" }], "lastScripts") },
  lastScripts: {
    ...LEFT,
    scriptsOver: action("TERM to all, then KILL", () => [{ do: "sendLastSignals" }], "lastSignals"),
  },
  lastSignals: { ...LEFT, everybodyGone: end },
  over: {
    ...LEFT,
    outOfMemory: nothing,
    everybodyGone: nothing,
    scriptOver: nothing,
    scriptsOver: nothing,
    timeOver: nothing,
    failed: nothing as Action<EventOf<"failed">>,
  },
};

/** The state after the event, and what is to be done, in this order. */
export function lifeTransition(state: LifeState, event: LifeEvent): readonly [LifeState, readonly LifeEffect[]] {
  // The row pairs each event's name with an action for it, which TypeScript cannot follow through an index.
  const { to, act } = LIFE[state][event.on] as Action;
  return [to ?? state, act(event)];
}

/** True for what the table calls impossible: it is for tests to see that it is. */
export function cannotHappen(state: LifeState, event: LifeEventName): boolean {
  return (LIFE[state][event] as Action) === never;
}
