// How long process 1 waits for a longrun that is to be up: its own time, and what it has told that it still needs.

import { deepEqual } from "node:assert/strict";
import { Environment } from "../../../../lib/environment.ts";
import { OwnTransitions } from "../../../../lib/overlay/rc/own_transitions.ts";
import type { Move } from "../../../../lib/rc/change.ts";
import type { Ending } from "../../../../lib/rc/ending.ts";
import type { AtomicService } from "../../../../lib/rc/graph.ts";
import type { ServiceView } from "../../../../lib/supervise/ports.ts";
import { newService } from "../../../../lib/supervise/service.ts";
import { Clock, instantOf } from "../../../simulation/clock.ts";

const WEB: AtomicService = {
  kind: "longrun",
  name: "web",
  essential: false,
  recommended: false,
  timeoutUp: 0,
  timeoutDown: 0,
  needs: [],
  neededBy: [],
  consumer: undefined,
  producers: [],
};

/** A longrun that is moved within 300 milliseconds and never gets there. */
class Waiting {
  readonly clock = new Clock(() => {});
  readonly endings: Ending[] = [];
  private startsUntil = 0;
  private readonly begin = this.clock.time;
  private readonly transitions: OwnTransitions;
  private onLaid: (() => void) | undefined;

  /** @param isThere its service directory is laid already */
  constructor(move: Move, private isThere = true) {
    const { clock } = this;
    const transitions = this.transitions = new OwnTransitions({
      os: { kill: () => true, monotonic: () => clock.time },
      reactor: { after: (time, callback) => clock.at(clock.time + time, callback) },
      start: () => {
        throw new Error("a longrun is started by its scanner");
      },
      report: () => {},
      scanner: { command: () => true, when: () => () => {}, services: () => [this.view()], knows: () => this.isThere },
      tree: Environment.of([]),
      directory: "/",
      notifies: () => true,
      steps: new Map(),
      laying: {
        isOver: false,
        next: (callback) => {
          this.onLaid = callback;
          return () => this.onLaid = undefined;
        },
      },
    }, { services: [WEB], bundles: new Map() });
    transitions.start(0, move, 300, (ending) => this.endings.push(ending));
  }

  /** Directories have been laid, perhaps its own. */
  laid(at: number, isThere: boolean): void {
    this.clock.pass(this.begin + at - this.clock.time);
    this.isThere = isThere;
    this.onLaid?.();
  }

  abort(): void {
    this.transitions.abort(0);
  }

  /** At this moment it tells that it needs that much more. */
  asks(at: number, more: number): void {
    this.clock.pass(this.begin + at - this.clock.time);
    this.startsUntil = this.begin + at + more;
  }

  endedBy(at: number): boolean {
    this.clock.pass(this.begin + at - this.clock.time);
    return this.endings.length > 0;
  }

  private view(): ServiceView {
    const world = { now: () => this.clock.time, instant: () => instantOf(this.clock.wall) };
    return {
      name: "web",
      directory: "/run/service/web",
      isLogger: false,
      supervised: true,
      up: true,
      ready: false,
      wantedUp: true,
      pid: 12,
      lastStatus: 0,
      failed: false,
      service: { ...newService(true, world), startsUntil: this.startsUntil },
      told: undefined,
      listen: () => () => {},
    };
  }
}

Deno.test("a longrun that tells nothing has its timeout-up", () => {
  const waiting = new Waiting("up");
  deepEqual([waiting.endedBy(299), waiting.endedBy(300)], [false, true]);
  deepEqual(waiting.endings, [{
    how: "failed",
    code: 99,
    told: { program: "s6-rc", text: "timed out: service web had 300 ms" },
  }]);
});

Deno.test("one that asks for time in time has it, as often as it asks", () => {
  const waiting = new Waiting("up");
  waiting.asks(250, 1000);
  deepEqual([waiting.endedBy(300), waiting.endedBy(1200)], [false, false]);
  waiting.asks(1249, 500);
  deepEqual([waiting.endedBy(1748), waiting.endedBy(1749)], [false, true]);
});

Deno.test("one that asks for less than it has has that", () => {
  const waiting = new Waiting("up");
  waiting.asks(10, 20);
  deepEqual([waiting.endedBy(299), waiting.endedBy(300)], [false, true]);
});

Deno.test("one that asks when its time is over has failed", () => {
  const waiting = new Waiting("up");
  deepEqual(waiting.endedBy(300), true);
  waiting.asks(301, 1000);
  deepEqual(waiting.endings.length, 1);
});

Deno.test("a stop does not wait for what was asked for at the start", () => {
  const waiting = new Waiting("down");
  waiting.asks(0, 1000);
  deepEqual([waiting.endedBy(299), waiting.endedBy(300)], [false, true]);
});

Deno.test("one whose service directory is still to be laid waits for it, and then has its time", () => {
  const waiting = new Waiting("up", false);
  waiting.laid(400, false);
  waiting.laid(500, true);
  deepEqual([waiting.endedBy(799), waiting.endedBy(800)], [false, true]);
});

Deno.test("one that is given up while it waits for its service directory never starts", () => {
  const waiting = new Waiting("up", false);
  waiting.abort();
  waiting.laid(10, true);
  deepEqual(waiting.endedBy(1000), true);
  deepEqual(waiting.endings, [{ how: "crashed", signal: 15 }]);
});
