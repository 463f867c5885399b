// The journal: what is kept of it, and how much.

import { deepEqual, equal } from "node:assert/strict";
import { Journal } from "../../../../lib/overlay/journal/journal.ts";
import type { JournalEntry, Moment } from "../../../../lib/overlay/journal/snapshot.ts";

const MOMENT: Moment = { time: 1000, after: 0 };

function journal(size: number, seen: unknown[] = []): Journal {
  return new Journal(size, (entry) => void seen.push(entry));
}

const numbers = (entries: readonly JournalEntry[]): number[] => entries.map(({ number }) => number);

Deno.test("a journal keeps the last entries, the oldest first, and their numbers go on", () => {
  for (const [added, kept] of [[0, []], [2, [1, 2]], [3, [1, 2, 3]], [4, [2, 3, 4]], [7, [5, 6, 7]]] as const) {
    const three = journal(3);
    for (let count = 0; count < added; count++) three.add(MOMENT, "web", "started", `pid ${count}`);
    deepEqual(numbers(three.entries()), kept, `${added} added`);
  }
});

Deno.test("an entry has the moment that it is of", () => {
  const two = journal(2);
  two.add(MOMENT, "web", "up", "pid 7");
  deepEqual(two.entries(), [{ number: 1, at: MOMENT, subject: "web", event: "up", text: "pid 7" }]);
});

Deno.test("texts are cut, so that no service can fill the memory of process 1", () => {
  const one = journal(1);
  one.add(MOMENT, "x".repeat(10_000), "warning", "y".repeat(10_000));
  const [entry] = one.entries();
  equal(entry!.subject.length, 503);
  equal(entry!.text.length, 503);
});

Deno.test("a journal of no entries keeps none, and all are seen", () => {
  const seen: unknown[] = [];
  const none = journal(0, seen);
  none.add(MOMENT, "web", "ready", "");
  deepEqual(none.entries(), []);
  deepEqual(seen, [{ subject: "web", event: "ready", text: "" }]);
});

Deno.test("however many entries are asked for, there is a bound", () => {
  const large = journal(1e15);
  for (let count = 0; count < 100_001; count++) large.add(MOMENT, "web", "started", "");
  const entries = large.entries();
  deepEqual([entries.length, entries[0]!.number], [100_000, 2]);
});
