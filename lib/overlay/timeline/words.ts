// What the forms of a timeline say in words: how the boot ended, what a row is called, and what stands beside its bar. All
// of it is Unicode text; names may have any bytes.

import { type ByteString, rawBytes } from "../../bytes.ts";
import { printable } from "../../printable.ts";
import { durationInWords } from "../durations.ts";
import { exitInWords } from "../journal/exit.ts";
import type { Timeline, TimelineRow } from "./timeline.ts";

/** The bytes as text: control characters, and bytes that are no UTF-8, are written as \xNN. */
function shownText(bytes: ByteString): string {
  return new TextDecoder().decode(rawBytes(printable(bytes)));
}

/** "The boot was over after 1.84 s." */
export function outcomeInWords({ outcome, end, now, cause }: Timeline): string {
  if (end === null) return `The boot goes on, ${durationInWords(now)} so far.`;
  if (outcome === "booted") return `The boot was over after ${durationInWords(end)}.`;
  return `The boot was broken off after ${durationInWords(end)}${cause === null ? "" : `: ${shownText(cause)}`}.`;
}

/** What the critical path took; undefined where there is none. */
export function summary({ end, now, own, rows }: Timeline): string | undefined {
  if (!rows.some(({ critical }) => critical)) return undefined;
  const path = Math.max(0, (end ?? now) - own);
  return `the critical path took ${durationInWords(path)}, the overlay itself ${durationInWords(own)}`;
}

/** "cont-init.d/10-db", "web", "web/log", "command nginx". */
export function labelOf({ kind, name }: TimelineRow): string {
  if (kind === "cont-init.d") return `cont-init.d/${shownText(name)}`;
  return kind === "command" ? `command ${shownText(name)}` : shownText(name);
}

/** What stands beside the bar. */
export function noteOf(row: TimelineRow, now: number): string {
  const { kind, from, to, state, exit } = row;
  if (from === null) return "not started";
  if (kind === "command") return exit === null ? "started" : `started, ${exitInWords(exit)}`;
  const took = durationInWords((to ?? now) - from);
  if (state === "failed") return exit === null ? `${took}, failed` : `${took}, ${exitInWords(exit)}`;
  if (to !== null) return took;
  return state === "running" ? `${took}, still running` : `${took}, not ready`;
}

/** A row in a sentence, for those who point at it. */
export function sentenceOf(row: TimelineRow, now: number): string {
  const { from, to, critical } = row;
  const when = from === null
    ? ""
    : to === null
    ? `, from ${durationInWords(from)} on`
    : row.kind === "command"
    ? ` after ${durationInWords(from)}`
    : `, from ${durationInWords(from)} to ${durationInWords(to)}`;
  return `${WORDS[row.kind]}${labelOf(row)}: ${noteOf(row, now)}${when}${critical ? ", on the critical path" : ""}`;
}

const WORDS: Readonly<Record<TimelineRow["kind"], string>> = {
  "cont-init.d": "",
  task: "task ",
  command: "",
  service: "service ",
  logger: "logger ",
};
