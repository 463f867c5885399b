// Graphs of services for tests, written as text.

import type { AtomicService, Graph } from "../../../lib/rc/graph.ts";

/**
 * Services by name: those that each needs. A name that begins with "~" is that of a oneshot; "name>consumer" is in a pipeline;
 * "name!" is essential and "name?" recommended. Longruns are to come first, as in a database.
 */
export function graphIn(
  lines: Readonly<Record<string, string>>,
  bundles: Readonly<Record<string, string>> = {},
): Graph {
  const keys = Object.keys(lines);
  const names = keys.map((key) => key.replace(/^~/, "").replace(/[!?]?(>.*)?$/, ""));
  const numbersOf = (text: string): number[] => text.split(" ").filter(Boolean).map((name) => numberOf(names, name));
  const needs = Object.values(lines).map(numbersOf);
  const neededBy: number[][] = names.map(() => []);
  needs.forEach((list, number) => list.forEach((other) => neededBy[other]!.push(number)));
  const consumers = keys.map((key) => /(?<=>).*/.exec(key)?.[0]).map((name) => name && numberOf(names, name));
  const services = keys.map((key, number): AtomicService => {
    const flags = { essential: key.includes("!"), recommended: key.includes("?") };
    const lists = { needs: needs[number]!, neededBy: neededBy[number]! };
    const base = { name: names[number]!, ...flags, timeoutUp: 0, timeoutDown: 0, ...lists };
    if (key.startsWith("~")) return { kind: "oneshot", ...base, up: [], down: [], reload: [] };
    const producers = consumers.flatMap((consumer, producer) => consumer === number ? [producer] : []);
    return { kind: "longrun", ...base, consumer: consumers[number] as number | undefined, producers };
  });
  return { services, bundles: new Map(Object.entries(bundles).map(([name, members]) => [name, numbersOf(members)])) };
}

function numberOf(names: readonly string[], name: string): number {
  const number = names.indexOf(name);
  if (number < 0) throw new Error(`no service is called ${name}`);
  return number;
}
