// The journal: what is kept of it, and how much.

import { deepEqual, equal, ok } from "node:assert/strict";
import { Journal } from "../../../../lib/overlay/journal/journal.ts";
import { Random } from "../../../random/random.ts";
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

function countsOf(entries: readonly JournalEntry[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { subject } of entries) counts.set(subject, (counts.get(subject) ?? 0) + 1);
  return counts;
}

Deno.test("a service that ends again and again leaves the others their entries", () => {
  const ten = journal(10);
  for (const subject of ["web", "db", "db"]) ten.add(MOMENT, subject, "started", "");
  for (let count = 0; count < 10_000; count++) ten.add(MOMENT, "loops", "exited", "");
  deepEqual(numbers(ten.entries()), [1, 2, 3, 9997, 9998, 9999, 10_000, 10_001, 10_002, 10_003]);
  for (let count = 0; count < 10_000; count++) ten.add(MOMENT, "loops too", "exited", "");
  deepEqual(Object.fromEntries(countsOf(ten.entries())), { web: 1, db: 2, loops: 3, "loops too": 4 });
});

Deno.test("where each subject has one entry the oldest go first", () => {
  const three = journal(3);
  for (let count = 0; count < 50; count++) three.add(MOMENT, `service ${count}`, "started", "");
  deepEqual(numbers(three.entries()), [48, 49, 50]);
});

/** Some subjects have far more to tell than others. */
function subjectIn(random: Random, most: number): string {
  return `s${Math.floor(most * random.next() ** 3)}`;
}

Deno.test("in any life of a journal an entry is only lost where no subject has more, and always the oldest", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = new Random(seed);
    const [size, subjects] = [1 + random.below(30), 1 + random.below(20)];
    const kept = journal(size);
    for (let count = 1; count <= 200; count++) {
      const before = kept.entries();
      const subject = random.chance(0.05) ? `once ${count}` : subjectIn(random, subjects);
      kept.add(MOMENT, subject, "started", `${count}`);
      const after = kept.entries();
      equal(after.at(-1)!.number, count);
      equal(after.length, Math.min(size, count));
      deepEqual(numbers(after), numbers(after).toSorted((one, other) => one - other));
      const lost = before.filter(({ number }) => !after.some((entry) => entry.number === number));
      equal(lost.length, count > size ? 1 : 0, `seed ${seed}`);
      for (const { subject, number } of lost) {
        const counts = countsOf(before);
        ok(counts.get(subject) === Math.max(...counts.values()), `seed ${seed}: ${subject} had not the most`);
        equal(before.find((entry) => entry.subject === subject)!.number, number);
      }
    }
  }
});
