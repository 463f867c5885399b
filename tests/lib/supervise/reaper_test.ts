import { deepEqual, equal, throws } from "node:assert/strict";
import type { Death } from "../../../lib/os/os.ts";
import { OsError } from "../../../lib/report.ts";
import { Reaper } from "../../../lib/supervise/reaper.ts";

/** `turns` are what is to be done in the next turns of the event loop. */
function reaperOf(deaths: { pid: number; status: number }[], turns: (() => void)[] = []): Reaper {
  return new Reaper({ reap: () => deaths.shift() }, {
    onSignal: () => () => {},
    after: (_, callback) => {
      turns.push(callback);
      return () => void turns.splice(0, turns.length, ...turns.filter((turn) => turn !== callback));
    },
  });
}

Deno.test("every dead child is reaped, and those who wait are told", () => {
  const deaths = Array.from({ length: 10_000 }, (_, index) => ({ pid: 100 + index, status: index & 0xff00 }));
  const turns: (() => void)[] = [];
  const reaper = reaperOf(deaths, turns);
  const told: number[] = [];
  reaper.expect(107, (status) => told.push(status));
  reaper.expect(600, (status) => told.push(status));
  reaper.reap();
  equal(deaths.length > 5000, true, "others have their turn in between");
  while (turns.length > 0) turns.shift()!();
  deepEqual(told, [0, 500 & 0xff00]);
  equal(deaths.length, 0);
});

Deno.test("a listener that throws at a death leaves the others to be reaped in the next turn", () => {
  const deaths = [7, 8].map((pid) => ({ pid, status: 0 }));
  const turns: (() => void)[] = [];
  const reaper = reaperOf(deaths, turns);
  const told: number[] = [];
  reaper.expect(7, () => {
    throw new Error("out of order");
  });
  reaper.expect(8, () => told.push(8));
  throws(() => reaper.reap(), /out of order/);
  turns.shift()!();
  deepEqual([told, turns.length], [[8], 0]);
});

Deno.test("where the system does not say who is dead, it is asked again a while later", () => {
  const answers = [new OsError("wait for a child", "", "EIO", "Input/output error"), { pid: 7, status: 0 }, undefined];
  const waits: number[] = [];
  let again = (): void => {};
  const reap = (): Death | undefined => {
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const reaper = new Reaper({ reap }, {
    onSignal: () => () => {},
    after: (milliseconds, callback) => {
      waits.push(milliseconds);
      again = callback;
      return () => {};
    },
  });
  const told: number[] = [];
  reaper.expect(7, () => told.push(7));
  throws(() => reaper.reap(), /wait for a child: Input/);
  deepEqual([told, waits.length, waits[0]! > 0], [[], 1, true]);
  again();
  deepEqual([told, waits.length], [[7], 1]);
});

Deno.test("a pid that comes again belongs to the one that expects it then", () => {
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
