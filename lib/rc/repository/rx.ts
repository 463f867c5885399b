// What a set of a repository says of each service: that it is masked, usable, active or always up. Which services have to
// follow when some change, so that what is there has all that it needs. Pure. Follows the repository programs of s6-rc.

import type { ByteString } from "../../bytes.ts";
import { EXIT, Failure } from "../../report.ts";
import type { AtomicService, Graph } from "../graph.ts";
import { pipelinePairs } from "../pipeline_pairs.ts";
import { closure, type Direction, numbersIn, selectionOf } from "../plan.ts";

/** From the weakest to the strongest: a service needs that all it depends on has at least its own. */
export const RX_NAMES = ["masked", "usable", "active", "always"] as const;
/** A place in that list. */
export type Rx = 0 | 1 | 2 | 3;
export const RX = { masked: 0, usable: 1, active: 2, always: 3 } as const;
export const EVERY_RX: readonly Rx[] = [RX.masked, RX.usable, RX.active, RX.always];

/** The words by which people ask for one. */
export const RX_WORDS: Readonly<Record<string, Rx>> = {
  ...{ mask: RX.masked, masked: RX.masked, suppress: RX.masked },
  ...{ deactivate: RX.usable, disable: RX.usable, disabled: RX.usable, inactive: RX.usable, latent: RX.usable },
  ...{ unmask: RX.usable, unmasked: RX.usable, usable: RX.usable },
  ...{ activate: RX.active, active: RX.active, enable: RX.active, enabled: RX.active, onboot: RX.active },
  ...{ always: RX.always, essential: RX.always, "make-essential": RX.always },
};

/** The rx of a service that a set does not know yet. */
export function firstRx({ essential, recommended }: AtomicService): Rx {
  return essential ? RX.always : recommended ? RX.active : RX.usable;
}

/** A set, by the names of its services. */
export type SetContent = ReadonlyMap<ByteString, Rx>;

/** s6-rc's own services are in no set. */
export function isInternal(name: ByteString): boolean {
  return /^s6-?rc-/.test(name);
}

interface RxQuestion {
  /** The reference database. */
  readonly graph: Graph;
  readonly content: SetContent;
  /** The services that have this rx, or are to have it. */
  readonly named: readonly ByteString[];
  readonly rx: Rx;
  /** Which others are looked at: those that depend on them, those that they depend on. */
  readonly looksAt: readonly Direction[];
  /** For messages. */
  readonly where: ByteString;
}

/** The services that cannot stay as they are beside those that are named: they need this rx as well. */
export function misfits(question: RxQuestion): readonly ByteString[] {
  const { graph, content, named, rx, looksAt, where } = question;
  const names = new Set(named);
  const numbers = graph.services.flatMap(({ name }, number) => names.has(name) ? [number] : []);
  const all = (direction: Direction): AtomicService[] =>
    numbersIn(closure(graph, selectionOf(graph, numbers), direction)).reverse().map((number) => graph.services[number]!)
      .filter(({ name }) => !isInternal(name));
  const dependents = rx < RX.always && looksAt.includes("down") ? all("down") : [];
  const dependencies = rx > RX.masked && looksAt.includes("up") ? all("up") : [];
  const rxOf = (name: ByteString): Rx => {
    const found = content.get(name);
    if (found === undefined) throw new Failure(EXIT.system, `unable to find service ${name} in ${where}`);
    return found;
  };
  const found = new Set([
    ...dependents.filter(({ name }) => !names.has(name) && rxOf(name) > rx),
    ...dependencies.filter(({ name }) => !names.has(name) && rxOf(name) < rx),
  ].map(({ name }) => name));
  if (looksAt.includes(rx === RX.masked ? "down" : "up")) {
    for (const service of [...dependents, ...dependencies]) {
      for (const member of pipelineMembers(graph, service)) {
        // A pipeline is masked as a whole, or not at all.
        if ((rx === RX.masked) !== (rxOf(member) === RX.masked)) found.add(member);
      }
    }
  }
  return [...found];
}

/** All others in the pipeline of a service. */
function pipelineMembers(graph: Graph, service: AtomicService): readonly ByteString[] {
  if (service.kind !== "longrun") return [];
  return pipelinePairs(graph, service).flat().map(({ name }) => name).filter((name) => name !== service.name);
}

/** A step by which a set is made consistent: these services get this rx. */
export interface FixStep {
  readonly rx: Rx;
  readonly services: readonly { readonly name: ByteString; readonly rx: Rx }[];
}

/**
 * What makes a set consistent, a step for each rx, which its caller carries out before it asks for the next.
 * @param direction up: what is needed gets as strong as what needs it. down: what needs gets as weak as what it needs.
 */
export function* fixSteps(
  graph: Graph,
  content: SetContent,
  direction: Direction,
  where: ByteString,
): Generator<FixStep> {
  const present = new Map(content);
  for (const rx of EVERY_RX) {
    const named = [...content].filter(([, its]) => its === rx).map(([name]) => name);
    if (named.length === 0) continue;
    const names = misfits({ graph, content: present, named, rx, looksAt: [direction], where });
    if (names.length === 0) continue;
    yield { rx, services: names.map((name) => ({ name, rx: present.get(name)! })) };
    for (const name of names) present.set(name, rx);
  }
}
