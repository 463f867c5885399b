// How the programs of s6-rc say what they do, at the verbosity that was asked for.

import type { Progress } from "../../lib/rc/progress.ts";
import { DefinitionFailure } from "../../lib/rc/definition.ts";
import { VERBOSITY } from "../../lib/rc/progress.ts";
import { invalid } from "../../lib/report.ts";
import type { Context } from "../applet.ts";
import { printError, printLine } from "../print.ts";
import type { Options } from "../getopt.ts";

/** The value of an option that is a number in a message of its own, as the original has it. */
export function numberOf(options: Pick<Options, "value">, letter: string, name: string): number | undefined {
  const value = options.value(letter);
  if (value === undefined) return undefined;
  const number = /^[0-9]+$/.test(value) ? Number(value) : NaN;
  if (!(number <= 0xffffffff)) throw invalid(`${name} must be an unsigned integer`);
  return number;
}

/** Prints lines up to this verbosity on standard error. */
export function progressOn({ os, name }: Pick<Context, "os" | "name">, most: number): Progress {
  return (verbosity, level, text) => {
    if (verbosity <= most) printLine(os, `${name}: ${level}: ${text}`);
  };
}

/** Does it; says of a wrong definition what is wrong, and how it becomes right. @returns the exit code */
export function curing({ os, name }: Pick<Context, "os" | "name">, verbosity: number, work: () => number): number {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof DefinitionFailure)) throw error;
    printError(os, name, "fatal", error.message);
    if (error.cure !== undefined && verbosity >= VERBOSITY.warnings) printLine(os, `${name}: info: ${error.cure}`);
    return error.code;
  }
}
