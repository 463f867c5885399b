// Whether the lives of run end by themselves or because that was asked for: a service may be one that the rest cannot
// go on without.

import type { EventName, ServiceState } from "./service.ts";

/** After these the end of run is expected. Signals count as the world's, wherever they come from. */
const WISHES: ReadonlySet<EventName> = new Set(["down", "downForLong", "downSignal", "term", "int"]);
/** There is a process that they go to. */
const ALIVE: ReadonlySet<ServiceState> = new Set(["starting", "lastStarting", "up", "lastUp"]);

/** Whether the event tells a run that is there to end. */
export function tellsToEnd(event: EventName, from: ServiceState): boolean {
  return WISHES.has(event) && ALIVE.has(from);
}

export class Life {
  private isWished = false;

  /** To be called with every event and the states around it. True when a life has ended by itself, finish too. */
  isOver(event: EventName, from: ServiceState, to: ServiceState): boolean {
    if (event === "started") this.isWished = false;
    else if (tellsToEnd(event, from)) this.isWished = true;
    const wasFinishing = from === "finish" || from === "lastFinish";
    return wasFinishing && (to === "down" || to === "gone") && !WISHES.has(event) && !this.isWished;
  }
}
