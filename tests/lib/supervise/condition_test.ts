import { deepEqual, equal } from "node:assert/strict";
import { judgeCondition, Waits } from "../../../lib/supervise/condition.ts";
import type { Condition, ServiceView } from "../../../lib/supervise/ports.ts";

const DOWN: ServiceView = {
  name: "web",
  directory: "scan/web",
  isLogger: false,
  supervised: true,
  up: false,
  ready: true,
  wantedUp: true,
  pid: 0,
  lastStatus: 0,
  failed: false,
  service: undefined,
  told: undefined,
  listen: () => () => {},
};
const UP: ServiceView = { ...DOWN, up: true, ready: false, pid: 7 };
const READY: ServiceView = { ...UP, ready: true };
const FINISHING: ServiceView = { ...DOWN, ready: false, pid: 8 };
/** Its process has not become its program yet. */
const STARTING: ServiceView = { ...DOWN, pid: 9 };
const FAILED: ServiceView = { ...DOWN, failed: true, wantedUp: false };
const GONE: ServiceView = { ...DOWN, supervised: false };

const VERDICTS: Readonly<Record<Condition, readonly string[]>> = {
  //    down       up         ready      finishing  starting   failed    gone      unknown
  up: ["pending", "met", "met", "pending", "pending", "failed", "failed", "failed"],
  ready: ["pending", "pending", "met", "pending", "pending", "failed", "failed", "failed"],
  down: ["met", "pending", "pending", "met", "met", "met", "met", "met"],
  finished: ["met", "pending", "pending", "pending", "pending", "met", "met", "met"],
  gone: ["pending", "pending", "pending", "pending", "pending", "pending", "met", "met"],
};

Deno.test("how each kind of service stands to each condition", () => {
  for (const [condition, expected] of Object.entries(VERDICTS)) {
    const views = [DOWN, UP, READY, FINISHING, STARTING, FAILED, GONE, undefined];
    deepEqual(views.map((view) => judgeCondition(view, condition as Condition)), expected, condition);
  }
});

Deno.test("a wait ends when no service is pending, and tells once which have failed", () => {
  const views = new Map<string, ServiceView>([["a", UP], ["b", DOWN]]);
  const waits = new Waits((name) => views.get(name));
  const told: (readonly string[])[] = [];
  waits.add({ condition: "up", names: ["a", "b"], callback: (failed) => told.push(failed) });
  waits.check();
  equal(told.length, 0);
  views.set("b", FAILED);
  waits.check();
  waits.check();
  deepEqual(told, [["b"]]);
});

Deno.test("what is so already is told at once, what is cancelled never", () => {
  const views = new Map<string, ServiceView>([["a", DOWN]]);
  const waits = new Waits((name) => views.get(name));
  const told: string[] = [];
  waits.add({ condition: "down", names: ["a"], callback: () => told.push("down") });
  waits.add({ condition: "up", names: ["a"], callback: () => told.push("up") })();
  views.set("a", UP);
  waits.check();
  deepEqual(told, ["down"]);
});

Deno.test("a change of a service concerns the waits that it keeps pending, and no other is looked at", () => {
  const views = new Map<string, ServiceView>([["a", DOWN], ["b", DOWN], ["c", DOWN]]);
  const looked: string[] = [];
  const waits = new Waits((name) => {
    looked.push(name);
    return views.get(name);
  });
  const told: string[] = [];
  for (const names of [["a"], ["b"], ["c"], ["b", "c"]]) {
    waits.add({ condition: "up", names, callback: () => told.push(names.join()) });
  }
  looked.length = 0;
  views.set("b", UP);
  waits.check("b");
  deepEqual(looked, ["b", "b", "c"]);
  deepEqual(told, ["b"]);
  views.set("c", UP);
  waits.check("b");
  waits.check("unknown");
  deepEqual(told, ["b"]);
  waits.check("c");
  deepEqual(told, ["b", "c", "b,c"]);
  views.set("a", UP);
  waits.check();
  deepEqual(told, ["b", "c", "b,c", "a"]);
});

Deno.test("one that is called back may end the others", () => {
  const views = new Map<string, ServiceView>([["a", DOWN]]);
  const waits = new Waits((name) => views.get(name));
  const told: number[] = [];
  const cancels = [1, 2].map((number) =>
    waits.add({
      condition: "up",
      names: ["a"],
      callback: () => {
        told.push(number);
        for (const cancel of cancels) cancel();
      },
    })
  );
  views.set("a", UP);
  waits.check("a");
  deepEqual(told, [1]);
});
