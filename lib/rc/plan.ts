// What a wish for services comes down to: which services it is about, in which passes, and, as a pass goes on, what may begin
// now. Pure, and linear in services and dependencies. Follows s6-rc: the order of what it begins is seen in its lines.

import type { AtomicService, Graph } from "./graph.ts";

export type Direction = "up" | "down";

/** What is asked for. */
export interface Wish {
  readonly direction: Direction;
  /** Numbers of the services that were named, members of bundles included. */
  readonly named: readonly number[];
  /** All that are up are selected too. */
  readonly alsoUp: boolean;
  /** All that are not to be up afterwards are brought down first, and all that are not to be down are brought up. */
  readonly prune: boolean;
  /** Essential services are stopped as any others. */
  readonly stopsEssentials: boolean;
}

/** A part of a change: all of these services go one way. */
export interface PassPlan {
  readonly direction: Direction;
  /** By number: 1 for a service that is to go there. */
  readonly selected: Uint8Array;
  readonly stopsEssentials: boolean;
}

/** What becomes of a service that all others have made room for. */
export interface PassStep {
  readonly service: number;
  /** begin: its transition. already: it is there. spared: it is essential, and stays up with all that it needs. */
  readonly kind: "begin" | "already" | "spared";
}

/** Whether a service is up, by its number. */
type IsUp = (service: number) => boolean;

/** The services that a name stands for; undefined for one that nothing has. */
export function namesOf(graph: Graph): (name: string) => readonly number[] | undefined {
  const numbers = new Map(graph.services.map(({ name }, number) => [name, [number]]));
  return (name) => numbers.get(name) ?? graph.bundles.get(name);
}

/** By number: 1 for each of these services. */
export function selectionOf(graph: Graph, numbers: Iterable<number>): Uint8Array {
  const selected = new Uint8Array(graph.services.length);
  for (const number of numbers) selected[number] = 1;
  return selected;
}

/** Adds those that are up. */
export function withAllUp(selected: Uint8Array, isUp: IsUp): Uint8Array {
  return selected.map((one, number) => isUp(number) ? 1 : one);
}

/** All the others. */
export function complement(selected: Uint8Array): Uint8Array {
  return selected.map((one) => 1 - one);
}

/** Adds what these services need to go there: to come up their dependencies, to go down what depends on them. */
export function closure(graph: Graph, selected: Uint8Array, direction: Direction): Uint8Array {
  const closed = Uint8Array.from(selected);
  const left = numbersIn(closed);
  for (let number = left.pop(); number !== undefined; number = left.pop()) {
    for (const other of before(graph.services[number]!, direction)) {
      if (closed[other] === 1) continue;
      closed[other] = 1;
      left.push(other);
    }
  }
  return closed;
}

/** The selected numbers, ascending. */
export function numbersIn(selected: Uint8Array): number[] {
  const numbers: number[] = [];
  selected.forEach((one, number) => one === 1 && numbers.push(number));
  return numbers;
}

/** The passes of a wish, the second of which is only for one that succeeds in the first. */
export function passesOf(graph: Graph, wish: Wish, isUp: IsUp): readonly PassPlan[] {
  const { direction, prune, stopsEssentials } = wish;
  const named = selectionOf(graph, wish.named);
  const selected = closure(graph, wish.alsoUp ? withAllUp(named, isUp) : named, direction);
  if (!prune) return [{ direction, selected, stopsEssentials }];
  const others = complement(selected);
  const [up, down] = direction === "up" ? [selected, others] : [others, selected];
  return [{ direction: "down", selected: down, stopsEssentials }, { direction: "up", selected: up, stopsEssentials }];
}

/** What must be there before a service may go there itself. */
function before(service: AtomicService, direction: Direction): readonly number[] {
  return direction === "up" ? service.needs : service.neededBy;
}

/** What may be waiting for a service to get there. */
function behind(service: AtomicService, direction: Direction): readonly number[] {
  return direction === "up" ? service.neededBy : service.needs;
}

/** A list on the way from its end to its beginning. */
interface Trail {
  readonly numbers: readonly number[];
  left: number;
}

/** A pass on its way. It knows what has been done; its caller does it. */
export class Pass {
  readonly direction: Direction;
  /** By number: how many services it still waits for. */
  private readonly pending: Uint32Array;
  /** By number: 1 for one that has had its turn, 2 for one that was told to have none. */
  private readonly turns: Uint8Array;

  constructor(private readonly graph: Graph, private readonly plan: PassPlan, private readonly isUp: IsUp) {
    this.direction = plan.direction;
    this.pending = Uint32Array.from(graph.services, (service) => before(service, plan.direction).length);
    this.turns = new Uint8Array(graph.services.length);
  }

  /** What may begin at once. */
  begin(): PassStep[] {
    const steps: PassStep[] = [];
    for (let service = this.graph.services.length - 1; service >= 0; service--) {
      if (this.turn(service, steps)) this.follow(service, steps);
    }
    return steps;
  }

  /** What may begin now that this service has got there. */
  done(service: number): PassStep[] {
    const steps: PassStep[] = [];
    this.follow(service, steps);
    return steps;
  }

  /** Those that have no turn in this pass as this service has failed, and were not named before. */
  barredBy(service: number): number[] {
    const barred: number[] = [];
    const left = [service];
    for (let one = left.pop(); one !== undefined; one = left.pop()) {
      for (const other of behind(this.graph.services[one]!, this.direction)) {
        if (this.plan.selected[other] === 0 || this.turns[other] !== 0) continue;
        this.turns[other] = 2;
        left.push(other);
        if (!this.isThere(other)) barred.push(other);
      }
    }
    return barred.sort((a, b) => a - b);
  }

  /** Depth first, each list from its end: this is the order in which the lines of s6-rc come. */
  private follow(first: number, steps: PassStep[]): void {
    const trails: Trail[] = [this.trailOf(first)];
    for (let trail = trails.at(-1); trail !== undefined; trail = trails.at(-1)) {
      if (trail.left === 0) {
        trails.pop();
        continue;
      }
      const service = trail.numbers[--trail.left]!;
      this.pending[service]!--;
      if (this.turn(service, steps)) trails.push(this.trailOf(service));
    }
  }

  private trailOf(service: number): Trail {
    const numbers = behind(this.graph.services[service]!, this.direction);
    return { numbers, left: numbers.length };
  }

  /** Gives a service its turn, if it has come; true if it is there already, so that others may follow. */
  private turn(service: number, steps: PassStep[]): boolean {
    if (this.plan.selected[service] === 0 || this.pending[service] !== 0 || this.turns[service] !== 0) return false;
    this.turns[service] = 1;
    const isThere = this.isThere(service);
    const isSpared = !isThere && this.direction === "down" && !this.plan.stopsEssentials &&
      this.graph.services[service]!.essential;
    steps.push({ service, kind: isThere ? "already" : isSpared ? "spared" : "begin" });
    return isThere;
  }

  private isThere(service: number): boolean {
    return this.isUp(service) === (this.direction === "up");
  }
}
