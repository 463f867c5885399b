// What a snapshot says of the end of a boot: when it came in whatever way, and what the boot has waited for.

import { deepEqual } from "node:assert/strict";
import type { LifeEvent, LifeState } from "../../../../lib/overlay/life.ts";
import { Observer } from "../../../../lib/overlay/journal/observer.ts";
import type { Snapshot } from "../../../../lib/overlay/journal/snapshot.ts";

/** An observer with a clock that is moved by hand. */
class World {
  private after = 0;
  readonly observer = new Observer({
    os: { pid: 1, timeOfDay: () => 0, monotonic: () => this.after },
    entries: 0,
    onEntry: () => {},
  });

  at(after: number, event: LifeEvent, to: LifeState): void {
    this.after = after;
    this.observer.lifeStep(event, to);
  }

  waitsAt(after: number, names: readonly string[] | undefined): void {
    this.after = after;
    this.observer.awaits(names, 0);
  }

  get container(): Snapshot["container"] {
    return this.observer.snapshot([], { logging: 0, output: "plain", notStarted: [] }, false).container;
  }
}

/** The moments, and what is and was waited for. */
function told({ container: { booted, bootEnded, awaited, waited } }: World): unknown[] {
  const wait = waited && [waited.names, waited.from.after, waited.to.after];
  return [booted?.after ?? null, bootEnded?.after ?? null, awaited?.names ?? null, wait];
}

Deno.test("a boot that is over has waited for what it has waited for", () => {
  const world = new World();
  deepEqual(told(world), [null, null, null, null]);
  world.waitsAt(5, ["web"]);
  deepEqual(told(world), [null, null, ["web"], null]);
  world.waitsAt(9, undefined);
  world.at(10, { on: "commandDue" }, "running");
  world.at(20, { on: "commandEnded", code: 0 }, "stopping");
  deepEqual(told(world), [10, 10, null, [["web"], 5, 9]]);
});

Deno.test("a stop that interrupts a boot ends it, and what it waits for", () => {
  const world = new World();
  world.waitsAt(5, ["web"]);
  world.at(8, { on: "stopAsked", wait: true }, "stopping");
  world.at(9, { on: "left" }, "interrupted");
  deepEqual(told(world), [null, 8, null, [["web"], 5, 8]]);
});

Deno.test("a boot that fails ends with its failure", () => {
  const world = new World();
  world.at(7, { on: "bootFailed", code: 1 }, "booting");
  world.at(7, { on: "stopAsked", wait: false }, "stopping");
  deepEqual(told(world), [null, 7, null, null]);
});
