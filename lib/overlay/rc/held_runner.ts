// The runner of oneshots, as process 1 stands in for it: nobody needs it before a client connects, as process 1 runs the
// oneshots of the boot and of the stop itself.

import { RUNNER_NOTIFICATION, runnerWords } from "../../rc/internal_services.ts";
import { ONESHOT_RUNNER } from "../../rc/places.ts";
import { invalid } from "../../report.ts";
import { SIGNAL } from "../../signals.ts";
import { type HeldKind, readRun } from "./held_start.ts";

const by = ONESHOT_RUNNER;
/** s6-ipcserverd exits 0 by these. */
const ENDING: ReadonlySet<number> = new Set([SIGNAL.TERM, SIGNAL.QUIT, SIGNAL.ABRT]);
/** They mean nothing to a server without clients. */
const HARMLESS: ReadonlySet<number> = new Set([SIGNAL.HUP, SIGNAL.CHLD, SIGNAL.PIPE, SIGNAL.WINCH]);

export const HELD_RUNNER: HeldKind = {
  name: ONESHOT_RUNNER,
  notification: RUNNER_NOTIFICATION,
  await: (directory) => {
    const words = runnerWords(readRun(directory));
    if (words === undefined) throw invalid("its run is another");
    // As its script has it, all that it prints goes where its standard output does.
    const steps = [
      { by, do: "copy", from: 1, to: 2 },
      { by, do: "open", fd: 1, path: "/dev/null", flags: ["write"], mode: 0 },
    ] as const;
    return { words, steps, ends };
  },
};

function ends(signal: number): number | undefined {
  if (HARMLESS.has(signal)) return undefined;
  return ENDING.has(signal) ? 0 : signal;
}
