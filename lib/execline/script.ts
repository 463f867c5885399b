// A script as a whole: its text becomes a command line, and the arguments it was called with become the environment's
// positional parameters or are written into the text. Follows skarnet.org's execlineb 2.9.

import type { ByteString } from "../bytes.ts";
import type { Environment } from "../environment.ts";
import { Budget } from "../image/budget.ts";
import { invalid } from "../report.ts";
import { lex } from "./lexer.ts";
import { type Frame, isPositional, positionalBindings, pushFrame, setFrame } from "./positional.ts";
import { substitute } from "./substitute.ts";

/** What becomes of a script's arguments. */
export type Passing =
  /** They are the innermost frame of the environment. */
  | { readonly by: "push" }
  /** They are set over the frame that is there. */
  | { readonly by: "set" }
  | { readonly by: "nothing" }
  /** They are substituted; `least` are expected, and ${@} begins behind the first `skip`. */
  | { readonly by: "substitution"; readonly least: number; readonly skip: number };

/** How to take missing arguments: as EXECLINE_STRICT says, where it is set. */
interface Strict {
  readonly level: number | undefined;
  warn(text: string): void;
}

/** The command that running a script means. */
export interface Command {
  readonly argv: readonly ByteString[];
  readonly environment: Environment;
}

/**
 * The command a script comes down to; an empty one if there is nothing in it. Errors say that it is from the file.
 * @throws Failure with code 100 if the text is not a script, or arguments are missing and the level is 2
 */
export function scriptCommand(
  text: ByteString,
  frame: Frame,
  passing: Passing,
  environment: Environment,
  strict: Strict,
  file?: ByteString,
  budget: Budget = Budget.unlimited,
): Command {
  const argv = lex(text, file, budget);
  if (argv.length === 0) return { argv, environment };
  switch (passing.by) {
    case "nothing":
      return { argv, environment };
    case "set":
      return { argv, environment: setFrame(environment, frame, budget) };
    case "push":
      return { argv, environment: setFrame(pushFrame(environment, isPositional, budget), frame, budget) };
    case "substitution":
      if (frame.args.length < passing.least) tooFew(frame.args.length, passing.least, strict);
      return { argv: substitute(argv, positionalBindings(frame, passing.least, passing.skip), budget), environment };
  }
}

function tooFew(got: number, least: number, { level = 1, warn }: Strict): void {
  if (level === 0) return;
  const text = `too few arguments: expecting at least ${least} but got ${got}`;
  if (level > 1) throw invalid(text);
  warn(text);
}
