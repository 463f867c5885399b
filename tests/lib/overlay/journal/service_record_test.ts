// What is remembered of a service: its life is led by the real table, and the record follows.

import { deepEqual, equal } from "node:assert/strict";
import { ServiceRecord } from "../../../../lib/overlay/journal/service_record.ts";
import type { Moment, ServiceSnapshot } from "../../../../lib/overlay/journal/snapshot.ts";
import type { ServiceView } from "../../../../lib/supervise/ports.ts";
import {
  newService,
  type Service,
  type ServiceEvent,
  type ServiceSurroundings,
} from "../../../../lib/supervise/service.ts";
import { isUp } from "../../../../lib/supervise/status.ts";
import { serviceTransition } from "../../../../lib/supervise/transition.ts";

const at = (after: number): Moment => ({ time: 1000 + after, after });

class Life {
  private time = 0;
  private readonly world: ServiceSurroundings = {
    now: () => this.time,
    instant: () => ({ seconds: 1, nanoseconds: this.time * 1e6 }),
    timeoutKill: () => 100,
    timeoutKillsGroup: () => false,
    timeoutFinish: () => 5000,
    downSignal: () => 15,
    reloadSignal: () => 1,
  };
  private service: Service;
  readonly record = new ServiceRecord();
  readonly happened: string[] = [];

  constructor(wantedUp = true) {
    this.service = newService(wantedUp, this.world);
  }

  /** Lets the event come at that time. */
  on(time: number, ...events: ServiceEvent[]): this {
    this.time = time;
    for (const event of events) {
      const before = this.service;
      [this.service] = serviceTransition(before, event, this.world);
      for (const { event: what, text } of this.record.step(event, before, this.service, () => at(time))) {
        this.happened.push(`${time} ${what}${text === "" ? "" : ` ${text}`}`);
      }
    }
    return this;
  }

  get snapshot(): ServiceSnapshot {
    const { service } = this;
    const view: ServiceView = {
      name: "web",
      directory: "/services/web",
      isLogger: false,
      supervised: true,
      up: isUp(service),
      ready: service.ready,
      wantedUp: service.wantedUp,
      pid: service.player || service.pid,
      lastStatus: service.lastStatus,
      failed: service.failed,
      service,
      told: undefined,
      listen: () => () => {},
    };
    return this.record.snapshot(view, at(this.time), at, () => at(-1));
  }
}

const START: ServiceEvent = { on: "deadline" };
const started = (notifies: boolean): ServiceEvent => ({ on: "started", pid: 7, notifies });

Deno.test("a service that notifies readiness starts, is up, is ready, ends, and finishes", () => {
  const life = new Life().on(1, START, started(true)).on(2, { on: "running" }).on(3, { on: "notified" });
  const ready = life.snapshot;
  deepEqual([ready.state, ready.ready, ready.pid, ready.starts], ["up", true, 7, 1]);
  deepEqual([ready.firstStart, ready.firstUp, ready.firstReady], [at(1), at(2), at(3)]);
  life.on(4, { on: "died", status: 3 << 8 }, { on: "finishStarted", pid: 8 }).on(5, { on: "died", status: 0 });
  deepEqual(life.happened, [
    "1 started pid 7",
    "2 up pid 7",
    "3 ready",
    "4 exited exited 3",
    "5 finished pid 8",
  ]);
  const down = life.snapshot;
  deepEqual([down.state, down.wanted, down.pid, down.ready], ["down", "up", null, null]);
  deepEqual(down.lastExit, { code: 3, signal: null, at: at(4), told: false });
  equal(down.nextStart!.after, 1001);
});

Deno.test("a service that process 1 has stood in for is as long up as it was, with a process of its own", () => {
  const held: ServiceEvent = { on: "started", pid: 1, notifies: true };
  const life = new Life().on(1, START, held).on(2, { on: "running" }).on(3, { on: "notified" });
  life.on(4, { on: "activated", pid: 7 });
  deepEqual(life.happened.slice(1), ["2 up pid 1", "3 ready", "4 up pid 7"]);
  const { state, ready, pid, since, starts, firstUp } = life.snapshot;
  deepEqual([state, ready, pid, since, starts, firstUp], ["up", true, 7, at(2), 1, at(2)]);
});

Deno.test("a reload happens when it begins, however soon it is over", () => {
  const life = new Life().on(1, START, started(true), { on: "running" }, { on: "notified" });
  life.on(2, { on: "reloading", at: 2 }, { on: "reloading", at: 2 }, { on: "notified" }).on(3, { on: "stopping" });
  deepEqual(life.happened.slice(-2), ["2 reloading", "3 leaving"]);
  deepEqual([life.snapshot.reloading, life.snapshot.leaving], [null, true]);
});

Deno.test("reloads without end are told once a second", () => {
  const life = new Life().on(1, START, started(true), { on: "running" }, { on: "notified" });
  for (let time = 10; time < 2500; time += 10) life.on(time, { on: "reloading", at: time }, { on: "notified" });
  deepEqual(life.happened.slice(-3), ["10 reloading", "1010 reloading", "2010 reloading"]);
});

Deno.test("a service that has no notification-fd is neither ready nor not", () => {
  equal(new Life().on(1, START, started(false), { on: "running" }).snapshot.ready, null);
  equal(new Life().on(1, START, started(true), { on: "running" }).snapshot.ready, false);
});

Deno.test("a stop that takes long tells when the process is killed", () => {
  const life = new Life().on(1, START, started(false), { on: "running" }).on(10, { on: "down" });
  deepEqual(life.happened.slice(-1), ["10 wanted down"]);
  deepEqual([life.snapshot.wanted, life.snapshot.killedAt], ["down", at(110)]);
  life.on(110, { on: "died", status: 9 }, { on: "noFinish" });
  deepEqual(life.snapshot.lastExit, { code: null, signal: "KILL", at: at(110), told: true });
  deepEqual([life.snapshot.state, life.snapshot.nextStart], ["down", null]);
});

Deno.test("an end that a restart has asked for is told from one by itself", () => {
  const life = new Life().on(1, START, started(false), { on: "running" });
  life.on(2, { on: "down" }, { on: "up" }, { on: "died", status: 15 }, { on: "noFinish" });
  equal(life.snapshot.lastExit!.told, true);
  life.on(3, START, started(false), { on: "running" }).on(4, { on: "died", status: 15 }, { on: "noFinish" });
  equal(life.snapshot.lastExit!.told, false);
});

Deno.test("it was told to end until it is started, or told to be up", () => {
  const up = (): Life => new Life().on(1, START, started(false), { on: "running" });
  deepEqual(up().on(2, { on: "down" }).snapshot.toldToEnd, at(2));
  equal(up().on(2, { on: "down" }).on(3, { on: "up" }).snapshot.toldToEnd, null);
  equal(up().on(2, { on: "once" }).snapshot.toldToEnd, null);
  const again = up().on(2, { on: "down" }, { on: "died", status: 15 }, { on: "noFinish" });
  equal(again.on(3, { on: "once" }, started(false)).snapshot.toldToEnd, null);
});

Deno.test("one that cannot be started has trouble until it is up", () => {
  const life = new Life().on(1, START, { on: "notStarted", retryAfter: 10_000 });
  life.record.troubled("unable to spawn ./run");
  deepEqual([life.snapshot.state, life.snapshot.trouble], ["down", "unable to spawn ./run"]);
  equal(life.snapshot.nextStart!.after, 10_001);
  equal(life.on(10_001, START, started(false), { on: "running" }).snapshot.trouble, null);
});

Deno.test("what kept one from starting is not told as long as it is wanted down; what goes wrong then is", () => {
  const life = new Life().on(1, START, { on: "notStarted", retryAfter: 10_000 });
  life.record.troubled("unable to spawn ./run");
  equal(life.on(2, { on: "down" }).snapshot.trouble, null);
  equal(life.on(3, { on: "up" }).snapshot.trouble, "unable to spawn ./run");
  life.on(4, { on: "down" });
  life.record.troubled("unable to spawn ./finish");
  equal(life.snapshot.trouble, "unable to spawn ./finish");
});

Deno.test("a finish script that exits 125 fails the service for good", () => {
  const life = new Life().on(1, START, started(false), { on: "running" })
    .on(2, { on: "died", status: 0 }, { on: "finishStarted", pid: 9 }).on(3, { on: "died", status: 125 << 8 });
  deepEqual(life.happened.slice(-3), ["3 finished pid 9", "3 failed for good", "3 wanted down"]);
  equal(life.snapshot.failed, true);
});

Deno.test("three ends by itself within a minute are a loop, and a minute later they are not", () => {
  const life = new Life();
  for (const time of [0, 30_000]) life.record.endedByItself(at(time));
  equal(life.on(30_000).snapshot.looping, false);
  life.record.endedByItself(at(59_000));
  equal(life.on(60_000).snapshot.looping, true);
  equal(life.on(60_001).snapshot.looping, false);
});
