// What makes services a graph that can be changed: both directions of dependencies agree, nothing needs itself, and pipelines
// have no forks. The compiler makes no other; a database may have been made by something else.

import { type Circle, dependencyCircle, depthFirst } from "./depth_first.ts";
import type { AtomicService } from "./graph.ts";

/** What is wrong with them, in the original's words; undefined if nothing is. */
export function faultOfServices(services: readonly AtomicService[]): string | undefined {
  if (!areMirrored(services)) return "direct and reverse dependencies are mismatched";
  const told = (what: string, { from, involving }: Pick<Circle, "from" | "involving">): string =>
    `${what} reached from ${services[from]!.name} and involving ${services[involving]!.name}`;
  const circle = dependencyCircle(services.map(({ needs }) => needs));
  if (circle !== undefined) return told("dependency cycle", circle);
  const collision = pipelineCollision(services);
  if (collision !== undefined) return told("pipeline collision", collision);
  const loop = depthFirst(services.length, services.keys(), (number, index) => {
    const service = services[number]!;
    return service.kind === "longrun" ? service.producers[index] : undefined;
  });
  return loop === undefined ? undefined : told("pipeline cycle", loop);
}

function areMirrored(services: readonly AtomicService[]): boolean {
  const forward = services.map(({ needs }) => new Set(needs));
  const count = (list: readonly (readonly number[])[]): number => list.reduce((sum, { length }) => sum + length, 0);
  if (forward.some((set, number) => set.size !== services[number]!.needs.length)) return false;
  if (count(services.map(({ needs }) => needs)) !== count(services.map(({ neededBy }) => neededBy))) return false;
  return services.every(({ neededBy }, number) =>
    new Set(neededBy).size === neededBy.length && neededBy.every((dependent) => forward[dependent]!.has(number))
  );
}

/** A producer that names another consumer, is named twice, or is not named by its own. */
function pipelineCollision(services: readonly AtomicService[]): Pick<Circle, "from" | "involving"> | undefined {
  const named = new Set<number>();
  for (const [from, service] of services.entries()) {
    if (service.kind !== "longrun") continue;
    for (const involving of service.producers) {
      const producer = services[involving]!;
      if (producer.kind !== "longrun" || producer.consumer !== from || named.has(involving)) return { from, involving };
      named.add(involving);
    }
  }
  for (const [from, service] of services.entries()) {
    if (service.kind === "longrun" && service.consumer !== undefined && !named.has(from)) {
      return { from, involving: service.consumer };
    }
  }
  return undefined;
}
