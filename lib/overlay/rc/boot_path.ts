// What a boot of generation 3 took its time for: of all transitions those on the critical path, each of which had to end for
// the next one to begin. Pure.

import type { Graph } from "../../rc/graph.ts";

/** Moments of the monotonic clock; `to` is undefined as long as it goes on. */
export interface Transition {
  readonly from: number;
  to: number | undefined;
}

/** @returns the numbers of services, in the order in which their transitions began */
export function bootPath({ services }: Graph, transitions: ReadonlyMap<number, Transition>): readonly number[] {
  const path = new Set<number>();
  const left = lastOf(transitions);
  for (let number = left.pop(); number !== undefined; number = left.pop()) {
    if (path.has(number)) continue;
    path.add(number);
    const before = latestOf(services[number]!.needs, transitions);
    if (before !== undefined) left.push(before);
  }
  return [...path].sort((one, other) => transitions.get(one)!.from - transitions.get(other)!.from);
}

/** Those that go on; else those that ended last, which are several where the time for all was over. */
function lastOf(transitions: ReadonlyMap<number, Transition>): number[] {
  const ends = [...transitions].map(([number, { to = Infinity }]) => [number, to] as const);
  const latest = ends.reduce((most, [, to]) => Math.max(most, to), 0);
  return ends.filter(([, to]) => to === latest).map(([number]) => number);
}

function latestOf(numbers: readonly number[], transitions: ReadonlyMap<number, Transition>): number | undefined {
  let latest: number | undefined;
  for (const number of numbers) {
    const to = transitions.get(number)?.to;
    if (to !== undefined && (latest === undefined || to > transitions.get(latest)!.to!)) latest = number;
  }
  return latest;
}
