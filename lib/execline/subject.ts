// What test expressions ask of the system, for eltest and s6-test.

import type { Environment } from "../environment.ts";
import type { Os } from "../os/os.ts";
import type { Subject } from "./expression.ts";

type SubjectOs = Pick<Os, "find" | "lstat" | "mayRead" | "mayWrite" | "mayExecute" | "isTerminal" | "credentials">;

/** What the expressions of a program with this environment are about. */
export function subjectOf(os: SubjectOs, environment: Environment): Subject {
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
    variable: (name) => environment.get(name),
    uid: ids.uid,
    gid: ids.gid,
  };
}
