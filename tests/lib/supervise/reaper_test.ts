import { deepEqual, equal } from "node:assert/strict";
import { Reaper } from "../../../lib/supervise/reaper.ts";

function reaperOf(deaths: { pid: number; status: number }[]): Reaper {
  return new Reaper({ reap: () => deaths.shift() }, { onSignal: () => () => {} });
}

Deno.test("every dead child is reaped, and those who wait are told", () => {
  const deaths = Array.from({ length: 10_000 }, (_, index) => ({ pid: 100 + index, status: index & 0xff00 }));
  const reaper = reaperOf(deaths);
  const told: number[] = [];
  reaper.expect(107, (status) => told.push(status));
  reaper.expect(600, (status) => told.push(status));
  reaper.reap();
  deepEqual(told, [0, 500 & 0xff00]);
  equal(deaths.length, 0);
});

Deno.test("a pid that comes again belongs to whoever expects it then", () => {
  const deaths = [{ pid: 7, status: 0 }];
  const reaper = reaperOf(deaths);
  const told: string[] = [];
  const cancel = reaper.expect(7, () => {
    told.push("first");
    reaper.expect(7, () => told.push("second"));
    deaths.push({ pid: 7, status: 0 });
  });
  reaper.reap();
  cancel();
  deepEqual(told, ["first", "second"]);
});

Deno.test("who no longer waits is not told", () => {
  const reaper = reaperOf([{ pid: 7, status: 0 }]);
  reaper.expect(7, () => {
    throw new Error("told");
  })();
  reaper.reap();
});
