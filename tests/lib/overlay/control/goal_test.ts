import { deepEqual, equal } from "node:assert/strict";
import { type AwaitedDeed, type GoalVerdict, stillDoes, verdictOn } from "../../../../lib/overlay/control/goal.ts";
import type { ServiceSnapshot } from "../../../../lib/overlay/journal/snapshot.ts";
import { at, serviceLike } from "../status/made.ts";

/** ToldService at 5 s what had been started twice by then; looked at at 10 s. */
function verdict(
  deed: AwaitedDeed,
  changes: Partial<ServiceSnapshot> | undefined,
  cause: string | null = null,
): GoalVerdict {
  return verdictOn(deed, {
    now: at(5000),
    before: { name: "web", state: "up", failed: false, paused: false, starts: 2 },
  }, {
    now: at(10_000),
    container: { cause },
    service: changes === undefined ? undefined : serviceLike({ starts: 2, ...changes }),
  });
}

const exited = (after: number, told = false) => ({ code: 3, signal: null, at: at(after), told });
const NEW = { starts: 3, since: at(9000) } as const;

const STARTS:
  readonly (readonly [what: string, Partial<ServiceSnapshot> | undefined, start: string, restart: string])[] = [
    ["up since before", {}, "reached", "not yet"],
    ["up anew for a second", NEW, "reached", "reached"],
    ["up anew for less", { ...NEW, since: at(9001) }, "not yet", "not yet"],
    ["up and not ready", { ...NEW, ready: false }, "not yet", "not yet"],
    ["up and ready", { ...NEW, since: at(9900), ready: true }, "reached", "reached"],
    ["starting", { state: "starting", starts: 3 }, "not yet", "not yet"],
    ["finishing", { state: "finishing" }, "not yet", "not yet"],
    ["down for the pause between two starts", { state: "down", nextStart: at(10_900) }, "not yet", "not yet"],
    [
      "down for longer",
      { state: "down", nextStart: at(19_000), trouble: "unable to spawn ./run - waiting 10 seconds: no ./run" },
      "is down: run could not be started: no ./run",
      "=",
    ],
    ["down for good", { state: "down", nextStart: null }, "could not be started", "="],
    [
      "failed",
      { state: "down", wanted: "down", failed: true, lastExit: exited(6000) },
      "has failed for good; it exited 3",
      "=",
    ],
    ["stopped by another", { state: "down", wanted: "down" }, "is wanted down: something else has stopped it", "="],
    ["without supervisor", { state: "unsupervised", trouble: "locked" }, "has no supervisor: locked", "="],
    ["gone", undefined, "is gone from the scan directory", "="],
    [
      "in a loop, and ready for a moment",
      { ...NEW, since: at(9001), ready: true, looping: true },
      "not yet",
      "not yet",
    ],
    [
      "down again",
      { state: "down", starts: 3, nextStart: at(10_500), lastExit: exited(9000) },
      "exited 3 as soon as it was started",
      "=",
    ],
    ["finishing again", { state: "finishing", starts: 3, lastExit: exited(9000) }, "not yet", "="],
    ["up once more", { ...NEW, starts: 4, lastExit: exited(8000) }, "exited 3 as soon as it was started", "="],
    [
      "down again without readiness",
      { state: "down", starts: 3, nextStart: at(10_500), notifies: true, lastExit: exited(9000) },
      "exited 3 before it was ready",
      "=",
    ],
    [
      "told to end by another, who starts it",
      { state: "finishing", starts: 3, lastExit: exited(9000, true) },
      "not yet",
      "=",
    ],
    ["told to end by another, and up again", { ...NEW, starts: 4, lastExit: exited(8000, true) }, "reached", "="],
    [
      "not started at once",
      { state: "down", starts: 3, nextStart: at(10_500), lastExit: exited(4000) },
      "not yet",
      "=",
    ],
    ["in a loop, and up for a second", { ...NEW, looping: true }, "reached", "reached"],
    [
      "in a loop, and down again",
      { state: "down", starts: 3, looping: true, nextStart: at(10_500), lastExit: exited(9000) },
      "ends by itself again and again; it exited 3",
      "=",
    ],
    [
      "in a loop, and ended by a signal",
      {
        state: "down",
        nextStart: at(10_500),
        starts: 3,
        looping: true,
        lastExit: { code: null, signal: "SEGV", at: at(9000), told: false },
      },
      "ends by itself again and again; it was killed by SEGV",
      "=",
    ],
    [
      "in a loop before, and not started yet",
      { state: "down", looping: true, nextStart: at(10_500), lastExit: exited(4000) },
      "not yet",
      "not yet",
    ],
    [
      "in a loop before, and ended for the restart",
      { state: "finishing", looping: true, lastExit: exited(6000, true) },
      "not yet",
      "not yet",
    ],
  ];

function said(verdict: GoalVerdict): string {
  return typeof verdict === "string" ? verdict : verdict.failed;
}

for (const [what, changes, start, restart] of STARTS) {
  Deno.test(`a start and a restart of a service that is ${what} are judged`, () => {
    deepEqual([said(verdict("up", changes)), said(verdict("restart", changes))], [
      start,
      restart === "=" ? start : restart,
    ]);
  });
}

Deno.test("nothing is started in a container that stops", () => {
  const failed = "is not started: the container is stopping: TERM";
  for (const changes of [{}, NEW, undefined]) deepEqual(verdict("up", changes, "TERM"), { failed });
});

const STOPS: readonly (readonly [Partial<ServiceSnapshot> | undefined, string])[] = [
  [{ wanted: "down", state: "down" }, "reached"],
  [{ wanted: "down", state: "down", failed: true }, "reached"],
  [{ wanted: "down", state: "finishing" }, "not yet"],
  [{ wanted: "down" }, "not yet"],
  [{ state: "down" }, "is wanted up again: something else has started it"],
  [{ state: "unsupervised" }, "has no supervisor"],
  [undefined, "reached"],
];

Deno.test("a stop is over when finish has ended", () => {
  for (const [changes, expected] of STOPS) equal(said(verdict("down", changes)), expected, JSON.stringify(changes));
  equal(verdict("down", { state: "unsupervised", wanted: "down" }, "TERM"), "reached");
});

Deno.test("of a service that takes too long is said what it does", () => {
  equal(stillDoes("up", serviceLike({ ready: false })), "is up, but not ready");
  equal(stillDoes("up", serviceLike()), "is up, but not for 1 s yet");
  equal(stillDoes("up", serviceLike({ state: "down", failed: true })), "has failed for good");
  equal(stillDoes("restart", serviceLike()), "has not ended, or has not been up for long enough");
  equal(stillDoes("down", serviceLike()), "is up");
  equal(stillDoes("up", serviceLike({ state: "down", looping: true })), "is down, and ends by itself again and again");
  equal(stillDoes("down", undefined), "is gone");
});
