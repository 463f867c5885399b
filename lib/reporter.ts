// How process 1, and what works for it, tells the operator something: one line, in the form of the skarnet programs. What a
// line is about is apart from its text, so that lines can be sorted by subject and level as well as read.

import type { ByteString } from "./bytes.ts";

/**
 * info: nothing is wrong. warning: it goes on all the same. error: something in the overlay is wrong. fatal: it did not
 * work.
 */
export type Level = "info" | "warning" | "error" | "fatal";

/**
 * Takes a line for the operator.
 * @param subject the program, stage or service that tells it
 * @param text what was attempted, on what, why it failed, and what to do; without an end of line
 */
export type Reporter = (level: Level, subject: ByteString, text: ByteString) => void;

/** "SUBJECT: LEVEL: TEXT". */
export function reportLine(level: Level, subject: ByteString, text: ByteString): ByteString {
  return `${subject}: ${level}: ${text}`;
}

/** Reports as lines to a printer. */
export function reporterTo(printer: { line(text: ByteString): void }): Reporter {
  return (level, subject, text) => printer.line(reportLine(level, subject, text));
}

/** Reports warnings of one subject: what a program, or a part that serves many, calls warn. */
export function warningsOf(report: Reporter, subject: ByteString): (text: ByteString) => void {
  return (text) => report("warning", subject, text);
}
