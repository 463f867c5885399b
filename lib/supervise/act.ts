// What actions are made of: the change of a service that each makes, and the effects that most of them have.

import type { Effect, Service, ServiceEvent, ServiceState, ServiceSurroundings } from "./service.ts";

export interface Action<E extends ServiceEvent = ServiceEvent> {
  readonly says: string;
  /** The state it leads to; undefined where it stays. */
  readonly to: ServiceState | undefined;
  readonly act: (service: Service, event: E, world: ServiceSurroundings) => readonly [Service, readonly Effect[]];
}

export type ServiceChange = Partial<Omit<Service, "state">>;
type Act<E extends ServiceEvent> = (
  service: Service,
  event: E,
  world: ServiceSurroundings,
) => readonly [ServiceChange, ...Effect[]];

/** Milliseconds between two KILLs. */
export const KILL_AGAIN = 5000;

export const WRITE_STATUS: Effect = { do: "writeStatus" };

export function publication(letters: string): Effect {
  return { do: "publish", letters };
}

/** The process that lives, whether it is known to run or not. */
function alive({ pid, player }: Service): number {
  return player === 0 ? pid : player;
}

export function send(service: Service, ...signals: number[]): Effect[] {
  return signals.map((signal) => ({ do: "kill", pid: alive(service), signal }));
}

export function sendGroup(service: Service, signal: number): Effect {
  return { do: "kill", pid: alive(service), signal, group: true };
}

export function action<E extends ServiceEvent = ServiceEvent>(says: string, act: Act<E>, to?: ServiceState): Action<E> {
  return {
    says,
    to,
    act: (service, event, world) => {
      const [change, ...effects] = act(service, event, world);
      const after = { ...service, ...change, state: to ?? service.state };
      // Nothing is due where nothing is wanted: no timer wakes up for it.
      return [after.state === "down" && !after.wantedUp ? { ...after, deadline: Infinity } : after, effects];
    },
  };
}

/** An action that changes and does nothing. */
export function idle(says: string): Action {
  return { says, to: undefined, act: (service) => [service, []] };
}
