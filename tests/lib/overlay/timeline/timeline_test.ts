// What a timeline is computed to: which rows there are, from when to when, and which of them are on the critical path.

import { deepEqual, equal } from "node:assert/strict";
import type { Snapshot } from "../../../../lib/overlay/journal/snapshot.ts";
import { lengthOf, timelineOf } from "../../../../lib/overlay/timeline/timeline.ts";
import { bootTold, large, moment, RICH, scriptTold, serviceTold, waitFor } from "./boots.ts";

/** "10-a 10-20 ended*": the star is for the critical path. */
function rows(snapshot: Snapshot): string[] {
  return timelineOf(snapshot).rows.map(({ name, from, to, state, exit, critical }) => {
    const how = exit === null ? "" : ` ${exit.code ?? exit.signal}`;
    return `${name} ${from ?? "?"}-${to ?? "?"} ${state}${how}${critical ? "*" : ""}`;
  });
}

const TWO = [scriptTold("10-a", 10, 40), scriptTold("20-b", 41, 90)];

const BOOTS: Readonly<Record<string, readonly [Snapshot, readonly string[]]>> = {
  "scripts one after another are all critical": [
    bootTold(100, 500, { scripts: TWO }),
    ["10-a 10-40 ended 0*", "20-b 41-90 ended 0*"],
  ],
  "services that nothing waits for are not critical": [
    bootTold(100, 500, { scripts: TWO, services: [serviceTold("web", 95, 140)] }),
    ["10-a 10-40 ended 0*", "20-b 41-90 ended 0*", "web 95-140 up"],
  ],
  "of services that are waited for the last one is critical": [
    bootTold(300, 500, {
      container: waitFor(["a", "b", "c"], 95, 298),
      scripts: TWO,
      services: [
        serviceTold("a", 95, 97),
        serviceTold("b", 95, 297, { notifies: true }),
        serviceTold("c", 96, 200, { notifies: true }),
        serviceTold("d", 96, 290, { notifies: true }),
      ],
    }),
    ["10-a 10-40 ended 0*", "20-b 41-90 ended 0*", "a 95-97 up", "b 95-297 ready*", "c 96-200 ready", "d 96-290 ready"],
  ],
  "where the wait was in vain those that were missing are critical": [
    bootTold(1000, 5000, {
      container: waitFor(["a", "b", "c", "d"], 95, 999),
      services: [
        serviceTold("a", 95, 900),
        serviceTold("b", 95, null, { notifies: true }),
        serviceTold("c", 96, 3000, { notifies: true }),
        serviceTold("d", null, null),
      ],
    }),
    ["a 95-900 up", "b 95-? starting*", "c 96-3000 ready*", "d ?-? not started*"],
  ],
  "a service that could not be started has failed": [
    bootTold(100, 500, {
      services: [{ ...serviceTold("web", 95, null), trouble: "unable to spawn ./run" }, serviceTold("db", 96, null)],
    }),
    ["web 95-? failed", "db 96-? starting"],
  ],
  "a wait that goes on makes those critical that are missing": [
    bootTold(null, 700, {
      container: { awaited: { names: ["a", "b"], since: moment(95), until: null } },
      scripts: TWO,
      services: [serviceTold("a", 95, 97), serviceTold("b", 95, null, { notifies: true })],
    }),
    ["10-a 10-40 ended 0*", "20-b 41-90 ended 0*", "a 95-97 up", "b 95-? starting*"],
  ],
  "services that started before the scripts and were ready long ago are not critical": [
    bootTold(100, 500, {
      container: waitFor(["a"], 95, 98),
      scripts: TWO,
      services: [serviceTold("early", 5, 6), serviceTold("a", 96, 98)],
    }),
    ["early 5-6 up", "10-a 10-40 ended 0*", "20-b 41-90 ended 0*", "a 96-98 up*"],
  ],
  "of two helpers at a time the one that ended last is critical": [
    bootTold(100, 500, { scripts: [scriptTold("x", 10, 80, 0, "task"), scriptTold("y", 20, 50, 0, "task")] }),
    ["x 10-80 ended 0*", "y 20-50 ended 0"],
  ],
  "a boot that failed ends with the script that failed": [
    bootTold(null, 300, {
      container: {
        bootEnded: moment(90),
        cause: "initialization failed: cont-init.d/20-b exited 3",
        state: "lastScripts",
      },
      scripts: [
        scriptTold("10-a", 10, 40),
        scriptTold("20-b", 41, 90, 3),
        scriptTold("1", 95, null, 0, "cont-finish.d"),
      ],
    }),
    ["10-a 10-40 ended 0*", "20-b 41-90 failed 3*"],
  ],
  "a boot that a stop interrupts ends in the script that ran": [
    bootTold(null, 300, {
      container: { bootEnded: moment(70), cause: "TERM", state: "stopping" },
      scripts: [
        scriptTold("10-a", 10, 40),
        scriptTold("20-b", 41, null),
        scriptTold("termination-log", 71, 74, 0, "task"),
      ],
    }),
    ["10-a 10-40 ended 0*", "20-b 41-? running*"],
  ],
  "a boot that goes on is in its last script": [
    bootTold(null, 60, { scripts: [scriptTold("10-a", 10, 40), scriptTold("20-b", 41, null)] }),
    ["10-a 10-40 ended 0*", "20-b 41-? running*"],
  ],
  "a script that failed is marked where the boot goes on all the same": [
    bootTold(100, 500, { scripts: [scriptTold("10-a", 10, 40, 1), scriptTold("20-b", 41, 90)] }),
    ["10-a 10-40 failed 1*", "20-b 41-90 ended 0*"],
  ],
  "what people start later is not of the boot": [
    bootTold(100, 9000, {
      services: [
        serviceTold("web", 95, 99),
        serviceTold("late", 5000, 5001),
        serviceTold("down", null, null, { wanted: "down" }),
      ],
    }),
    ["web 95-99 up"],
  ],
  "the command stands where it was started, and helpers behind the boot do not": [
    bootTold(100, 500, {
      scripts: [scriptTold("sleep", 100, 400, 7, "command"), scriptTold("timeline", 101, 120, 0, "task")],
    }),
    ["sleep 100-100 failed 7"],
  ],
  "nothing is needed": [bootTold(20, 30), []],
};

for (const [name, [snapshot, expected]] of Object.entries(BOOTS)) {
  Deno.test(name, () => deepEqual(rows(snapshot), expected));
}

Deno.test("a service that ends again and again or for good has failed, with how it ended", () => {
  const lastExit = { code: 3, signal: null, at: moment(400), told: false };
  deepEqual(
    rows(bootTold(100, 500, {
      services: [
        serviceTold("a", 95, 96, { looping: true, lastExit }),
        serviceTold("b", 96, null, { notifies: true, failed: true, lastExit }),
      ],
    })),
    ["a 95-96 failed 3", "b 96-? failed 3"],
  );
  deepEqual(rows(bootTold(100, 500, { services: [serviceTold("a", 95, 96, { lastExit })] })), ["a 95-96 up"]);
});

const OUTCOMES: readonly (readonly [Snapshot, string, number | null, string | null])[] = [
  [bootTold(100, 500), "booted", 100, null],
  [bootTold(100, 500, { container: { cause: "TERM", state: "stopping" } }), "booted", 100, null],
  [bootTold(null, 60), "booting", null, null],
  [bootTold(null, 60, { container: { bootEnded: moment(50), cause: "INT" } }), "broken off", 50, "INT"],
];

Deno.test("how a boot came out, when, and why it did not come to its end", () => {
  for (const [snapshot, outcome, end, cause] of OUTCOMES) {
    const timeline = timelineOf(snapshot);
    deepEqual([timeline.outcome, timeline.end, timeline.cause], [outcome, end, cause]);
  }
});

Deno.test("what is no row's of the critical path the overlay took itself", () => {
  equal(timelineOf(bootTold(100, 500, { scripts: TWO })).own, 100 - 30 - 49);
  equal(
    timelineOf(bootTold(null, 60, { scripts: [scriptTold("10-a", 10, 40), scriptTold("20-b", 41, null)] })).own,
    60 - 30 - 19,
  );
  equal(timelineOf(bootTold(20, 30)).own, 20);
  // Two that were missing at once count once.
  const late = { notifies: true };
  const services = [serviceTold("a", 95, null, late), serviceTold("b", 97, null, late)];
  equal(timelineOf(bootTold(1000, 5000, { container: waitFor(["a", "b"], 95, 999), services })).own, 95);
});

Deno.test("process 1 began when its clock says now, whatever the clock said then", () => {
  const snapshot = bootTold(100, 500, { scripts: TWO });
  const set = { ...snapshot, now: { time: snapshot.now.time + 3_600_000, after: 500 } };
  equal(timelineOf(set).began - timelineOf(snapshot).began, 3_600_000);
  deepEqual(timelineOf(set).rows, timelineOf(snapshot).rows);
});

Deno.test("the axis shows the boot and all that became ready behind it, and leaves room for what goes on", () => {
  equal(lengthOf(timelineOf(bootTold(100, 9000))), 100);
  equal(lengthOf(timelineOf(bootTold(100, 9000, { services: [serviceTold("web", 95, 700)] }))), 700);
  const open = bootTold(100, 9000, { services: [serviceTold("web", 95, null, { notifies: true })] });
  equal(Math.round(lengthOf(timelineOf(open))), 115);
  equal(lengthOf(timelineOf({ ...open, now: moment(104) })), 104);
  equal(lengthOf(timelineOf(bootTold(0, 0))), 1);
  equal(lengthOf(timelineOf(bootTold(null, 250))), 250);
});

Deno.test("all rows are there, in order of their start, with what has not been started last", () => {
  equal(timelineOf(large(300)).rows.length, 600);
  const { rows } = timelineOf(RICH);
  deepEqual(rows.map(({ name }) => name).slice(-2), ["node", "never"]);
  const starts = rows.map(({ from }) => from ?? Infinity);
  deepEqual(starts, starts.toSorted((one, other) => one === other ? 0 : one - other));
});
