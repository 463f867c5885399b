// The last signals of a container: TERM to everybody, time to end, KILL. Loggers are spared until there is nobody left
// whose lines they could take: they end at the end of their input, the catch-all logger as the very last.

import type { Os } from "../os/os.ts";
import { SIGNAL } from "../signals.ts";
import { CATCH_ALL } from "../supervise/scan.ts";
import type { Scanner } from "../supervise/scanner.ts";
import type { Console } from "./console.ts";
import type { Printer } from "./outputs.ts";
import type { Population, Spared } from "./population.ts";
import type { Settings } from "./settings.ts";
import { type Steps, until } from "./steps.ts";

export interface LastSignalsPorts {
  readonly os: Pick<Os, "monotonic">;
  readonly scanner: Pick<Scanner, "services" | "endServices" | "abandonServices" | "close">;
  readonly settings: Settings;
  readonly out: Printer;
  /** The container's own standard error. */
  readonly lastWords: Pick<Console, "line">;
  readonly population: Pick<Population, "signal" | "survivors" | "whenGone">;
  /** What ends the catch-all logger, where there is one, in time. */
  readonly endLogging: ((deadline: number) => Steps<void>) | undefined;
}

/** What a killed process, a logger at the end of its input or a reader of our last words may take, in milliseconds. */
const AFTERMATH = 1000;

export function* endProcesses(ports: LastSignalsPorts): Steps<void> {
  const { os, out, settings, scanner, population, lastWords, endLogging } = ports;
  const grace = settings.get("killGraceTime");
  const deadline = os.monotonic() + grace;
  const catchAll = (): Spared => sessionsOf(scanner, ({ name }) => name === CATCH_ALL);
  out.line("[s6-finish] sending all processes the TERM signal.");
  // The supervisors are no processes, but get the signals like everybody: they start nothing any more.
  scanner.endServices();
  const loggers = sessionsOf(scanner, ({ isLogger }) => isLogger);
  for (const signal of [SIGNAL.HUP, SIGNAL.TERM, SIGNAL.CONT]) population.signal(signal, loggers);
  yield* until<void>((resume) => population.whenGone(grace, resume, { spared: catchAll }));
  for (const { pid, command } of population.survivors(catchAll())) {
    lastWords.line(`s6-finish: warning: still alive after ${grace} ms: ${pid} ${command}`);
  }
  out.line("[s6-finish] sending all processes the KILL signal and exiting.");
  // From here on no finish script may follow a death.
  scanner.abandonServices();
  if (endLogging !== undefined) {
    yield* until<void>((resume) => population.whenGone(AFTERMATH, resume, { spared: catchAll, signal: SIGNAL.KILL }));
    yield* endLogging(Math.max(deadline, os.monotonic() + AFTERMATH));
  }
  scanner.close();
  population.signal(SIGNAL.KILL);
  yield* until<void>((resume) => population.whenGone(AFTERMATH, resume, { signal: SIGNAL.KILL }));
}

function sessionsOf(
  scanner: Pick<Scanner, "services">,
  which: (service: ReturnType<Scanner["services"]>[number]) => boolean,
): Spared {
  return new Set(scanner.services().filter((service) => service.pid !== 0 && which(service)).map(({ pid }) => pid));
}
