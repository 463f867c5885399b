// The last signals of a container: TERM to everybody, time to end, KILL. Loggers are spared until there is nobody left
// whose lines they could take: they end at the end of their input, the catch-all logger as the very last.

import type { Os, Reactor } from "../os/os.ts";
import { SIGNAL } from "../signals.ts";
import { CATCH_ALL } from "../supervise/scan.ts";
import type { Scanner } from "../supervise/scanner.ts";
import type { Console } from "./console.ts";
import type { LogFifo } from "./log_fifo.ts";
import type { Printer } from "./outputs.ts";
import type { Population, Spared } from "./population.ts";
import type { Settings } from "./settings.ts";
import { type Steps, until, within } from "./steps.ts";

/** The catch-all logger, where there is one. */
export interface LogPorts {
  readonly fifo: Pick<LogFifo, "console" | "finish" | "takeRest">;
  /** From now on everything is printed on the container's own output. */
  readonly leave: () => void;
}

export interface LastSignalsPorts {
  readonly os: Pick<Os, "monotonic">;
  readonly reactor: Pick<Reactor, "after">;
  readonly scanner: Pick<
    Scanner,
    "when" | "services" | "endServices" | "abandonServices" | "releaseCatchAll" | "close"
  >;
  readonly settings: Settings;
  readonly out: Printer;
  /** The container's own standard error. */
  readonly lastWords: Pick<Console, "line" | "write" | "whenWritten">;
  readonly population: Pick<Population, "signal" | "survivors" | "whenGone">;
  readonly log: LogPorts | undefined;
}

/** What a killed process, a logger at the end of its input or a reader of our last words may take, in milliseconds. */
const AFTERMATH = 1000;

export function* endProcesses(ports: LastSignalsPorts): Steps<void> {
  const { os, out, settings, scanner, population, lastWords, log } = ports;
  const grace = settings.get("killGraceTime");
  const deadline = os.monotonic() + grace;
  const catchAll = (): Spared => sessionsOf(scanner, ({ name }) => name === CATCH_ALL);
  out.line("[s6-finish] sending all processes the TERM signal.");
  // The supervisors are no processes, but get the signals like everybody: they start nothing any more.
  scanner.endServices();
  const loggers = sessionsOf(scanner, ({ isLogger }) => isLogger);
  for (const signal of [SIGNAL.HUP, SIGNAL.TERM, SIGNAL.CONT]) population.signal(signal, loggers);
  yield* until<void>((resume) => population.whenGone(grace, resume, catchAll));
  for (const { pid, command } of population.survivors(catchAll())) {
    lastWords.line(`s6-finish: warning: still alive after ${grace} ms: ${pid} ${command}`);
  }
  out.line("[s6-finish] sending all processes the KILL signal and exiting.");
  // From here on no finish script may follow a death.
  scanner.abandonServices();
  if (log !== undefined) {
    population.signal(SIGNAL.KILL, catchAll());
    yield* until<void>((resume) => population.whenGone(AFTERMATH, resume, catchAll));
    yield* endLogger(ports, log, Math.max(deadline, os.monotonic() + AFTERMATH));
  }
  scanner.close();
  population.signal(SIGNAL.KILL);
  yield* until<void>((resume) => population.whenGone(AFTERMATH, resume));
}

function sessionsOf(
  scanner: Pick<Scanner, "services">,
  which: (service: ReturnType<Scanner["services"]>[number]) => boolean,
): Spared {
  return new Set(scanner.services().filter((service) => service.pid !== 0 && which(service)).map(({ pid }) => pid));
}

/** Nobody else is left who prints: the catch-all logger takes what is in the fifo and ends. What it leaves is printed. */
function* endLogger(ports: LastSignalsPorts, { fifo, leave }: LogPorts, deadline: number): Steps<void> {
  const { os, reactor, scanner, lastWords } = ports;
  const inTime = (begin: (arrived: () => void) => () => void): Steps<boolean> =>
    within(reactor, Math.max(1, deadline - os.monotonic()), begin);
  // One that is just being started again would find a fifo without writers and wait for them.
  yield* inTime((arrived) => scanner.when("ready", arrived, [CATCH_ALL]));
  yield* inTime((arrived) => fifo.console.whenWritten(arrived));
  scanner.releaseCatchAll();
  leave();
  fifo.finish();
  if (!(yield* inTime((arrived) => scanner.when("gone", arrived, [CATCH_ALL])))) {
    lastWords.line("s6-finish: warning: the catch-all logger has not ended in time");
  }
  const rest = fifo.takeRest();
  if (rest === "") return;
  lastWords.line("s6-finish: warning: what the catch-all logger has left unread:");
  lastWords.write(rest);
  yield* within(reactor, AFTERMATH, (arrived) => lastWords.whenWritten(arrived));
}
