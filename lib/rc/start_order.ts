// The order in which longruns can come up: those that need nothing first, then those that need only them.

import { depthFirst } from "./depth_first.ts";
import type { Graph } from "./graph.ts";
import { closure, selectionOf } from "./plan.ts";

/**
 * The numbers of all longruns, those first whose turn comes first when this bundle is brought up; last those that it does
 * not need.
 */
export function startOrder(graph: Graph, bundle: string): number[] {
  const { services, bundles } = graph;
  const depths = new Uint32Array(services.length);
  depthFirst(services.length, services.keys(), (number, at) => services[number]!.needs[at], (number) => {
    depths[number] = services[number]!.needs.reduce((most, other) => Math.max(most, depths[other]! + 1), 0);
  });
  const isNeeded = closure(graph, selectionOf(graph, bundles.get(bundle) ?? []), "up");
  return [...services.keys()]
    .filter((number) => services[number]!.kind === "longrun")
    .sort((a, b) => isNeeded[b]! - isNeeded[a]! || depths[a]! - depths[b]! || a - b);
}
