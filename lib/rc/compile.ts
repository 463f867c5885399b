// From definitions to a graph: services get numbers, names are looked up, bundles come down to their atomic services. Follows
// s6-rc-compile.

import type { ByteString } from "../bytes.ts";
import {
  type BundleDefinition,
  type Definition,
  DefinitionFailure,
  type LongrunDefinition,
  type Mention,
  type OneshotDefinition,
  placeOf,
  refuseAtOnce,
  type Refusing,
  refusing,
} from "./definition.ts";
import { type Circle, dependencyCircle, depthFirst } from "./depth_first.ts";
import type { AtomicService, Graph } from "./graph.ts";
import { checkPipeline, type Definitions, pipelineBundles } from "./pipeline.ts";
import { ONESHOT_RUNNER, PIPE_HOLDER } from "./places.ts";
import { type Progress, VERBOSITY } from "./progress.ts";

/** What a set of sources comes to. */
export interface Compiled {
  readonly graph: Graph;
  /** The numbers of the services as they were defined: the two of s6-rc itself, then by source and name. */
  readonly order: readonly number[];
  /** The directory that defines a longrun, by its number; undefined for those of s6-rc itself. */
  readonly directories: readonly (ByteString | undefined)[];
}

type AtomicDefinition = LongrunDefinition | OneshotDefinition;

/** A service of s6-rc itself. */
function internal(name: ByteString): LongrunDefinition {
  return {
    kind: "longrun",
    name,
    directory: "",
    essential: true,
    recommended: false,
    dependencies: [],
    timeoutUp: 0,
    timeoutDown: 0,
    producerFor: undefined,
    consumerFor: [],
    pipelineName: undefined,
  };
}

/** @param refuse takes what is wrong; what is left out then is what is wrong */
export function compileDefinitions(
  given: readonly Definition[],
  progress: Progress,
  refuse: Refusing = refuseAtOnce,
): Compiled {
  const defined = [internal(ONESHOT_RUNNER), internal(PIPE_HOLDER), ...given];
  const definitions = new Map(defined.map((definition) => [definition.name, definition]));
  const longruns = defined.filter((definition) => definition.kind === "longrun");
  const oneshots = defined.filter((definition) => definition.kind === "oneshot");
  const pipelines = pipelineBundles(longruns, definitions, progress, refuse);
  for (const bundle of pipelines) definitions.set(bundle.name, bundle);
  const atomics = [...longruns, ...oneshots];
  const numbers = new Map(atomics.map(({ name }, number) => [name, number]));
  const bundles = [...defined.filter((definition) => definition.kind === "bundle"), ...pipelines];
  const resolved = resolveBundles(bundles, numbers, progress, refuse);
  progress(VERBOSITY.steps, "info", "resolving service names");
  const needs = atomics.map((service) => {
    if (service.kind === "longrun") refusing(refuse, () => checkPipeline(service, definitions));
    return needsOf(service, numbers, resolved, refuse);
  });
  progress(VERBOSITY.services, "info", "converting service dependency array");
  progress(VERBOSITY.services, "info", "checking database correctness");
  refusing(refuse, () => refuseCircle(atomics, needs, definitions, resolved));
  const graph = { services: servicesOf(atomics, needs, numbers, flagsOf(bundles, resolved)), bundles: resolved };
  return {
    graph,
    order: defined.flatMap(({ name, kind }) => kind === "bundle" ? [] : [numbers.get(name)!]),
    directories: longruns.map(({ directory }) => directory === "" ? undefined : directory),
  };
}

type Members = ReadonlyMap<ByteString, readonly number[]>;

/** The atomic services of each bundle, in the order of their numbers. */
function resolveBundles(
  bundles: readonly BundleDefinition[],
  numbers: ReadonlyMap<ByteString, number>,
  progress: Progress,
  refuse: Refusing,
): Members {
  progress(VERBOSITY.steps, "info", "resolving bundle names");
  const places = new Map(bundles.map(({ name }, place) => [name, place]));
  const members = bundles.map(() => new Set<number>());
  /** The next bundle among the contents, as the walk counts only these. */
  const nested = bundles.map(({ name, contents }) =>
    function* (): Generator<number> {
      for (const mention of contents) {
        const place = places.get(mention.name);
        if (place !== undefined) yield place;
        else if (!numbers.has(mention.name)) refuse(undefinedName(`resolution of bundle ${name}`, mention));
      }
    }()
  );
  const collect = (at: number): void => {
    for (const { name } of bundles[at]!.contents) {
      const number = numbers.get(name);
      if (number !== undefined) members[at]!.add(number);
      else for (const inner of members[places.get(name) ?? -1] ?? []) members[at]!.add(inner);
    }
  };
  const circle = depthFirst(
    bundles.length,
    bundles.keys(),
    (at) => nested[at]!.next().value as number | undefined,
    collect,
  );
  if (circle !== undefined) refuse(circularBundle(circle, bundles));
  progress(VERBOSITY.services, "info", "converting bundle array");
  return new Map(bundles.map(({ name }, at) => [name, [...members[at]!].sort((a, b) => a - b)]));
}

function circularBundle(circle: Circle, bundles: readonly BundleDefinition[]): DefinitionFailure {
  const nameOf = (at: number): ByteString => bundles[at]!.name;
  return new DefinitionFailure(
    `cyclic bundle definition: resolution of ${nameOf(circle.from)} encountered a cycle involving ` +
      nameOf(circle.involving),
    `each contains the next: ${[...circle.path, circle.involving].map(nameOf).join(" -> ")}`,
    1,
    { file: bundles[circle.involving]!.directory },
  );
}

function undefinedName(during: string, mention: Mention): DefinitionFailure {
  return new DefinitionFailure(
    `during ${during}: undefined service name ${mention.name}`,
    `${placeOf(mention)} names it: define it, or take its name away`,
    1,
    mention,
  );
}

/** The numbers of all that a service needs directly. */
function needsOf(
  service: AtomicDefinition,
  numbers: ReadonlyMap<ByteString, number>,
  bundles: Members,
  refuse: Refusing,
): readonly number[] {
  const needs = new Set<number>();
  for (const mention of service.dependencies) {
    const number = numbers.get(mention.name);
    const members = number === undefined ? bundles.get(mention.name) : [number];
    if (members === undefined) refuse(undefinedName(`dependency resolution for service ${service.name}`, mention));
    for (const member of members ?? []) needs.add(member);
  }
  if (service.kind === "oneshot") needs.add(numbers.get(ONESHOT_RUNNER)!);
  else {
    const consumer = service.producerFor && numbers.get(service.producerFor.name);
    if (consumer !== undefined) needs.add(consumer);
    if (isPiped(service)) needs.add(numbers.get(PIPE_HOLDER)!);
  }
  return [...needs].sort((a, b) => a - b);
}

function isPiped({ producerFor, consumerFor }: LongrunDefinition): boolean {
  return producerFor !== undefined || consumerFor.length > 0;
}

function refuseCircle(
  atomics: readonly AtomicDefinition[],
  needs: readonly (readonly number[])[],
  definitions: Definitions,
  bundles: Members,
): void {
  const circle = dependencyCircle(needs);
  if (circle === undefined) return;
  const nameOf = (number: number): ByteString => atomics[number]!.name;
  const steps = circle.path.map((number, at) => {
    const target = circle.path[at + 1] ?? circle.involving;
    return `${nameOf(number)} needs ${nameOf(target)}${
      reasonOf(atomics[number]!, nameOf(target), target, definitions, bundles)
    }`;
  });
  throw new DefinitionFailure(
    `cyclic service dependency reached from ${nameOf(circle.from)} and involving ${nameOf(circle.involving)}`,
    steps.join(", "),
    1,
    { file: atomics[circle.involving]!.directory },
  );
}

/** Where a service says that it needs the other one. */
function reasonOf(
  service: AtomicDefinition,
  name: ByteString,
  number: number,
  definitions: Definitions,
  bundles: Members,
): string {
  const direct = service.dependencies.find((mention) => mention.name === name);
  const mention = direct ?? service.dependencies.find((mention) => bundles.get(mention.name)?.includes(number));
  if (mention === undefined) return ` (${service.directory}/producer-for)`;
  const through = definitions.get(mention.name)?.kind === "bundle" ? `, by the bundle ${mention.name}` : "";
  return ` (${placeOf(mention)}${through})`;
}

interface Flags {
  readonly essential: ReadonlySet<number>;
  readonly recommended: ReadonlySet<number>;
}

/** The flags of a bundle are those of its members. */
function flagsOf(bundles: readonly BundleDefinition[], members: Members): Flags {
  const numbersOf = (flagged: readonly BundleDefinition[]): Set<number> =>
    new Set(flagged.flatMap(({ name }) => members.get(name)!));
  return {
    essential: numbersOf(bundles.filter(({ essential }) => essential)),
    recommended: numbersOf(bundles.filter(({ recommended }) => recommended)),
  };
}

function servicesOf(
  atomics: readonly AtomicDefinition[],
  needs: readonly (readonly number[])[],
  numbers: ReadonlyMap<ByteString, number>,
  flags: Flags,
): AtomicService[] {
  const neededBy = atomics.map((): number[] => []);
  for (const [number, list] of needs.entries()) for (const needed of list) neededBy[needed]!.push(number);
  return atomics.map((service, number): AtomicService => {
    const { name, timeoutUp, timeoutDown } = service;
    const base = {
      name,
      essential: service.essential || flags.essential.has(number),
      recommended: service.recommended || flags.recommended.has(number),
      timeoutUp,
      timeoutDown,
      needs: needs[number]!,
      neededBy: neededBy[number]!,
    };
    if (service.kind === "oneshot") {
      const { up, down, reload } = service;
      return { kind: "oneshot", ...base, up, down, reload };
    }
    return {
      kind: "longrun",
      ...base,
      consumer: service.producerFor && numbers.get(service.producerFor.name),
      producers: service.consumerFor.flatMap((producer) => numbers.get(producer.name) ?? []),
    };
  });
}
