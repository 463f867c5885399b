// What follows from what a service tells while its run lives, by its descriptor or by systemd's notify protocol: actions
// of the state machine, of which action.ts has the others.

import { SIGNAL } from "../signals.ts";
import { action, KILL_AGAIN, publication, send, sendGroup, type ServiceChange, WRITE_STATUS } from "./act.ts";
import type { Effect, EventOf, Service, ServiceEvent, ServiceSurroundings } from "./service.ts";

/** A watchdog that is later than this many milliseconds is our own delay: no message could be heard meanwhile. */
const OWN_DELAY = 1000;

/** What a new process has not told. */
export const SILENT: ServiceChange = { reloading: 0, leaving: false, startsUntil: 0, watchdog: 0 };

/** It need not tell any more that it is alive. As long as it starts, its deadline is another. */
export function unwatched({ dying, player }: Service): ServiceChange {
  return dying ? {} : player === 0 ? { watchdog: 0, deadline: Infinity } : { watchdog: 0 };
}

/** Its time begins anew, where it has one. */
function watched({ dying, ready, watchdog }: Service, world: ServiceSurroundings): ServiceChange {
  return dying || !ready || watchdog === 0 ? {} : { deadline: world.now() + watchdog };
}

/** It tells nothing, or that it is stuck: where it does not end by ABRT it is killed. */
function aborting(service: Service, why: string, world: ServiceSurroundings): [ServiceChange, ...Effect[]] {
  return [
    { dying: true, watchdog: 0, deadline: world.now() + (world.timeoutKill() || KILL_AGAIN) },
    { do: "warn", text: `${why} - sending it a SIGABRT` },
    ...send(service, SIGNAL.ABRT),
  ];
}

/** The deadline of one that is up has come. */
function expired(service: Service, _: ServiceEvent, world: ServiceSurroundings): [ServiceChange, ...Effect[]] {
  const { dying, watchdog, paused, deadline } = service;
  if (dying) {
    const kill = world.timeoutKillsGroup() ? [sendGroup(service, SIGNAL.KILL)] : send(service, SIGNAL.KILL);
    return [{ deadline: world.now() + KILL_AGAIN }, ...kill];
  }
  if (watchdog === 0) return [{ deadline: Infinity }];
  if (paused || world.now() > deadline + OWN_DELAY) return [watched(service, world)];
  return aborting(service, `it has not told for ${watchdog} ms that it is alive`, world);
}

export const TOLD_ACTION = {
  ready: action("the first time: ready, status, event U, the watchdog begins; later: reloaded", (service, _, world) => {
    if (service.ready || service.leaving) return [service.reloading === 0 ? {} : { reloading: 0 }];
    return [
      { ready: true, readyStamp: world.instant(), ...watched({ ...service, ready: true }, world) },
      { do: "closeNotification" },
      WRITE_STATUS,
      publication("U"),
    ];
  }),
  kill: action("if dying: KILL, again every 5 s; if the watchdog is over: warn, ABRT, then as if dying", expired),
  reloads: action<EventOf<"reloading">>(
    "if ready: reloads, until it is notified again",
    ({ ready, reloading }, { at }) => [ready && reloading === 0 ? { reloading: at } : {}],
  ),
  leaves: action(
    "not ready any more, status; the watchdog ends",
    (service) =>
      service.leaving ? [{}] : [
        { ready: false, reloading: 0, leaving: true, ...unwatched(service) },
        ...(service.ready ? [WRITE_STATUS] : []),
      ],
  ),
  lives: action("the watchdog begins anew", (service, _, world) => [watched(service, world)]),
  abort: action(
    "warn, ABRT; KILL after timeout-kill (5 s where there is none)",
    (service, _, world) => service.dying ? [{}] : aborting(service, "it tells that it is stuck", world),
  ),
  setWatchdog: action<EventOf<"watchdogSet">>(
    "the watchdog has this time from now on",
    (service, { every }, world) => {
      if (service.dying || service.leaving) return [{}];
      return [{ ...unwatched(service), watchdog: every, ...watched({ ...service, watchdog: every }, world) }];
    },
  ),
  extend: action<EventOf<"extended">>(
    "if dying: KILL not before this time is over; if not ready yet: timeout-up neither",
    ({ dying, ready, leaving, deadline, startsUntil }, { by }, world) => {
      const until = world.now() + by;
      if (dying) return [{ deadline: Math.max(deadline, until) }];
      return [ready || leaving ? {} : { startsUntil: Math.max(startsUntil, until) }];
    },
  ),
} as const;
