// How much of what happens is printed: each line and each event has a level from 0 to 5, and S6_VERBOSITY says up to
// which level they are printed. docs/messages.md has the table.

import { type Level, type Reporter } from "../reporter.ts";
import type { JournalEntry, JournalEvent } from "./journal/snapshot.ts";

/** Of reported lines. */
export const VERBOSITY_OF_LEVEL: Readonly<Record<Level, number>> = { fatal: 0, error: 0, warning: 1, info: 2 };

/** Of the lines that say what the overlay does, as generation 2 has them. */
export const VERBOSITY_OF_STEPS = 2;

/** Of the last line, which says why the container ended. */
export const VERBOSITY_OF_END = 1;

/** Of the journal's events. */
export const VERBOSITY_OF_EVENT: Readonly<Record<JournalEvent, number>> = {
  "started": 4,
  "up": 3,
  "ready": 3,
  "reloading": 3,
  "leaving": 3,
  "exited": 3,
  "finished": 4,
  "not started": 3,
  "failed for good": 3,
  "wanted up": 5,
  "wanted down": 5,
  "began": 4,
  "ended": 4,
  "state": 4,
  "signal": 5,
};

/** The same reporter, for lines up to this level. */
export function upTo(verbosity: number, report: Reporter): Reporter {
  return (level, subject, text) => {
    if (VERBOSITY_OF_LEVEL[level] <= verbosity) report(level, subject, text);
  };
}

/** Whether an event is to be printed; what was reported is printed by itself. */
export function isPrinted(event: JournalEntry["event"], verbosity: number): boolean {
  const level = VERBOSITY_OF_EVENT[event as JournalEvent];
  return level !== undefined && level <= verbosity;
}
