// The driver of a change, with transitions that end when the test has them end.

import assert from "node:assert/strict";
import { byteString } from "../../../lib/bytes.ts";
import { Change, type Move } from "../../../lib/rc/change.ts";
import { RcDriver } from "../../../lib/rc/driver.ts";
import type { Ending } from "../../../lib/rc/ending.ts";
import type { AtomicService, Graph } from "../../../lib/rc/graph.ts";
import { LiveDirectory, type LiveOs } from "../../../lib/rc/live.ts";
import type { Mover } from "../../../lib/rc/transitions.ts";

const ATOMIC = { essential: false, recommended: false };

/** a, on which b depends; both take a second at most to come up. */
const GRAPH: Graph = {
  services: ["a", "b"].map((name, number): AtomicService => ({
    ...ATOMIC,
    kind: "longrun",
    name,
    timeoutUp: 1000,
    timeoutDown: 0,
    needs: number === 0 ? [] : [0],
    neededBy: number === 0 ? [1] : [],
    consumer: undefined,
    producers: [],
  })),
  bundles: new Map(),
};

class World {
  readonly log: string[] = [];
  readonly ends: ((ending: Ending) => void)[] = [];
  readonly driver: RcDriver;
  now = 5000;

  /** @param atOnce how each transition ends at once, if it does */
  constructor(deadline: number | undefined, atOnce?: Ending, verbosity = 2) {
    const mover: Mover = {
      start: (service: number, move: Move, limit: number, ended: (ending: Ending) => void) => {
        this.log.push(`${move} ${service} within ${limit}`);
        if (atOnce !== undefined) ended(atOnce);
        else this.ends.push(ended);
      },
      abort: (service) => void this.log.push(`abort ${service}`),
    };
    const never = (): never => {
      throw new Error("not expected");
    };
    const os = { open: never, close: never, write: never, find: never, monotonic: () => this.now };
    const files = {
      unlink: (path: string) => void this.log.push(`unlink ${path}`),
      writeFile: (path: string) => void this.log.push(`write ${path}`),
      replaceFile: (path: string, content: string) => void this.log.push(`${path} ${JSON.stringify(content)}`),
    } as unknown as LiveOs;
    const report = (level: string, subject: string, text: string): void =>
      void this.log.push(`${subject}: ${level}: ${text}`);
    const change = new Change(GRAPH, new Uint8Array(2));
    this.driver = new RcDriver({ os, report, mover }, new LiveDirectory(files, "live"), change, {
      graph: GRAPH,
      verbosity,
      deadline,
      ended: (mark, code) => void this.log.push(`request ${mark} ends ${code}`),
    });
  }

  ask(direction: "up" | "down"): string[] {
    const wish = { direction, named: [1], alsoUp: false, prune: false, stopsEssentials: false };
    this.driver.send({ on: "request", request: { kind: "change", mark: 7, wish } });
    return this.log.splice(0);
  }

  end(ending: Ending): string[] {
    this.ends.shift()!(ending);
    return this.log.splice(0);
  }
}

Deno.test("a transition that ends at once is told when what led to it is done", () => {
  assert.deepEqual(new World(undefined, { how: "succeeded" }).ask("up"), [
    "up 0 within 1000",
    "s6-rc: info: service a: starting",
    "unlink live/servicedirs/a/down",
    `live/state ${JSON.stringify(byteString(Uint8Array.of(1, 2)))}`,
    "up 1 within 1000",
    "s6-rc: info: service b: starting",
    "s6-rc: info: service a successfully started",
    "unlink live/servicedirs/b/down",
    `live/state ${JSON.stringify(byteString(Uint8Array.of(1, 3)))}`,
    "s6-rc: info: service b successfully started",
    "request 7 ends 0",
  ]);
});

Deno.test("a transition gets the smaller one of its own limit and of what is left", () => {
  const world = new World(5400);
  assert.equal(world.ask("up")[0], "up 0 within 400");
  world.now = 5400;
  assert(world.end({ how: "succeeded" }).includes("up 1 within 1"));
});

Deno.test("what a failed transition would have printed is printed, and silence keeps the rest", () => {
  const world = new World(undefined, undefined, 0);
  world.ask("up");
  const told = world.end({ how: "failed", code: 99, told: { program: "s6-svlisten", text: "timed out" } });
  assert.deepEqual(told, [
    "s6-svlisten: fatal: timed out",
    "s6-svc: warning: not expected",
    "request 7 ends 1",
  ]);
});
