// When a service has done what it was told: a pure function of what process 1 tells of it, before and after.

import type { ByteString } from "../../bytes.ts";
import type { Done } from "../journal/request.ts";
import { exitInWords } from "../journal/exit.ts";
import type { ContainerSnapshot, Moment, ServiceSnapshot } from "../journal/snapshot.ts";

/** The deeds that are waited for. */
export type AwaitedDeed = "up" | "down" | "restart";

/** "reached", "not yet", or why it will not be, as the rest of a sentence that begins with the service. */
export type GoalVerdict = "reached" | "not yet" | { readonly failed: ByteString };

/** When it was told, and what it was like just before. */
export interface ToldService {
  readonly now: Moment;
  readonly before: Done["before"][number];
}

/** What process 1 tells now. */
export interface PresentService {
  readonly now: Moment;
  readonly container: Pick<ContainerSnapshot, "cause">;
  /** Undefined: it is gone from the scan directory. */
  readonly service: ServiceSnapshot | undefined;
}

/** Milliseconds for which a service must be up that has ended by itself again and again. */
const STEADY = 1000;
/** The longest pause, in milliseconds, before a start that nothing is wrong with. */
const PACE = 1000;

const failed = (why: ByteString): GoalVerdict => ({ failed: why });

export function verdictOn(deed: AwaitedDeed, told: ToldService, present: PresentService): GoalVerdict {
  return deed === "down" ? verdictOnStop(present) : verdictOnStart(deed, told, present);
}

function verdictOnStop({ service, container }: PresentService): GoalVerdict {
  if (service === undefined) return "reached";
  const { state, wanted } = service;
  // The supervisors end with the container.
  if (state === "unsupervised") return container.cause === null ? failed("has no supervisor") : "reached";
  if (wanted === "up") return failed("is wanted up again: something else has started it");
  return state === "down" ? "reached" : "not yet";
}

function verdictOnStart(
  deed: "up" | "restart",
  told: ToldService,
  { now, container, service }: PresentService,
): GoalVerdict {
  if (container.cause !== null) return failed(`is not started: the container is stopping: ${container.cause}`);
  if (service === undefined) return failed("is gone from the scan directory");
  const why = whyNotStarted(service, now);
  if (why !== undefined) return failed(why);
  const { state, ready, looping, since, starts } = service;
  const isNew = deed === "up" || starts > told.before.starts;
  if (state === "up" && isNew) {
    const isSteady = !looping || now.after - since.after >= STEADY;
    return isSteady && ready !== false ? "reached" : "not yet";
  }
  return isNew && hasEndedAgain(service, told)
    ? failed(`ends by itself again and again; ${lastEnd(service)}`)
    : "not yet";
}

function whyNotStarted(service: ServiceSnapshot, now: Moment): ByteString | undefined {
  const { state, wanted, nextStart, trouble } = service;
  const because = trouble === null ? "" : `: ${trouble}`;
  if (state === "unsupervised") return `has no supervisor${because}`;
  if (service.failed) return `has failed for good; ${lastEnd(service)}`;
  if (wanted === "down") return "is wanted down: something else has stopped it";
  const isPutOff = state === "down" && (nextStart === null || nextStart.after - now.after > PACE);
  return isPutOff ? `could not be started${because}` : undefined;
}

/** It is in a loop, and its run has ended since it was told. */
function hasEndedAgain({ state, looping, lastExit }: ServiceSnapshot, { now }: ToldService): boolean {
  return looping && (state === "finishing" || state === "down") && lastExit !== null && lastExit.at.after >= now.after;
}

function lastEnd({ lastExit }: ServiceSnapshot): string {
  return lastExit === null ? "it has never run" : `it ${lastExit.code === null ? "was " : ""}${exitInWords(lastExit)}`;
}

/** What a service still does that has not done in time what it was told. */
export function stillDoes(deed: AwaitedDeed, service: ServiceSnapshot | undefined): ByteString {
  if (service === undefined) return "is gone";
  const { state, ready, looping } = service;
  if (deed !== "down" && state === "up" && ready === false) return "is up, but not ready";
  if (deed === "restart" && state === "up") return "has not ended yet";
  return looping ? `is ${state}, and ends by itself again and again` : `is ${state}`;
}
