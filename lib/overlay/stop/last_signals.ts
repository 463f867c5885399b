// The last signals of a container: TERM to all processes, time to end, KILL. Loggers are spared until no process is
// left whose lines they could take: they end at the end of their input, the catch-all logger as the very last.

import type { ByteString } from "../../bytes.ts";
import { durationInWords } from "../durations.ts";
import type { Os, Reactor } from "../../os/os.ts";
import { SIGNAL } from "../../signals.ts";
import { CATCH_ALL } from "../../supervise/scan.ts";
import type { Scanner } from "../../supervise/scanner_port.ts";
import type { Reporter } from "../../reporter.ts";
import type { Printer } from "../logging/outputs.ts";
import type { Population, Spared, Survivor, WaitOptions } from "./population.ts";
import { attempt, type Steps, until } from "../steps.ts";
import { AFTERMATH, type StopTime } from "./stop_time.ts";

export interface LastSignalsPorts {
  readonly os: Pick<Os, "monotonic">;
  readonly reactor: Pick<Reactor, "after">;
  readonly scanner: Pick<Scanner, "services" | "endServices" | "abandonServices" | "close">;
  readonly time: Pick<StopTime, "beforeKill">;
  readonly out: Printer;
  /** The container's own standard error. */
  readonly lastWords: Reporter;
  readonly population: Pick<Population, "signal" | "halt" | "survivors" | "whenGone">;
  /** What ends those that carry lines on, where there are any, in time: the relay, then the catch-all logger. */
  readonly endLogging: ((deadline: number) => Steps<void>) | undefined;
  /** The relay, which is spared like loggers. */
  readonly relay?: (() => Spared) | undefined;
  /** Takes what was thrown by a step: the next one is done all the same. */
  readonly failed: (error: unknown) => void;
}

/** Milliseconds for processes that were killed: the kernel needs next to none. */
const KILLED_END_WITHIN = 200;
/** What endLogging may take beyond its deadline, for what is said about it. */
const LAST_WORDS = 1500;
/** Processes that are named, one a line. */
const MOST_NAMED = 20;

export function* endProcesses(ports: LastSignalsPorts): Steps<void> {
  const { os, out, time, scanner, population, endLogging } = ports;
  const last = (): Spared => sparedBy(ports, ({ name }) => name === CATCH_ALL);
  const gone = (limit: number, options: WaitOptions): Steps<void> =>
    step(ports, limit + AFTERMATH, () => until<void>((resume) => population.whenGone(limit, resume, options)));
  const grace = time.beforeKill;
  const deadline = os.monotonic() + grace;
  out.line("[s6-finish] sending all processes the TERM signal.");
  yield* sendTerm(ports);
  yield* gone(grace, { spared: last });
  // What follows takes time for each of them, and they had theirs.
  yield* now(ports, () => population.halt(last()));
  yield* now(ports, () => nameSurvivors(ports, last(), grace));
  out.line("[s6-finish] sending all processes the KILL signal and exiting.");
  // From here on no finish script may follow a death.
  yield* now(ports, () => scanner.abandonServices());
  const end = os.monotonic() + AFTERMATH;
  if (endLogging !== undefined) {
    yield* gone(AFTERMATH, { spared: last, signal: SIGNAL.KILL });
    const limit = Math.max(deadline, end, os.monotonic() + KILLED_END_WITHIN);
    yield* step(ports, limit - os.monotonic() + LAST_WORDS, () => endLogging(limit));
  }
  yield* now(ports, () => scanner.close());
  yield* now(ports, () => population.signal([SIGNAL.KILL]));
  yield* gone(Math.max(KILLED_END_WITHIN, end - os.monotonic()), { signal: SIGNAL.KILL });
}

function* sendTerm(ports: LastSignalsPorts): Steps<void> {
  const { scanner, population } = ports;
  let loggers: Spared = new Set();
  // The supervisors are not processes, but get the signals like them: they start nothing any more.
  yield* now(ports, () => scanner.endServices());
  yield* now(ports, () => loggers = sparedBy(ports, ({ isLogger }) => isLogger));
  yield* now(ports, () => population.signal([SIGNAL.HUP, SIGNAL.TERM, SIGNAL.CONT], loggers));
}

function nameSurvivors({ scanner, population, lastWords }: LastSignalsPorts, spared: Spared, grace: number): void {
  const services = new Map(scanner.services().map(({ pid, name }): [number, ByteString] => [pid, name]));
  const survivors = population.survivors(spared);
  for (const survivor of survivors.slice(0, MOST_NAMED)) {
    // 0 is that of services that do not run, and a session that is not seen from here.
    const service = survivor.session === 0 ? undefined : services.get(survivor.session);
    lastWords("warning", "s6-finish", `still alive after ${durationInWords(grace)}: ${named(survivor, service)}`);
  }
  const more = survivors.length - MOST_NAMED;
  if (more > 0) lastWords("warning", "s6-finish", `still alive after ${durationInWords(grace)}: ${more} more`);
}

function named({ pid, name }: Survivor, service: ByteString | undefined): ByteString {
  return service === undefined ? `${pid} ${name}` : `${pid} ${name} (service ${service})`;
}

function step({ reactor, failed }: LastSignalsPorts, limit: number, part: () => Steps<void>): Steps<void> {
  return attempt(reactor, limit, part, failed);
}

// deno-lint-ignore require-yield
function* now({ failed }: LastSignalsPorts, work: () => void): Steps<void> {
  try {
    work();
  } catch (error) {
    failed(error);
  }
}

function sparedBy(
  { scanner, relay }: Pick<LastSignalsPorts, "scanner" | "relay">,
  which: (service: ReturnType<Scanner["services"]>[number]) => boolean,
): Spared {
  const services = scanner.services().filter((service) => service.pid !== 0 && which(service));
  return new Set([...services.map(({ pid }) => pid), ...relay?.() ?? []]);
}
