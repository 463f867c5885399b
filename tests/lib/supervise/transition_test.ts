import { deepEqual, equal, match } from "node:assert/strict";
import {
  newService,
  type Service,
  type ServiceEvent,
  type ServiceSurroundings,
} from "../../../lib/supervise/service.ts";
import { serviceTransition, transitionRows, TRANSITIONS } from "../../../lib/supervise/transition.ts";
import { printSupervision } from "../../../scripts/docs.ts";

const STAMP = { seconds: 1_000_000, nanoseconds: 0 };

interface Settings {
  readonly now?: number;
  readonly timeoutKill?: number;
  readonly timeoutFinish?: number;
}

function world({ now = 1000, timeoutKill = 0, timeoutFinish = 5000 }: Settings = {}): ServiceSurroundings {
  return {
    now: () => now,
    instant: () => STAMP,
    timeoutKill: () => timeoutKill,
    timeoutFinish: () => timeoutFinish,
    timeoutKillsGroup: () => false,
    downSignal: () => 15,
    reloadSignal: () => 1,
  };
}

/** The service and every effect, in short, after some events. */
function live(events: readonly ServiceEvent[], settings: Settings = {}, wantedUp = true): [Service, string] {
  let service = newService(wantedUp, world(settings));
  const seen: string[] = [];
  for (const event of events) {
    const [next, effects] = serviceTransition(service, event, world(settings));
    service = next;
    for (const effect of effects) {
      if (effect.do === "publish") seen.push(effect.letters);
      else if (effect.do === "kill") seen.push(`${effect.group ? "group " : ""}${effect.signal}>${effect.pid}`);
      else if (effect.do === "downFile") seen.push(effect.present ? "+down" : "-down");
      else seen.push(effect.do);
    }
  }
  return [service, seen.join(" ")];
}

const STARTED: readonly ServiceEvent[] = [{ on: "deadline" }, { on: "started", pid: 7 }];
const START: readonly ServiceEvent[] = [...STARTED, { on: "running" }];
const DIED: ServiceEvent = { on: "died", status: 15 };

Deno.test("a service that is wanted up starts at once", () => {
  const [service, effects] = live(START);
  equal(effects, "start writeStatus u");
  deepEqual([service.state, service.pid, service.ready, service.deadline], ["up", 7, false, Infinity]);
});

Deno.test("a service that is wanted down waits for a command", () => {
  const [service, effects] = live([{ on: "deadline" }], {}, false);
  equal(effects, "");
  equal(service.deadline, Infinity);
  equal(live([{ on: "up" }], {}, false)[1], "writeStatus start");
  equal(live([{ on: "upForLong" }], {}, false)[1], "-down writeStatus start");
});

Deno.test("a start that failed is tried again later", () => {
  for (const before of [[{ on: "deadline" }], STARTED] as const) {
    const [service, effects] = live([...before, { on: "notStarted", retryAfter: 10_000 }]);
    deepEqual([service.state, service.deadline, service.player, effects], ["down", 11_000, 0, "start"]);
  }
});

Deno.test("a started process counts as up when it tells that it runs, or after a second", () => {
  const [service, effects] = live(STARTED);
  deepEqual([service.state, service.pid, service.player, service.deadline], ["starting", 0, 7, 2000]);
  equal(effects, "start");
  for (const on of ["running", "deadline"] as const) {
    const [service, effects] = live([...STARTED, { on }]);
    deepEqual([service.state, service.pid, service.player, service.deadline], ["up", 7, 0, Infinity]);
    equal(effects, "start writeStatus u");
  }
});

Deno.test("signals reach a process that is starting, and timeout-kill counts from when it runs", () => {
  equal(live([...STARTED, { on: "signal", signal: 9 }])[1], "start 9>7");
  const down = [...STARTED, { on: "down" }] as const;
  const [starting, effects] = live(down, { timeoutKill: 3000 });
  deepEqual([starting.state, starting.wantedUp, starting.deadline], ["starting", false, 2000]);
  equal(effects, "start 15>7 18>7 writeStatus");
  deepEqual(live([...down, { on: "running" }], { timeoutKill: 3000 })[0].deadline, 4000);
  equal(live([...down, { on: "running" }, { on: "deadline" }], { timeoutKill: 3000 })[1].endsWith("u 9>7"), true);
  deepEqual(live([...down, { on: "notStarted", retryAfter: 1 }])[0].deadline, Infinity);
});

Deno.test("a supervisor that is to end waits for a process that is starting", () => {
  equal(live([...STARTED, { on: "term" }, { on: "running" }])[0].state, "lastUp");
  equal(live([...STARTED, { on: "exit" }, { on: "running" }])[0].state, "lastUp");
  const [service, effects] = live([...STARTED, { on: "term" }, { on: "notStarted", retryAfter: 1 }]);
  deepEqual([service.state, effects.endsWith("x end")], ["gone", true]);
});

Deno.test("a death without a finish script is told in one go", () => {
  const [service, effects] = live([...START, DIED, { on: "noFinish" }]);
  equal(effects, "start writeStatus u closeNotification recordDeath finish writeStatus dD");
  deepEqual([service.state, service.pid, service.ready, service.lastStatus], ["down", 0, true, 15]);
});

Deno.test("finish has its time, and is killed when that is over", () => {
  const [service, effects] = live([...START, DIED, { on: "finishStarted", pid: 8 }, { on: "deadline" }]);
  equal(effects.slice(effects.indexOf("finish")), "finish writeStatus d warn 18>8 9>8");
  deepEqual([service.state, service.finishing, service.deadline], ["finish", true, 6000]);
  equal(live([...START, DIED, { on: "finishStarted", pid: 8 }], { timeoutFinish: 0 })[0].deadline, Infinity);
});

Deno.test("finish exiting 125 declares a permanent failure", () => {
  const end: ServiceEvent = { on: "died", status: 125 << 8 };
  const [service, effects] = live([...START, DIED, { on: "finishStarted", pid: 8 }, end]);
  equal(effects.endsWith("writeStatus OD"), true);
  deepEqual([service.failed, service.wantedUp, service.lastStatus], [true, false, 15]);
});

Deno.test("two starts are a second apart, whether or not the service got ready", () => {
  for (const last of [[], [{ on: "notified" }]] as const) {
    const [up] = live([...START, ...last], { now: 5000 });
    const at = (now: number): number => {
      const [finishing] = serviceTransition(up, DIED, world({ now }));
      return serviceTransition(finishing, { on: "noFinish" }, world({ now }))[0].deadline;
    };
    equal(at(5000), 6000);
    equal(at(5200), 6000);
    equal(at(9000), 9000);
  }
});

Deno.test("the time that finish takes counts", () => {
  const [finishing] = live([...START, DIED, { on: "finishStarted", pid: 8 }], { now: 5000 });
  const at = (now: number): number =>
    serviceTransition(finishing, { on: "died", status: 0 }, world({ now }))[0].deadline;
  deepEqual([at(5200), at(7000)], [6000, 7000]);
});

Deno.test("d sends the down signal and CONT, and KILL when timeout-kill is over", () => {
  const [service, effects] = live([...START, { on: "down" }], { timeoutKill: 300 });
  equal(effects, "start writeStatus u 15>7 18>7 writeStatus");
  deepEqual([service.wantedUp, service.dying, service.deadline], [false, true, 1300]);
  equal(live([...START, { on: "down" }, { on: "deadline" }], { timeoutKill: 300 })[1].endsWith("9>7"), true);
});

Deno.test("signals to the supervisor of a live service", () => {
  equal(live([...START, { on: "term" }])[0].state, "lastUp");
  equal(live([...START, { on: "hup" }])[1], "start writeStatus u detach");
  equal(live([...START, { on: "quit" }])[1], "start writeStatus u x end");
  equal(live([...START, { on: "int" }])[1], "start writeStatus u group 2>7 x end");
});

Deno.test("the last life ends with the supervisor", () => {
  const [service, effects] = live([...START, { on: "term" }, DIED, { on: "noFinish" }]);
  equal(effects.endsWith("finish writeStatus dD x end"), true);
  deepEqual([service.state, service.deadline], ["gone", Infinity]);
});

Deno.test("D and Q leave the file down behind, U takes it away", () => {
  equal(live([...START, { on: "downForLong" }])[1], "start writeStatus u +down 15>7 18>7 writeStatus");
  equal(live([...START, { on: "keepDown" }])[1], "start writeStatus u +down writeStatus");
  equal(live([...START, { on: "upForLong" }])[1], "start writeStatus u -down writeStatus");
});

Deno.test("only p and c change what is known about a pause", () => {
  const paused = (...signals: number[]): boolean =>
    live([...START, ...signals.map((signal): ServiceEvent => ({ on: "signal", signal }))])[0].paused;
  deepEqual([paused(19), paused(19, 1), paused(19, 18), paused(1)], [true, true, false, false]);
});

Deno.test("the table in words has a row for each cell that can happen", () => {
  const rows = transitionRows();
  equal(rows.find(({ state, event }) => state === "up" && event === "term")?.to, "lastUp");
  equal(rows.some(({ effect }) => effect === "cannot happen"), false);
  equal(new Set(rows.map(({ state }) => state)).size, Object.keys(TRANSITIONS).length);
});

Deno.test("each state has a cell for each event, and the printed page shows them all", () => {
  const page = printSupervision();
  const events = Object.keys(TRANSITIONS.down).sort();
  for (const [state, row] of Object.entries(TRANSITIONS)) {
    deepEqual(Object.keys(row).sort(), events, state);
    match(page, new RegExp(`^## ${state}$`, "m"));
    match(page, new RegExp(`^    ${state} --> `, "m"));
  }
  for (const event of events) match(page, new RegExp(`^\\| \`${event}\` `, "m"));
  for (const { state, event, to } of transitionRows()) {
    if (to !== undefined && to !== state) match(page, new RegExp(`^    ${state} --> ${to}: .*\\b${event}\\b`, "m"));
  }
});
