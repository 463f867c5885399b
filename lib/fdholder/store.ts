// What a descriptor holder holds: names to descriptors, each with a limit. A table with places: one that has become free
// is taken again before a new one is, the last first; lists and dumps go by the places, as the original's do.

import type { ByteString } from "../bytes.ts";
import type { Limit } from "./limit.ts";
import type { HeldDescriptor } from "./protocol.ts";

export class Store {
  private readonly places: (HeldDescriptor | undefined)[] = [];
  private readonly free: number[] = [];
  private readonly placeOf = new Map<ByteString, number>();

  /** @param capacity how many it may hold */
  constructor(readonly capacity: number) {}

  get size(): number {
    return this.placeOf.size;
  }

  has(name: ByteString): boolean {
    return this.placeOf.has(name);
  }

  get(name: ByteString): HeldDescriptor | undefined {
    return this.places[this.placeOf.get(name) ?? -1];
  }

  /** Takes it in; what had the name before is returned. */
  put(held: HeldDescriptor): HeldDescriptor | undefined {
    const place = this.free.pop() ?? this.places.length;
    const before = this.remove(held.name);
    this.places[place] = held;
    this.placeOf.set(held.name, place);
    return before;
  }

  remove(name: ByteString): HeldDescriptor | undefined {
    const place = this.placeOf.get(name);
    if (place === undefined) return undefined;
    const held = this.places[place];
    this.places[place] = undefined;
    this.free.push(place);
    this.placeOf.delete(name);
    return held;
  }

  list(): HeldDescriptor[] {
    return this.places.filter((held) => held !== undefined);
  }

  /** Removes and returns what has reached its limit. */
  expire(now: Limit): HeldDescriptor[] {
    const expired = this.list().filter(({ limit }) => limit <= now);
    for (const { name } of expired) this.remove(name);
    return expired;
  }

  /** The limit that is reached first. */
  nextLimit(): Limit | undefined {
    let first: Limit | undefined;
    for (const held of this.places) {
      if (held !== undefined && (first === undefined || held.limit < first)) first = held.limit;
    }
    return first;
  }
}
