import { deepEqual, equal, match } from "node:assert/strict";
import { keysOf, loadBetween, logFrame, selectedAfter, tableFrame } from "../../../../lib/overlay/status/frame.ts";
import { at, reportLike, statusLike } from "./made.ts";

Deno.test("keys are read from what a terminal sends", () => {
  deepEqual(keysOf("jk\x1b[A\x1b[B\x1bOA\x1bOBurslq"), [
    "down",
    "up",
    "up",
    "down",
    "up",
    "down",
    "start",
    "restart",
    "stop",
    "logs",
    "quit",
  ]);
  // Sequences of other keys are none of the letters in them.
  deepEqual(keysOf("\x1b[1;5A\x1b[15~\x1bxq\x03"), ["other", "other", "other", "other", "quit", "other"]);
  deepEqual(keysOf(""), []);
});

const THREE = ["a", "b", "c"].map((name) => ({ name }));

Deno.test("the selection stays within the services, and on the one that it is on", () => {
  equal(selectedAfter(THREE, undefined, 0), 0);
  equal(selectedAfter(THREE, undefined, 1), 1);
  equal(selectedAfter(THREE, "a", -1), 0);
  equal(selectedAfter(THREE, "b", 1), 2);
  equal(selectedAfter(THREE, "c", 1), 2);
  equal(selectedAfter(THREE, "gone", 0), 0);
  equal(selectedAfter([], "a", 1), 0);
});

const MANY = reportLike(Array.from({ length: 30 }, (_, index) => statusLike({ name: `s${index}` })));

Deno.test("a frame has as many lines as the terminal, and shows the service that is selected", () => {
  for (const rows of [6, 10, 24, 40]) {
    for (const selected of [0, 12, 29]) {
      const lines = tableFrame(MANY, { selected }, { columns: 60, rows }, "told");
      equal(lines.length, rows);
      match(lines.find((line) => line.startsWith("\x1b[7m"))!, new RegExp(`^\\x1b\\[7ms${selected} `));
      deepEqual(lines.slice(-2), ["told", "j k select  s stop  u start  r restart  l log  q quit"]);
    }
  }
  equal(tableFrame(MANY, {}, { columns: 5, rows: 2 }, "told").length, 2);
});

Deno.test("the last lines of a log fit into the terminal", () => {
  const lines = logFrame("web: /var/log/web/current", ["one", "two", "three", "four"], { columns: 8, rows: 5 });
  deepEqual(lines, ["web: /va", "", "three", "four", "l back t"]);
});

Deno.test("the load is the processor time of a service between two reports", () => {
  const before = reportLike([statusLike({ cpu: 1 }), statusLike({ name: "again", pid: 8, cpu: 1 })]);
  const now = reportLike([], { now: at(12_000) });
  const load = loadBetween(before, now);
  equal(load(statusLike({ cpu: 1.5 })), "25 %");
  equal(load(statusLike({ cpu: 0.5 })), "0 %");
  equal(load(statusLike({ name: "again", pid: 9, cpu: 1.5 })), "-");
  equal(load(statusLike({ name: "new", cpu: 1.5 })), "-");
  equal(load(statusLike({ cpu: null })), "-");
  equal(loadBetween(undefined, now)(statusLike({ cpu: 1.5 })), "-");
});
