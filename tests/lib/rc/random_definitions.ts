// Random sets of definitions, of the kind that compile: dependencies lead back, producers forward.

import type { Definition, Mention } from "../../../lib/rc/definition.ts";
import type { Random } from "../../random/random.ts";

const mention = (name: string): Mention => ({ name, file: `s/${name}`, line: undefined });

export function randomDefinitions(random: Random): Definition[] {
  const names = Array.from({ length: random.below(20) }, (_, at) => `${at}${"x\xff ".slice(0, random.below(4))}`);
  const some = (end: number): Mention[] => names.slice(0, end).filter(() => random.chance(0.2)).map(mention);
  const words = (): string[] => Array.from({ length: random.below(4) }, () => random.pick(["", " a", "b", "\xe9"]));
  const definitions = names.map((name, at): Definition => {
    const flags = { essential: random.chance(0.2), recommended: random.chance(0.2) };
    const base = { name, directory: `s/${name}`, ...flags };
    if (random.chance(0.2)) return { kind: "bundle", ...base, contents: some(at) };
    const atomic = {
      ...base,
      dependencies: some(at),
      timeoutUp: random.below(2 ** 32),
      timeoutDown: random.below(9),
    };
    if (random.chance(0.5)) return { kind: "oneshot", ...atomic, up: words(), down: words(), reload: words() };
    return { kind: "longrun", ...atomic, producerFor: undefined, consumerFor: [], pipelineName: undefined };
  });
  return piped(definitions, random);
}

/** Has some longruns write to ones that are defined before them. */
function piped(definitions: readonly Definition[], random: Random): Definition[] {
  const consumers = new Map<string, Mention>();
  const producers = new Map<string, Mention[]>();
  const earlier: string[] = [];
  for (const { kind, name } of definitions) {
    if (kind !== "longrun") continue;
    if (earlier.length > 0 && random.chance(0.4)) {
      const consumer = random.pick(earlier);
      consumers.set(name, mention(consumer));
      producers.set(consumer, [...producers.get(consumer) ?? [], mention(name)]);
    }
    earlier.push(name);
  }
  return definitions.map((definition) => {
    if (definition.kind !== "longrun") return definition;
    const [producerFor, consumerFor] = [consumers.get(definition.name), producers.get(definition.name) ?? []];
    const isLast = producerFor === undefined && consumerFor.length > 0;
    const pipelineName = isLast && random.chance(0.5) ? mention(`pipeline of ${definition.name}`) : undefined;
    return { ...definition, producerFor, consumerFor, pipelineName };
  });
}
