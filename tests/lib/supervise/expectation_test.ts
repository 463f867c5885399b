import { deepEqual, equal } from "node:assert/strict";
import { Expectation } from "../../../lib/supervise/expectation.ts";
import type { Goal } from "../../../lib/supervise/goal.ts";
import type { Status } from "../../../lib/supervise/status.ts";

const AT = { seconds: 0, nanoseconds: 0 };
const STATUS: Status = {
  stamp: AT,
  readyStamp: AT,
  pid: 0,
  lastStatus: 0,
  paused: false,
  finishing: false,
  wantedUp: true,
  ready: true,
};
const DOWN = STATUS;
const FINISHING = { ...STATUS, pid: 7, finishing: true, ready: false };
const UP = { ...STATUS, pid: 7, ready: false };
const READY = { ...STATUS, pid: 7 };

/** A wait for one service, after its events: how it ended, or that it has not. */
function ends(goals: readonly Goal[], status: Status, events: string): "met" | "failed" | "waits" {
  const end = Expectation.of(goals, false, [status]).after(0, events);
  return end.over ? end.failures === 0 ? "met" : "failed" : "waits";
}

Deno.test("what already is need not be waited for", () => {
  const table: Record<Goal, boolean[]> = {
    up: [false, false, true, true],
    ready: [false, false, false, true],
    down: [true, true, false, false],
    finished: [true, false, false, false],
  };
  for (const [goal, expected] of Object.entries(table)) {
    const met = [DOWN, FINISHING, UP, READY].map((status) => ends([goal as Goal], status, "") === "met");
    deepEqual(met, expected, goal);
  }
});

Deno.test("events lead to the goal", () => {
  equal(ends(["up"], DOWN, "u"), "met");
  equal(ends(["ready"], DOWN, "u"), "waits");
  equal(ends(["ready"], DOWN, "uU"), "met");
  equal(ends(["down"], READY, "d"), "met");
  equal(ends(["finished"], READY, "d"), "waits");
  equal(ends(["finished"], READY, "dD"), "met");
  equal(ends(["finished"], FINISHING, "D"), "met");
});

Deno.test("a goal passed through is a goal reached", () => {
  equal(ends(["up"], DOWN, "udOD"), "met");
  equal(ends(["down"], UP, "dDu"), "met");
});

Deno.test("a restart is down, then up", () => {
  equal(ends(["down", "up"], UP, ""), "waits");
  equal(ends(["down", "up"], UP, "dD"), "waits");
  equal(ends(["down", "up"], UP, "dDu"), "met");
  equal(ends(["down", "ready"], UP, "dDu"), "waits");
  equal(ends(["down", "ready"], UP, "dDuU"), "met");
  equal(ends(["down", "up"], DOWN, "u"), "met");
});

Deno.test("a permanent failure ends a wait for up, not one for down", () => {
  equal(ends(["ready"], DOWN, "udOD"), "failed");
  equal(ends(["down", "up"], UP, "dOD"), "failed");
  equal(ends(["finished"], UP, "dOD"), "met");
});

Deno.test("a supervisor that ends before the goal is a failure", () => {
  equal(ends(["up"], DOWN, "x"), "failed");
  equal(ends(["finished"], UP, "dDx"), "met");
  equal(ends(["finished"], UP, "x"), "failed");
});

Deno.test("a supervisor that starts and letters of the future are passed over", () => {
  equal(ends(["up"], DOWN, "s?"), "waits");
});

Deno.test("all means all at the same time", () => {
  const start = Expectation.of(["up"], false, [UP, DOWN]);
  equal(start.over, false);
  equal(start.after(1, "u").over, true);
  equal(start.after(0, "dD").after(1, "u").over, false);
  equal(start.after(0, "dD").after(1, "u").after(0, "u").over, true);
});

Deno.test("any means the first one, in good or ill", () => {
  equal(Expectation.of(["up"], true, [DOWN, UP]).over, true);
  const start = Expectation.of(["ready"], true, [DOWN, DOWN]);
  equal(start.after(1, "uU").over, true);
  const failed = start.after(0, "udOD");
  deepEqual([failed.over, failed.failures], [true, 1]);
});

Deno.test("one that failed is waited for no more, the others are", () => {
  const failed = Expectation.of(["ready"], false, [DOWN, DOWN]).after(0, "udOD");
  deepEqual([failed.over, failed.failures], [false, 1]);
  const end = failed.after(1, "uU");
  deepEqual([end.over, end.failures], [true, 1]);
  deepEqual(failed.after(1, "x").failures, 2);
});

Deno.test("a restart of several wants them all down first, even where one is enough in the end", () => {
  const start = Expectation.of(["down", "up"], true, [UP, UP]);
  equal(start.after(0, "dDu").over, false);
  equal(start.after(0, "d").after(1, "d").after(1, "Du").over, true);
});
