// s6-overlay start, stop, restart, reload and signal: process 1 has services do something; the command ends when they
// have done it.

import type { ByteString } from "../../lib/bytes.ts";
import { durationInWords } from "../../lib/overlay/durations.ts";
import { ALL, chosenServices, noSuchService } from "../../lib/overlay/control/choice.ts";
import { type AwaitedDeed, SETTLED, stillDoes, verdictOn } from "../../lib/overlay/control/goal.ts";
import type { Done, DoorRequest } from "../../lib/overlay/journal/request.ts";
import type { ServiceSnapshot, Snapshot } from "../../lib/overlay/journal/snapshot.ts";
import { serviceInWords } from "../../lib/overlay/journal/state_words.ts";
import { printable } from "../../lib/printable.ts";
import { Failure, invalid } from "../../lib/report.ts";
import { signalNumber } from "../../lib/signals.ts";
import type { Context } from "../applet.ts";
import { ask, snapshotOf } from "../asking.ts";
import { requireServices } from "./other_names.ts";
import type { Arguments, Subcommand } from "./subcommand.ts";

const NOT_DONE = 1;
/** As s6-svwait has it. */
const TIME_OVER = 99;
/** Milliseconds between two looks, at first and at most. */
const LOOK_EVERY = { first: 5, most: 100 };

const SERVICES = "service... | all";
const EXITS = { 100: "bad usage, or there is no service of that name: none was told anything" };
const ALL_NOTE = "all stands for all services but loggers and those that the overlay brings with it.";

interface Awaiting {
  readonly name: string;
  readonly deed: AwaitedDeed;
  readonly summary: string;
  readonly notes: readonly string[];
}

const STARTED = "One that does not notify readiness counts as started when it has been up for " +
  `${
    durationInWords(SETTLED)
  }, and so does one that has ended by itself again and again. One whose run ends by itself ` +
  "before that has failed, also if it is started again.";

/** A subcommand that waits. */
function awaiting({ name, deed, summary, notes }: Awaiting): Subcommand {
  return {
    name,
    usage: `[ --no-wait | -t milliseconds ] ${SERVICES}`,
    summary,
    options: {
      "no-wait": "do not wait until they have done it",
      "t milliseconds": "wait so long at most; without it as long as it takes",
    },
    exits: {
      1: "a service has not done it, or will not by itself: one line says why",
      99: "the time is over",
      ...EXITS,
    },
    notes: [...notes, "All services are told first, then all are waited for.", ALL_NOTE],
    least: 1,
    most: Infinity,
    run: async (context, given) => {
      const limit = given.number("t");
      if (limit !== undefined && given.has("no-wait")) throw invalid("--no-wait and -t do not go together");
      const snapshot = await snapshotOf(context);
      const { container } = snapshot;
      const services = await chosenIn(context, snapshot, given.operands, name);
      if (deed !== "down" && container.cause !== null) {
        throw new Failure(NOT_DONE, printable(`nothing is started: the container is stopping: ${container.cause}`));
      }
      const done = await tell(context, { ask: "do", deed, services });
      if (!given.has("no-wait")) await waitFor(context, deed, done, limit);
      return 0;
    },
  };
}

/** A subcommand that has run get something, and waits for nothing. */
function sending(
  { name, operands, summary, notes, request }: {
    readonly name: string;
    readonly operands: string;
    readonly summary: string;
    readonly notes: readonly string[];
    /** What is asked for, and the words that say for which services. */
    readonly request: (given: Arguments) => [Wish, readonly ByteString[]];
  },
): Subcommand {
  return {
    name,
    usage: operands,
    summary,
    options: {},
    exits: { 1: "a service that was named does not run: one line says which", ...EXITS },
    notes: [...notes, `${ALL_NOTE} Those that do not run are passed over then.`],
    least: operands.startsWith("signal") ? 2 : 1,
    most: Infinity,
    run: async (context, given) => {
      const [wish, words] = request(given);
      const services = await chosenIn(context, await snapshotOf(context), words, name);
      const { before } = await tell(context, { ...wish, services });
      const idle = before.filter(({ state }) => state !== "up" && state !== "starting");
      const isAll = words.length === 1 && words[0] === ALL;
      if (idle.length > 0 && !isAll) {
        throw new Failure(
          NOT_DONE,
          idle.map((service) => printable(`service ${service.name} ${serviceInWords(service)}`)).join("; "),
        );
      }
      return 0;
    },
  };
}

type Wish = { readonly ask: "do"; readonly deed: "reload" } | { readonly ask: "signal"; readonly signal: string };

export const startServices: Subcommand = awaiting({
  name: "start",
  deed: "up",
  summary: "start services, and wait until they are up, and ready where they notify",
  notes: [STARTED],
});

export const stopServices: Subcommand = awaiting({
  name: "stop",
  deed: "down",
  summary: "stop services, and wait until they are down, their finish scripts included",
  notes: ["The container goes on, also where a service is essential. Until the container ends they stay down."],
});

export const restartServices: Subcommand = awaiting({
  name: "restart",
  deed: "restart",
  summary: "restart services, and wait until they are up again, and ready where they notify",
  notes: ["One that is down is started.", STARTED],
});

export const reloadServices: Subcommand = sending({
  name: "reload",
  operands: SERVICES,
  summary: "have services read their configuration again",
  notes: ["They get the signal that is named in their file reload-signal, or HUP."],
  request: ({ operands }) => [{ ask: "do", deed: "reload" }, operands],
});

export const signalServices: Subcommand = sending({
  name: "signal",
  operands: `signal ${SERVICES}`,
  summary: "send a signal to services",
  notes: ["A signal is a name, with or without SIG, or a number."],
  request: ({ operands: [name = "", ...words] }) => {
    if (signalNumber(name) === undefined) {
      throw invalid(`there is no signal ${printable(name)}: it is a name such as HUP, or a number from 1 to 64`);
    }
    return [{ ask: "signal", signal: name }, words];
  },
});

/** @throws Failure 100 if a name is that of no service */
async function chosenIn(
  context: Context,
  snapshot: Snapshot,
  words: readonly ByteString[],
  subcommand: string,
): Promise<ByteString[]> {
  const isAll = words.length === 1 && words[0] === ALL;
  if (!isAll) await requireServices(context, snapshot, words, subcommand);
  return chosenServices(words, snapshot.services);
}

async function tell(context: Context, request: DoorRequest & { readonly ask: "do" | "signal" }): Promise<Done> {
  const done = await ask<Done>(context, request);
  const [unknown] = done.unknown;
  // It has vanished since.
  if (unknown !== undefined) throw noSuchService(unknown, done.before.map(({ name }) => name));
  return done;
}

/** @throws Failure if a service will not do it by itself, or the time is over */
async function waitFor(context: Context, deed: AwaitedDeed, done: Done, limit: number | undefined): Promise<void> {
  const { os } = context;
  const deadline = limit === undefined ? Infinity : os.monotonic() + limit;
  const failures = new Map<ByteString, ByteString>();
  let waiting = done.before;
  for (let pause = LOOK_EVERY.first;; pause = Math.min(2 * pause, LOOK_EVERY.most)) {
    const snapshot = await snapshotOf(context, { services: waiting.map(({ name }) => name) });
    waiting = waiting.filter((before) => {
      const present = { ...snapshot, service: serviceOf(snapshot, before.name) };
      const verdict = verdictOn(deed, { now: done.now, before }, present);
      if (typeof verdict === "object") failures.set(before.name, verdict.failed);
      return verdict === "not yet";
    });
    if (waiting.length === 0) break;
    const left = deadline - os.monotonic();
    if (left <= 0) {
      for (const { name } of waiting) failures.set(name, stillDoes(deed, serviceOf(snapshot, name)));
      throw new Failure(TIME_OVER, `not done within ${durationInWords(limit ?? 0)}: ${inOneLine(failures)}`);
    }
    os.sleep(Math.min(pause, left));
  }
  if (failures.size > 0) throw new Failure(NOT_DONE, inOneLine(failures));
}

function serviceOf({ services }: Snapshot, name: ByteString): ServiceSnapshot | undefined {
  return services.find((service) => service.name === name);
}

function inOneLine(failures: ReadonlyMap<ByteString, ByteString>): string {
  return [...failures].map(([name, why]) => printable(`service ${name} ${why}`)).join("; ");
}
