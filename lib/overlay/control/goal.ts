// When a service has done what it was told: a pure function of what process 1 tells of it, before and after.

import type { ByteString } from "../../bytes.ts";
import type { Done } from "../journal/request.ts";
import { exitInWords } from "../journal/exit.ts";
import { durationInWords } from "../durations.ts";
import { serviceInWords, troubleInWords } from "../journal/state_words.ts";
import type { ContainerSnapshot, Exit, Moment, ServiceSnapshot } from "../journal/snapshot.ts";

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
interface PresentService {
  readonly now: Moment;
  readonly container: Pick<ContainerSnapshot, "cause">;
  /** Undefined: it is gone from the scan directory. */
  readonly service: ServiceSnapshot | undefined;
}

/** Milliseconds for which a service must be up that does not tell that it is ready: most that fail do so sooner. */
export const SETTLED = 1000;
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
  const life = awaitedLife(deed, told.before);
  // Its finish script may say that it has failed for good.
  if (starts >= life && state !== "finishing" && hasEndedByItself(service, told)) {
    return failed(looping ? `ends by itself again and again; ${lastEnd(service)}` : diedYoung(service));
  }
  if (starts < life || state !== "up" || ready === false) return "not yet";
  return ready === true && !looping || now.after - since.after >= SETTLED ? "reached" : "not yet";
}

/** Which of the lives of run is waited for, by the number of its start. */
function awaitedLife(deed: "up" | "restart", { state, starts }: Done["before"][number]): number {
  return deed === "up" && (state === "up" || state === "starting") ? starts : starts + 1;
}

function hasEndedByItself({ lastExit }: ServiceSnapshot, { now }: ToldService): boolean {
  return lastExit !== null && !lastExit.told && lastExit.at.after >= now.after;
}

/** Its run has ended by itself: what it does the next time is not waited for. */
function diedYoung({ lastExit, notifies }: ServiceSnapshot): ByteString {
  const when = notifies ? "before it was ready" : "as soon as it was started";
  return lastExit === null ? `ended ${when}` : `${endInWords(lastExit)} ${when}`;
}

function whyNotStarted(service: ServiceSnapshot, now: Moment): ByteString | undefined {
  const { state, wanted, nextStart, trouble } = service;
  const because = trouble === null ? "" : `: ${troubleInWords(trouble)}`;
  if (state === "unsupervised") return `has no supervisor${because}`;
  if (service.failed) return `has failed for good; ${lastEnd(service)}`;
  if (wanted === "down") return "is wanted down: something else has stopped it";
  const isPutOff = state === "down" && (nextStart === null || nextStart.after - now.after > PACE);
  if (!isPutOff) return undefined;
  return trouble === null ? "could not be started" : `is down: ${troubleInWords(trouble)}`;
}

function lastEnd({ lastExit }: ServiceSnapshot): string {
  return lastExit === null ? "it has never run" : `it ${endInWords(lastExit)}`;
}

function endInWords(exit: Exit): string {
  return `${exit.code === null ? "was " : ""}${exitInWords(exit)}`;
}

/** What a service still does that has not done in time what it was told. */
export function stillDoes(deed: AwaitedDeed, service: ServiceSnapshot | undefined): ByteString {
  if (service === undefined) return "is gone";
  const { state, ready, looping } = service;
  const words = serviceInWords(service);
  if (deed !== "down" && state === "up" && ready === false) return `${words}, but not ready`;
  if (deed === "restart" && state === "up") return "has not ended, or has not been up for long enough";
  if (deed === "up" && state === "up") return `${words}, but not for ${durationInWords(SETTLED)} yet`;
  return looping ? `${words}, and ends by itself again and again` : words;
}
