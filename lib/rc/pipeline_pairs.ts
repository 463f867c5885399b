// The pipeline that a longrun is in, as pairs of a producer and its consumer.

import type { Graph, Longrun } from "./graph.ts";

/** From what is farthest from its last consumer on; none if the longrun is in no pipeline. */
export function pipelinePairs({ services }: Graph, member: Longrun): readonly (readonly [Longrun, Longrun])[] {
  const longrun = (number: number): Longrun => services[number] as Longrun;
  let last = member;
  while (last.consumer !== undefined) last = longrun(last.consumer);
  const pairsOf = (consumer: Longrun): [Longrun, Longrun][] =>
    consumer.producers.map((number) => [longrun(number), consumer]);
  const found: (readonly [Longrun, Longrun])[] = [];
  const open = pairsOf(last);
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    found.push(pair);
    for (const next of pairsOf(pair[0])) open.push(next);
  }
  return found.reverse();
}
