// The pairs of a scanner, and who belongs to which.

import type { ByteString } from "../bytes.ts";
import type { Pair } from "./pair.ts";
import type { SupervisedService } from "./supervised_service.ts";

export class ServiceTable {
  readonly #pairs = new Map<string, Pair>();
  readonly #pairOf = new Map<SupervisedService, Pair>();
  readonly #byName = new Map<ByteString, SupervisedService>();

  add(pair: Pair): void {
    this.#pairs.set(pair.key, pair);
    for (const member of pair.members) {
      this.#pairOf.set(member, pair);
      this.#byName.set(member.name, member);
    }
  }

  remove(pair: Pair): void {
    this.#pairs.delete(pair.key);
    for (const member of pair.members) {
      this.#pairOf.delete(member);
      if (this.#byName.get(member.name) === member) this.#byName.delete(member.name);
    }
  }

  get size(): number {
    return this.#pairs.size;
  }

  /** By device and inode. */
  get(key: string): Pair | undefined {
    return this.#pairs.get(key);
  }

  pairOf(member: SupervisedService): Pair | undefined {
    return this.#pairOf.get(member);
  }

  named(name: ByteString): SupervisedService | undefined {
    return this.#byName.get(name);
  }

  /** As they are now: what happens to the table meanwhile does not change the list. */
  pairs(): Pair[] {
    return [...this.#pairs.values()];
  }

  members(): Iterable<SupervisedService> {
    return this.#pairOf.keys();
  }
}
