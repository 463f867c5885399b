// The pairs of a scanner, and which services belong together.

import type { ByteString } from "../bytes.ts";
import type { Pair } from "./pair.ts";
import type { SupervisedService } from "./supervised_service.ts";

export class ServiceTable {
  private readonly byKey = new Map<string, Pair>();
  private readonly pairOfService = new Map<SupervisedService, Pair>();
  private readonly byName = new Map<ByteString, SupervisedService>();

  /** @param onForgotten learns of each name that is no longer in use */
  constructor(private readonly onForgotten: (name: ByteString) => void) {}

  add(pair: Pair): void {
    this.byKey.set(pair.key, pair);
    for (const member of pair.members) {
      this.pairOfService.set(member, pair);
      this.byName.set(member.name, member);
    }
  }

  remove(pair: Pair): void {
    this.byKey.delete(pair.key);
    for (const member of pair.members) {
      this.pairOfService.delete(member);
      if (this.byName.get(member.name) !== member) continue;
      this.byName.delete(member.name);
      this.onForgotten(member.name);
    }
  }

  get size(): number {
    return this.byKey.size;
  }

  /** By device and inode. */
  get(key: string): Pair | undefined {
    return this.byKey.get(key);
  }

  pairOf(member: SupervisedService): Pair | undefined {
    return this.pairOfService.get(member);
  }

  named(name: ByteString): SupervisedService | undefined {
    return this.byName.get(name);
  }

  /** As they are now: what happens to the table meanwhile does not change the list. */
  pairs(): Pair[] {
    return [...this.byKey.values()];
  }

  members(): Iterable<SupervisedService> {
    return this.pairOfService.keys();
  }
}
