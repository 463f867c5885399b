// A change that process 1 makes, with transitions that end when the test has them end, and a clock of its own.

import { deepEqual, equal } from "node:assert/strict";
import { OwnChange } from "../../../../lib/overlay/rc/own_change.ts";
import type { Ending } from "../../../../lib/rc/ending.ts";
import type { AtomicService, Graph } from "../../../../lib/rc/graph.ts";
import type { Direction, Wish } from "../../../../lib/rc/plan.ts";
import { Clock } from "../../../simulation/clock.ts";

/** a, on which b depends, and c by itself; all are oneshots with limits of their own. */
const NEEDS: Readonly<Record<string, readonly number[]>> = { a: [], b: [0], c: [] };
const GRAPH: Graph = {
  services: Object.entries(NEEDS).map(([name, needs], number): AtomicService => ({
    kind: "oneshot",
    name,
    essential: false,
    recommended: false,
    timeoutUp: 100,
    timeoutDown: 200,
    needs,
    neededBy: Object.values(NEEDS).flatMap((others, other) => others.includes(number) ? [other] : []),
    up: [],
    down: [],
    reload: [],
  })),
  bundles: new Map(),
};

class World {
  readonly log: string[] = [];
  readonly ends = new Map<number, (ending: Ending) => void>();
  readonly disabled = new Set<number>();
  readonly change: OwnChange;
  private readonly clock = new Clock(() => {});

  constructor(state = [0, 0, 0]) {
    const after = (time: number, callback: () => void): () => void => this.clock.at(this.clock.time + time, callback);
    this.change = new OwnChange(
      {
        reactor: { after },
        report: (level, subject, text) => void this.log.push(`${subject}: ${level}: ${text}`),
        verbosity: 1,
        mover: {
          start: (service, move, limit, ended) => {
            this.log.push(`${move} ${service} within ${limit}`);
            this.ends.set(service, ended);
          },
          abort: (service) => {
            this.log.push(`abort ${service}`);
            this.end(service, { how: "crashed", signal: 15 });
          },
          bringDown: (service) => void this.log.push(`bring down ${service}`),
          awaited: (service, move) => `waiting for ${move} of ${service}`,
        },
        whyDisabled: (service) => this.disabled.has(service) ? "A is not set" : undefined,
        now: () => this.clock.time,
        record: (state) => void this.log.push(`state ${state}`),
      },
      GRAPH,
      Uint8Array.from(state),
    );
  }

  begin(direction: Direction, limit = 0): void {
    const wish: Wish = { direction, named: [0, 1, 2], alsoUp: false, prune: false, stopsEssentials: false };
    this.change.begin(wish, limit, (code) => void this.log.push(`ended ${code}`));
  }

  end(service: number, ending: Ending = { how: "succeeded" }): void {
    const ended = this.ends.get(service);
    this.ends.delete(service);
    ended?.(ending);
  }

  pass(milliseconds: number): void {
    this.clock.pass(milliseconds);
  }

  take(): string[] {
    return this.log.splice(0);
  }
}

Deno.test("what needs nothing starts at once, the rest when what it needs is there", () => {
  const world = new World();
  world.begin("up");
  deepEqual(world.take(), ["up 2 within 100", "up 0 within 100"]);
  world.end(0);
  deepEqual(world.take(), ["state 3,2,2", "up 1 within 100"]);
  world.end(1);
  world.pass(0);
  deepEqual(world.take(), ["state 3,3,2"]);
  world.end(2);
  deepEqual(world.take(), ["state 3,3,3", "ended 0"]);
  equal(world.change.isUnderWay, false);
});

Deno.test("what ends in one turn of the event loop is recorded together, and before anything starts", () => {
  const world = new World([0, 3, 0]);
  world.begin("up");
  deepEqual(world.take(), ["up 2 within 100", "up 0 within 100"]);
  world.end(2);
  deepEqual(world.take(), []);
  world.end(0);
  deepEqual(world.take(), ["state 3,3,3", "ended 0"]);
  world.pass(0);
  deepEqual(world.take(), []);
});

Deno.test("a failure keeps back what needs it, and the change ends with 1", () => {
  const world = new World();
  world.begin("up");
  world.end(0, { how: "failed", code: 3 });
  world.end(2);
  deepEqual(world.take().filter((line) => !/^(?:up|state)/.test(line)), [
    "s6-rc: warning: unable to start service a: command exited 3",
    "ended 1",
  ]);
  equal([0, 1, 2].map((service) => world.change.isUp(service)).join(), "false,false,true");
});

Deno.test("what takes longer than five seconds gets one line", () => {
  const world = new World([1, 0, 1]);
  world.begin("up");
  world.take();
  world.pass(4999);
  deepEqual(world.take(), []);
  world.pass(100_000);
  deepEqual(world.take(), ["s6-rc: info: service b: waiting for up of 1"]);
  world.end(1);
  deepEqual(world.take(), ["state 3,3,3", "ended 0"]);
});

Deno.test("what has ended in time gets no line", () => {
  const world = new World([1, 0, 1]);
  world.begin("up");
  world.end(1);
  world.take();
  world.pass(100_000);
  deepEqual(world.take(), []);
});

Deno.test("when the time for all is over what is under way is given up, and the code is 2", () => {
  const world = new World();
  world.begin("up", 50);
  world.take();
  world.pass(50);
  deepEqual(world.take(), [
    "s6-rc: warning: not up within 50 ms: c, a",
    "s6-rc: fatal: timed out",
    "ended 2",
    "abort 2",
    "abort 0",
  ]);
  equal(world.change.isUnderWay, false);
});

Deno.test("given up, it starts nothing more, and ends when its scripts have", () => {
  const world = new World();
  world.begin("up");
  world.take();
  world.change.giveUp(() => void world.log.push("given up"));
  world.end(0);
  deepEqual(world.take().filter((line) => !line.startsWith("state")), []);
  world.end(2, { how: "crashed", signal: 15 });
  deepEqual(world.take().at(-1), "given up");
});

Deno.test("one that is not under way is given up at once", () => {
  const world = new World();
  world.change.giveUp(() => void world.log.push("given up"));
  deepEqual(world.take(), ["given up"]);
});

Deno.test("down goes the other way", () => {
  const world = new World([1, 1, 1]);
  world.begin("down");
  deepEqual(world.take(), ["down 2 within 200", "down 1 within 200"]);
  world.end(1);
  deepEqual(world.take(), ["state 1,0,1", "down 0 within 200"]);
});

Deno.test("one that is disabled is passed over: what needs it starts, and it is not recorded as up", () => {
  const world = new World();
  world.disabled.add(0);
  world.begin("up");
  deepEqual(world.take(), ["up 2 within 100", "up 1 within 100"]);
  world.end(1);
  world.end(2);
  deepEqual(world.take(), ["state 2,3,3", "ended 0"]);
});

Deno.test("where all are disabled the change ends at once, and none of it is asked on the way down", () => {
  const world = new World();
  for (const service of [0, 1, 2]) world.disabled.add(service);
  world.begin("up");
  deepEqual(world.take(), ["ended 0"]);
  const down = new World([1, 0, 0]);
  down.disabled.add(0);
  down.begin("down");
  deepEqual(down.take(), ["down 0 within 200"]);
});
