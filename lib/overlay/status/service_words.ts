// What there is to say of a service to people: its state in words, how that is to be taken, and what is worth a line.

import type { ByteString } from "../../bytes.ts";
import { exitInWords } from "../journal/exit.ts";
import { serviceWord, troubleInWords } from "../journal/state_words.ts";
import type { Moment } from "../journal/snapshot.ts";
import { durationInWords } from "../durations.ts";
import type { ServiceStatus } from "./status_report.ts";

/** good: as wanted. changing: about to be something else. bad: not as wanted. quiet: down, as wanted. */
export type Mood = "good" | "changing" | "bad" | "quiet";

/** Milliseconds between two starts. */
const PACE = 1000;

/** "up", "down, wanted up", "paused, loops". */
export function stateInWords(service: ServiceStatus): string {
  const { state, wanted, looping } = service;
  const words: string[] = [serviceWord(service)];
  if (looping) words.push("loops");
  if (state === "down" && wanted === "up") words.push("wanted up");
  if (state === "up" && wanted === "down") words.push("wanted down");
  return words.join(", ");
}

export function moodOf({ state, wanted, failed, paused, looping, ready }: ServiceStatus): Mood {
  if (failed || looping || state === "unsupervised") return "bad";
  if (state === "down") return wanted === "up" ? "bad" : "quiet";
  return state !== "up" || wanted === "down" || paused || ready === false ? "changing" : "good";
}

export function readyInWords({ ready }: ServiceStatus): string {
  if (ready === null) return "-";
  return ready ? "yes" : "no";
}

export function lastExitInWords({ lastExit }: ServiceStatus): string {
  return lastExit === null ? "-" : exitInWords(lastExit);
}

/** What is due, what it tells, and what its supervisor warned of; empty where there is nothing. */
export function detailsOf(service: ServiceStatus, now: Moment): ByteString {
  const { trouble, nextStart, killedAt, said, reloading, leaving } = service;
  const details: ByteString[] = trouble === null ? [] : [troubleInWords(trouble)];
  // The pause that there is between any two starts is not worth a line.
  if (nextStart !== null && nextStart.after - now.after > PACE) details.push(`starts again in ${left(nextStart, now)}`);
  if (killedAt !== null) details.push(`is killed in ${left(killedAt, now)}`);
  if (leaving) details.push("tells that it ends");
  if (reloading !== null) details.push(`reloads for ${durationInWords(now.after - reloading.after)}`);
  if (said !== null) details.push(`says: ${said}`);
  return details.join("; ");
}

function left(until: Moment, now: Moment): string {
  return durationInWords(until.after - now.after);
}
