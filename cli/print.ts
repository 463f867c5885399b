// What our programs say on standard error, in the one form that the skarnet programs use.

import { rawBytes } from "../lib/bytes.ts";
import type { Os } from "../lib/os/os.ts";
import { printable } from "../lib/printable.ts";
import { textOf, UsageError } from "../lib/report.ts";
import { type Reporter, reporterTo, reportLine } from "../lib/reporter.ts";
import type { Applet } from "./applet.ts";

/**
 * Prints a line on standard error; there is nowhere to report it if that fails. Names that it quotes may be of another
 * user's files: they can neither end the line nor reach a terminal as anything but text.
 */
export function printLine(os: Pick<Os, "writeAll">, line: string): void {
  try {
    os.writeAll(2, rawBytes(`${printable(line)}\n`));
  } catch {
    return;
  }
}

/** Prints "NAME: LEVEL: TEXT" on standard error. */
export function printError(os: Pick<Os, "writeAll">, name: string, level: "warning" | "fatal", text: string): void {
  printLine(os, reportLine(level, name, text));
}

/** Prints what is reported on standard error. */
export function reporterOn(os: Pick<Os, "writeAll">): Reporter {
  return reporterTo({ line: (text) => printLine(os, text) });
}

/** Prints what ended a program: its usage line, or why it failed. */
export function printFailure(
  os: Pick<Os, "writeAll">,
  name: string,
  applet: Pick<Applet, "name" | "usage"> | undefined,
  error: unknown,
): void {
  if (error instanceof UsageError && applet !== undefined) {
    printLine(os, `${name}: usage: ${applet.name} ${applet.usage}`);
    if (error.message !== "") printLine(os, `${name}: info: ${error.message}`);
  } else printError(os, name, "fatal", textOf(error));
}
