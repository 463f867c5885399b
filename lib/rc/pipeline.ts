// Pipelines: longruns that write to one another. Each side names the other; the last one may name the whole, which becomes a
// bundle. Follows s6-rc-compile.

import type { ByteString } from "../bytes.ts";
import {
  type BundleDefinition,
  type Definition,
  DefinitionFailure,
  type LongrunDefinition,
  type Mention,
  placeOf,
  type Refusing,
  refusing,
} from "./definition.ts";
import { refuseReserved } from "./definition_file.ts";
import { type Progress, VERBOSITY } from "./progress.ts";
import { refuseDuplicate } from "./source.ts";

/** Definitions by name. */
export type Definitions = ReadonlyMap<ByteString, Definition>;

/** What the compiler itself defines is defined here. */
const INTERNALS = "s6-rc-compile internals";

/** The bundle of each pipeline that has a name. */
export function pipelineBundles(
  longruns: readonly LongrunDefinition[],
  definitions: Definitions,
  progress: Progress,
  refuse: Refusing,
): BundleDefinition[] {
  progress(VERBOSITY.steps, "info", "making bundles for pipelines");
  const bundles = new Map<ByteString, BundleDefinition>();
  for (const last of longruns.toReversed()) {
    const name = last.pipelineName?.name;
    if (name === undefined) continue;
    progress(VERBOSITY.services, "info", `creating bundle for pipeline ${name}`);
    refusing(refuse, () => {
      refuseReserved(INTERNALS, name);
      refuseDuplicate(definitions.get(name) ?? bundles.get(name), name, INTERNALS);
      const contents = members(name, last, definitions, longruns.length, progress);
      const plain = { essential: false, recommended: false };
      bundles.set(name, { kind: "bundle", name, directory: last.directory, contents, ...plain });
    });
  }
  return [...bundles.values()];
}

/** The last consumer and all longruns whose output comes to it. */
function members(
  pipeline: ByteString,
  last: LongrunDefinition,
  definitions: Definitions,
  most: number,
  progress: Progress,
): Mention[] {
  const found: Mention[] = [];
  const open: { mention: Mention; consumer: ByteString }[] = [
    { mention: { name: last.name, file: last.directory, line: undefined }, consumer: "" },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { mention, consumer } = next;
    const longrun = definitions.get(mention.name);
    if (longrun?.kind !== "longrun") {
      throw wrongKind(`longrun ${consumer} declares a producer ${mention.name}`, longrun, mention);
    }
    if (found.length >= most) {
      throw new DefinitionFailure(
        `pipeline ${pipeline} is too long: possible loop involving ${mention.name}`,
        `it is named in ${placeOf(mention)}`,
        1,
        mention,
      );
    }
    progress(VERBOSITY.names, "info", `adding ${mention.name} to pipeline ${pipeline}`);
    found.push(mention);
    for (const producer of longrun.consumerFor.toReversed()) open.push({ mention: producer, consumer: mention.name });
  }
  return found;
}

/**
 * That what the longrun names on either side names it back.
 * @throws DefinitionFailure
 */
export function checkPipeline(longrun: LongrunDefinition, definitions: Definitions): void {
  const { name, producerFor, consumerFor } = longrun;
  if (producerFor !== undefined) checkConsumer(name, producerFor, definitions);
  for (const mention of consumerFor) {
    const producer = definitions.get(mention.name);
    const declaration = `longrun service ${name} declares being the consumer for a service named ${mention.name}`;
    if (producer?.kind !== "longrun") throw wrongKind(declaration, producer, mention);
    const back = producer.producerFor;
    const consumer = back === undefined ? undefined : definitions.get(back.name);
    if (back !== undefined && consumer?.kind !== "longrun") {
      throw wrongKind(`longrun service ${mention.name} declares a producer ${back.name}`, consumer, back);
    }
    if (back?.name !== name) throw notBack(declaration, mention, `${producer.directory}/producer-for`, name);
  }
}

function checkConsumer(name: ByteString, mention: Mention, definitions: Definitions): void {
  const declaration = `longrun service ${name} declares being a producer for a service named ${mention.name}`;
  const consumer = definitions.get(mention.name);
  if (consumer?.kind !== "longrun") throw wrongKind(declaration, consumer, mention);
  for (const back of consumer.consumerFor) {
    const producer = definitions.get(back.name);
    if (producer?.kind !== "longrun") {
      throw wrongKind(`longrun service ${mention.name} declares a consumer ${back.name}`, producer, back);
    }
    if (back.name === name) return;
  }
  throw notBack(declaration, mention, `${consumer.directory}/consumer-for`, name);
}

function wrongKind(text: ByteString, found: Definition | undefined, mention: Mention): DefinitionFailure {
  const cure = found === undefined
    ? `no source defines ${mention.name}, which ${placeOf(mention)} names`
    : `only longruns can be in a pipeline, and ${placeOf(mention)} names it`;
  return new DefinitionFailure(`${text} of type ${found?.kind ?? "unknown"}`, cure, 1, mention);
}

function notBack(text: ByteString, mention: Mention, missing: ByteString, name: ByteString): DefinitionFailure {
  return new DefinitionFailure(
    `${text} that does not declare it back`,
    `${placeOf(mention)} says so: ${missing} has to hold ${name}`,
    1,
    { file: mention.file, line: mention.line },
  );
}
