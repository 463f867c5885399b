// Rows run ahead of the tests that report them: how many, and which.

import { deepEqual, equal, rejects } from "node:assert/strict";
import { CrowdSize, processorTime, RowRunner } from "./row_runner.ts";

/** A runner whose rows end when the test says so. */
class Rows {
  readonly begun: number[] = [];
  readonly runner: RowRunner;
  private readonly ends = new Map<number, PromiseWithResolvers<void>>();

  constructor(count: number, most: number) {
    const crowd = new CrowdSize(most, most);
    const work = (at: number): Promise<void> => {
      this.begun.push(at);
      this.ends.set(at, Promise.withResolvers());
      return this.ends.get(at)!.promise;
    };
    this.runner = new RowRunner(count, work, crowd, () => undefined);
  }

  /** Ends a row, and lets what follows from it happen. */
  async end(at: number, failure?: Error): Promise<void> {
    if (failure === undefined) this.ends.get(at)!.resolve();
    else this.ends.get(at)!.reject(failure);
    this.ends.delete(at);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }

  /** Ends all that run, and those that are begun then. */
  async endAll(): Promise<void> {
    while (this.ends.size > 0) for (const at of [...this.ends.keys()]) await this.end(at);
  }
}

Deno.test("rows behind the one that is asked for are begun, as many at a time as may run", async () => {
  const rows = new Rows(10, 3);
  const first = rows.runner.result(0);
  deepEqual(rows.begun, [0, 1]);
  const second = rows.runner.result(1);
  deepEqual(rows.begun, [0, 1, 2]);
  await rows.end(1);
  deepEqual(rows.begun, [0, 1, 2, 3]);
  await second;
  await rows.endAll();
  await first;
});

Deno.test("no row is run twice, nor left out", async () => {
  const rows = new Rows(100, 7);
  for (let at = 0; at < 100; at++) {
    const result = rows.runner.result(at);
    await rows.endAll();
    await result;
  }
  deepEqual(rows.begun, Array.from({ length: 100 }, (_, at) => at));
});

Deno.test("where a filter leaves rows out, they are hardly begun", async () => {
  const rows = new Rows(1000, 4);
  for (const at of [500, 600, 700, 701, 800]) {
    const result = rows.runner.result(at);
    await rows.endAll();
    await result;
  }
  deepEqual(rows.begun, [500, 600, 700, 701, 702, 800]);
});

Deno.test("a row that fails fails its own test", async () => {
  const rows = new Rows(2, 2);
  const results = [rows.runner.result(0), rows.runner.result(1)];
  await rows.end(0, new Error("it differs"));
  await rows.end(1);
  await rejects(results[0]!, /it differs/);
  await results[1];
});

Deno.test("more rows run at a time while the processors idle, and fewer when they have too much to do", () => {
  const crowd = new CrowdSize(2, 4);
  const after: number[] = [];
  let [idle, total] = [0, 0];
  for (const share of [0.5, 0.5, 0.5, 0.5, 0.1, 0, 0, 0, 0]) {
    idle += 100 * share;
    total += 100;
    crowd.look({ idle, total });
    after.push(crowd.value);
  }
  // Nothing is known by the first look; then up to the most, and down to the least.
  deepEqual(after, [2, 3, 4, 4, 4, 3, 2, 2, 2]);
  crowd.look(undefined);
  crowd.look({ idle: 1000, total: 2000 });
  equal(crowd.value, 2);
});

Deno.test("the ticks of all processors are read from the kernel's statistics", () => {
  deepEqual(processorTime("cpu  10 20 30 400 5 0 1 0 0 0\ncpu0 1 2 3 4 5 6 7 8 9 0\n"), { idle: 405, total: 466 });
  equal(processorTime("intr 1\n"), undefined);
});
