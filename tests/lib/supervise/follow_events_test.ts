// A wait for services follows their events to its end, and holds nothing after that.

import { deepEqual } from "node:assert/strict";
import { Expectation } from "../../../lib/supervise/expectation.ts";
import { type Awaited, followEvents } from "../../../lib/supervise/follow_events.ts";
import type { Goal } from "../../../lib/supervise/goal.ts";
import type { Status } from "../../../lib/supervise/status.ts";

const DOWN = { pid: 0, ready: true } as Status;

/** Services that are down, what is heard of them, and how the wait for them ended. */
class Scene {
  readonly ended: Awaited[] = [];
  readonly heard = new Map<number, (letters: string) => void>();
  over: (() => void) | undefined;
  readonly giveUp: () => void;

  constructor(goals: readonly Goal[], services: number, any = false) {
    const start = Expectation.of(goals, any, Array.from({ length: services }, () => DOWN));
    const sources = Array.from({ length: services }, (_, at) => (heard: (letters: string) => void) => {
      this.heard.set(at, heard);
      return () => void this.heard.delete(at);
    });
    const limit = (over: () => void): () => void => {
      this.over = over;
      return () => void (this.over = undefined);
    };
    this.giveUp = followEvents(start, sources, limit, (awaited) => this.ended.push(awaited));
  }

  /** How it ended, and what is still held. */
  get outcome(): readonly unknown[] {
    return [this.ended, this.heard.size, this.over !== undefined];
  }
}

Deno.test("a wait ends with the last event that it takes, once, and lets go of all services", () => {
  const scene = new Scene(["ready"], 2);
  scene.heard.get(0)!("sU");
  scene.heard.get(1)!("u");
  deepEqual(scene.outcome, [[], 2, true]);
  scene.heard.get(1)!("Ud");
  deepEqual(scene.outcome, [[{ timedOut: false, failures: 0 }], 0, false]);
});

Deno.test("services that fail are counted", () => {
  const scene = new Scene(["up"], 2);
  scene.heard.get(0)!("x");
  scene.heard.get(1)!("O");
  deepEqual(scene.outcome, [[{ timedOut: false, failures: 2 }], 0, false]);
});

Deno.test("a wait ends when its time is over", () => {
  const scene = new Scene(["up"], 1);
  scene.over!();
  deepEqual(scene.outcome, [[{ timedOut: true }], 0, false]);
});

Deno.test("a wait that is given up tells nothing", () => {
  const scene = new Scene(["up"], 2, true);
  scene.giveUp();
  deepEqual(scene.outcome, [[], 0, false]);
});
