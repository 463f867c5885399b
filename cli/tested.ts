// The value of a test expression for a caller that process 1 answers: of strings, numbers, and files that process 1 may look
// at. What asks for the caller's own ids, descriptors and environment is for a process of its own.

import { evaluate, type Subject } from "../lib/execline/expression.ts";
import type { Saying } from "../lib/image/plan.ts";
import { NeedsProcess } from "../lib/image/search.ts";
import type { Call, Sight } from "./applet.ts";

/** Each may have a file looked at. */
const MOST_WORDS = 64;

export function replyOfTest({ args }: Pick<Call, "args">, sight: Sight): Saying | undefined {
  // A pattern may take long.
  if (args.length > MOST_WORDS || args.includes("=~")) return undefined;
  return { text: "", code: evaluate(args, subjectOf(sight)) ? 0 : 1 };
}

function subjectOf(sight: Sight): Subject {
  return {
    find: (path) => sight.find(path),
    findLink: unknown,
    mayRead: unknown,
    mayWrite: unknown,
    mayExecute: unknown,
    isTerminal: unknown,
    variable: unknown,
    get uid(): number {
      return unknown();
    },
    get gid(): number {
      return unknown();
    },
  };
}

function unknown(): never {
  throw new NeedsProcess();
}
