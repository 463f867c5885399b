// eltest: the value of a test expression as an exit code. After execline 2.9.

import { evaluate, type Subject } from "../../lib/execline/expression.ts";
import { type Applet, type Context, utility } from "../applet.ts";
import { NO_OPTIONS } from "../getopt.ts";

/** What the expressions of a running program are about. */
export function subjectOf({ os, image }: Context): Subject {
  const ids = os.credentials();
  return {
    find: (path) => os.find(path),
    findLink: (path) => {
      try {
        return os.lstat(path);
      } catch {
        return undefined;
      }
    },
    mayRead: os.mayRead,
    mayWrite: os.mayWrite,
    mayExecute: os.mayExecute,
    isTerminal: os.isTerminal,
    variable: (name) => image.environment.get(name),
    uid: ids.uid,
    gid: ids.gid,
  };
}

export const eltest: Applet = utility({
  name: "eltest",
  usage: "expression...",
  summary: "test files, strings and numbers",
  exits: { 1: "the expression is false" },
  options: NO_OPTIONS,
  least: 0,
  inProcess: true,
  run: (context, { args }) => evaluate(args, subjectOf(context)) ? 0 : 1,
});
