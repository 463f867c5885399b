// What process 1 answers to a request at its door: who may ask it what, and what is done. Bad requests get one line.

import type { ByteString } from "../../bytes.ts";
import { valueOfJson } from "../../json.ts";
import { printable } from "../../printable.ts";
import { signalNumber } from "../../signals.ts";
import type { ServiceCommand } from "../../supervise/control.ts";
import type { Scanner } from "../../supervise/scanner_port.ts";
import {
  type Done,
  type DoorRequest,
  type PrintedLast,
  type Refusal,
  SERVICE_DEEDS,
  type ServiceDeed,
} from "./request.ts";
import { type Snapshot, SNAPSHOT_VERSION } from "./snapshot.ts";

interface AnswerPorts {
  readonly scanner: Pick<Scanner, "command">;
  /** @param names of these services only; all, if left out */
  readonly snapshot: (journal: boolean, names: readonly ByteString[] | undefined) => Snapshot;
  /** What a service has printed last on each of its streams, where the relay carries that on. */
  readonly printedLast: (name: ByteString) => readonly ByteString[];
}

/**
 * What the commands come to. A restart is a stop, with all that the service says of one, of what is wanted up again
 * before it has ended: nothing is told that is down or finishing, and it starts.
 */
const COMMANDS: Readonly<Record<ServiceDeed, readonly ServiceCommand[]>> = {
  up: [{ on: "up" }],
  down: [{ on: "down" }],
  restart: [{ on: "down" }, { on: "up" }],
  reload: [{ on: "reloadSignal" }],
};

const MAY_NOT_CHANGE = "only root and the user of process 1 may change services: ask as one of them";
/** What others than root and the user of process 1 are told. */
const NOT_ALLOWED: Readonly<Record<Exclude<DoorRequest["ask"], "snapshot">, string>> = {
  do: MAY_NOT_CHANGE,
  signal: MAY_NOT_CHANGE,
  printed: "only root and the user of process 1 may read what services have printed: ask as one of them",
};

/**
 * The answer, an object to be sent as JSON.
 * @param text the request as it came
 * @param mayChange the asker is process 1's own user, or root
 */
export function answerRequest(
  text: ByteString,
  mayChange: boolean,
  ports: AnswerPorts,
): Snapshot | Done | PrintedLast | Refusal {
  const request = parseRequest(text);
  if (typeof request === "string") return refusal(request);
  if (request.ask === "snapshot") return ports.snapshot(request.journal ?? false, request.services);
  if (!mayChange) return refusal(NOT_ALLOWED[request.ask]);
  const { now, services } = ports.snapshot(false, request.services);
  const before = services.map(({ name, state, failed, paused, starts }) => ({ name, state, failed, paused, starts }));
  const known = new Set(before.map(({ name }) => name));
  if (request.ask === "printed") {
    return { version: SNAPSHOT_VERSION, printed: before.map(({ name }) => ({ name, tails: ports.printedLast(name) })) };
  }
  const unknown = request.services.filter((name) => !known.has(name));
  if (unknown.length === 0) {
    for (const name of request.services) {
      for (const command of commandsOf(request)) ports.scanner.command(name, command);
    }
  }
  return { version: SNAPSHOT_VERSION, now, unknown, before };
}

function refusal(error: ByteString): Refusal {
  return { version: SNAPSHOT_VERSION, error };
}

function commandsOf(request: DoorRequest & { ask: "do" | "signal" }): readonly ServiceCommand[] {
  if (request.ask === "do") return COMMANDS[request.deed];
  return [{ on: "signal", signal: signalNumber(request.signal)! }];
}

/** A text where it is no request. */
function parseRequest(text: ByteString): DoorRequest | string {
  let value: unknown;
  try {
    value = valueOfJson(text);
  } catch {
    return "the request is no JSON object";
  }
  if (typeof value !== "object" || value === null) return "the request is no JSON object";
  const { version, ask, journal, services, deed, signal } = value as Readonly<Record<string, unknown>>;
  if (version !== SNAPSHOT_VERSION) {
    return `the request has version ${shown(version)}, this process 1 answers to ${SNAPSHOT_VERSION}`;
  }
  if (services !== undefined && !isNames(services)) return "services is no list of names";
  if (ask === "snapshot") return { ask, journal: journal === true, ...services === undefined ? {} : { services } };
  if (ask !== "do" && ask !== "signal" && ask !== "printed") {
    return `no such request: ${shown(ask)}; it is one of snapshot, do, signal, printed`;
  }
  if (services === undefined) return "services is missing: name those that are meant";
  if (ask === "printed") return { ask, services };
  if (ask === "do" && SERVICE_DEEDS.includes(deed as ServiceDeed)) return { ask, deed: deed as ServiceDeed, services };
  if (ask === "do") return `no such deed: ${shown(deed)}; it is one of ${SERVICE_DEEDS.join(", ")}`;
  if (typeof signal === "string" && signalNumber(signal) !== undefined) return { ask, signal, services };
  return `no such signal: ${shown(signal)}`;
}

function isNames(value: unknown): value is readonly ByteString[] {
  return Array.isArray(value) && value.every((name) => typeof name === "string");
}

/** Of an object nothing: the asker says what it would be as text, and how deep it is. */
function shown(value: unknown): string {
  return typeof value === "object" && value !== null ? "an object" : printable(`${value}`.slice(0, 40));
}
