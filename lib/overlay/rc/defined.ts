// Oneshots and bundles of s6-rc, and how they stand: they have no supervisor, so that process 1 does not count them among the
// services. Pure: what is known comes from the live directory and from what process 1 tells.

import type { ByteString } from "../../bytes.ts";
import { STATE_BIT } from "../../rc/change.ts";
import type { Graph } from "../../rc/graph.ts";
import { INTERNAL_SERVICES } from "../../rc/places.ts";
import type { ScriptRecord } from "../../rc/script_record.ts";
import { bareSignalName } from "../../signals.ts";
import { STEPS, TOP } from "./built_in_definitions.ts";
import { isAsWanted } from "../journal/health.ts";
import type { Exit, Moment, ScriptSnapshot, Snapshot } from "../journal/snapshot.ts";
import { serviceWord } from "../journal/state_words.ts";

/** A oneshot or a bundle of s6-rc. */
export interface DefinedService {
  /** Its name. */
  readonly name: ByteString;
  /** A oneshot is work to do, a bundle a name for other services. */
  readonly kind: "oneshot" | "bundle";
  /** Whether it is up, as s6-rc has it; "partly up" are some members of a bundle. */
  readonly state: "up" | "down" | "partly up";
  /** False: the boot was to bring it up and has not, or a member is not as it is wanted. */
  readonly asWanted: boolean;
  /** Why the boot has not brought it up, as the rest of a sentence; null where that is not so. */
  readonly notStarted: ByteString | null;
  /** What keeps its program from being executed; null where nothing is known, and in a status. */
  readonly why: ByteString | null;
  /** What to do about that; null where nothing is known, and in a status. */
  readonly cure: ByteString | null;
  /** The file that its up executes, where its command line begins with one; else null. */
  readonly program: ByteString | null;
  /** The boot starts it: a bundle that it starts has it, or what is started needs it. Of a bundle: all that it has. */
  readonly startsAtBoot: boolean;
  /** The condition that does not hold for which it is passed over; null where there is none. */
  readonly disabled: ByteString | null;
  /** Its script that runs now; null where none does, or s6-rc has started it. */
  readonly running: OneshotRun | null;
  /** What its script did last; null where none has run. */
  readonly last: LastScript | null;
  /** What has to be up before it; of a bundle none. */
  readonly needs: readonly DefinedMember[];
  /** What it has to be up for; of a bundle none. */
  readonly neededBy: readonly ByteString[];
  /** What a bundle stands for. */
  readonly members: readonly DefinedMember[];
  /** Where its scripts print, for people; null of a bundle, and in a status. */
  readonly outputPlace: ByteString | null;
}

/** What s6-rc knows of a longrun beside what its supervisor does. */
export interface ServiceOrder {
  /** The boot starts it: a bundle that it starts has it, or what is started needs it. */
  readonly startsAtBoot: boolean;
  /** The condition that does not hold for which the boot has passed it over; null where there is none. */
  readonly disabled: ByteString | null;
  /** What has to be up before it. */
  readonly needs: readonly DefinedMember[];
  /** What it has to be up for. */
  readonly neededBy: readonly ByteString[];
}

/** A service that another one needs, or that is in a bundle. */
export interface DefinedMember {
  /** Its name. */
  readonly name: ByteString;
  /** What it is. */
  readonly kind: "oneshot" | "longrun";
  /** "up" or "down", and of a longrun all that it may be: "up", "not ready", "failed", "finishing" and so on. */
  readonly state: ByteString;
  /** It is there, for what needs it. */
  readonly isUp: boolean;
}

/** A script of a oneshot that runs. */
interface OneshotRun {
  /** Its process. */
  readonly pid: number;
  /** When it was started. */
  readonly since: Moment;
}

/** How the script of a oneshot ended last. */
interface LastScript extends Exit {
  /** Which of its scripts that was; null where process 1 has run it, in the boot or the stop. */
  readonly move: "up" | "down" | "reload" | null;
  /** When it ended. */
  readonly at: Moment;
}

interface Known {
  readonly graph: Graph;
  /** By number, as the live directory has it. */
  readonly state: Uint8Array;
  readonly snapshot: Pick<Snapshot, "now" | "container" | "services" | "scripts">;
  /** What s6-rc has noted of a oneshot. */
  readonly recordOf: (oneshot: ByteString) => ScriptRecord | undefined;
  readonly whyDisabled: (service: ByteString) => ByteString | undefined;
}

/** Undefined for a name that is that of neither. */
export function definedService(known: Known, name: ByteString): DefinedService | undefined {
  const { graph } = known;
  const number = graph.services.findIndex((service) => service.name === name && service.kind === "oneshot");
  if (number >= 0) return oneshot(known, number);
  const members = graph.bundles.get(name);
  return members === undefined ? undefined : bundle(known, name, members);
}

/** Undefined for what is no longrun of s6-rc. */
export function orderOf(known: Known, name: ByteString): ServiceOrder | undefined {
  const number = known.graph.services.findIndex((service) => service.name === name && service.kind === "longrun");
  return number < 0 || INTERNAL_SERVICES.includes(name) ? undefined : orderAt(known, number);
}

function orderAt(known: Known, number: number): ServiceOrder {
  const { services } = known.graph;
  const { name, needs, neededBy } = services[number]!;
  return {
    startsAtBoot: startsAtBoot(known.graph, number),
    disabled: known.whyDisabled(name) ?? null,
    needs: needs.map((other) => member(known, other)).filter(({ name }) => !INTERNAL_SERVICES.includes(name)),
    neededBy: neededBy.map((other) => services[other]!.name),
  };
}

function startsAtBoot({ services, bundles }: Graph, number: number): boolean {
  const pending = [...bundles.get(TOP) ?? []];
  const seen = new Set(pending);
  for (const other of pending) {
    if (other === number) return true;
    for (const needed of services[other]!.needs.filter((needed) => !seen.has(needed))) {
      seen.add(needed);
      pending.push(needed);
    }
  }
  return false;
}

function oneshot(known: Known, number: number): DefinedService {
  const { graph, snapshot: { container, scripts } } = known;
  const { name } = graph.services[number]!;
  const notStarted = container.notStarted.find((one) => one.name === name)?.why ?? null;
  const own = scripts.filter((script) =>
    name === STEPS.initialize ? script.kind === "cont-init.d" : script.kind === "task" && script.name === name
  );
  const running = own.findLast(({ ended }) => ended === null);
  return {
    name,
    kind: "oneshot",
    state: isUp(known, number) ? "up" : "down",
    asWanted: notStarted === null,
    notStarted,
    why: null,
    cure: null,
    outputPlace: null,
    program: programOf(known, number),
    running: running === undefined ? null : { pid: running.pid, since: running.started },
    last: lastOf(known, name, own),
    members: [],
    ...orderAt(known, number),
  };
}

function programOf({ graph }: Known, number: number): ByteString | null {
  const service = graph.services[number]!;
  const [first = ""] = service.kind === "oneshot" ? service.up : [];
  return first.startsWith("/") ? first : null;
}

function bundle(known: Known, name: ByteString, numbers: readonly number[]): DefinedService {
  const { snapshot: { container: { cause, notStarted }, services } } = known;
  const members = numbers.map((number) => member(known, number));
  const names = new Set(members.map(({ name }) => name));
  const count = members.filter(({ isUp }) => isUp).length;
  return {
    name,
    kind: "bundle",
    state: count === members.length ? "up" : count === 0 ? "down" : "partly up",
    asWanted: !notStarted.some(({ name }) => names.has(name)) &&
      services.every((service) => !names.has(service.name) || isAsWanted(service, cause !== null)),
    notStarted: null,
    why: null,
    cure: null,
    outputPlace: null,
    program: null,
    startsAtBoot: numbers.every((number) => startsAtBoot(known.graph, number)),
    disabled: null,
    running: null,
    last: null,
    needs: [],
    neededBy: [],
    members,
  };
}

function isUp({ state }: Known, number: number): boolean {
  return (state[number]! & STATE_BIT.up) !== 0;
}

function member(known: Known, number: number): DefinedMember {
  const { name, kind } = known.graph.services[number]!;
  const service = known.snapshot.services.find((one) => one.name === name);
  if (kind === "oneshot" || service === undefined) {
    const there = isUp(known, number);
    return { name, kind, state: there ? "up" : "down", isUp: there };
  }
  const word = serviceWord(service);
  const isReady = service.ready !== false;
  return { name, kind, state: word === "up" && !isReady ? "not ready" : word, isUp: word === "up" && isReady };
}

/** The later one of what process 1 has run and what s6-rc has. */
function lastOf(known: Known, name: ByteString, own: readonly ScriptSnapshot[]): LastScript | null {
  const { now } = known.snapshot;
  const record = known.recordOf(name);
  const ended = own.filter(({ ended }) => ended !== null);
  // Of the scripts of cont-init.d one that has failed says more.
  const script = ended.findLast(({ exit }) => exit?.code !== 0) ?? ended.at(-1);
  if (record !== undefined && record.time >= (script?.ended?.time ?? 0)) {
    const { move, code, signal, time } = record;
    const at = { time, after: now.after - (now.time - time) };
    return { move, code, signal: signal === null ? null : bareSignalName(signal), at };
  }
  return script === undefined ? null : { move: null, ...script.exit!, at: script.ended! };
}
