import { equal } from "node:assert/strict";
import { Life } from "../../../lib/supervise/life.ts";
import type { EventName, ServiceState } from "../../../lib/supervise/service.ts";

/** True if the last of the events ends a life that ended by itself. */
function endsByItself(...steps: readonly (readonly [EventName, ServiceState, ServiceState])[]): boolean {
  const life = new Life();
  return steps.map(([event, from, to]) => life.isOver(event, from, to)).at(-1)!;
}

const STARTED = ["started", "down", "up"] as const;
const DIED = ["died", "up", "finish"] as const;
const FINISHED = ["died", "finish", "down"] as const;

Deno.test("a life ends by itself when run has died and finish has ended", () => {
  equal(endsByItself(STARTED, DIED), false);
  equal(endsByItself(STARTED, DIED, FINISHED), true);
  equal(endsByItself(STARTED, DIED, ["noFinish", "finish", "down"]), true);
  equal(endsByItself(STARTED, ["signal", "up", "up"], DIED, FINISHED), true);
  equal(
    endsByItself(STARTED, ["hup", "up", "lastUp"], ["died", "lastUp", "lastFinish"], ["died", "lastFinish", "gone"]),
    true,
  );
});

Deno.test("a life that was wished to end does not, and the next one may", () => {
  for (const wish of ["down", "downForLong", "downSignal", "term"] as const) {
    const to = wish === "term" ? "lastUp" : "up";
    equal(endsByItself(STARTED, [wish, "up", to], DIED, FINISHED), false, wish);
  }
  equal(endsByItself(STARTED, ["downSignal", "up", "up"], DIED, FINISHED, STARTED, DIED, FINISHED), true);
});

Deno.test("a life that was wished to end while it began does not end by itself", () => {
  const started = ["started", "down", "starting"] as const;
  const runs = ["running", "starting", "up"] as const;
  equal(endsByItself(started, ["down", "starting", "starting"], runs, DIED, FINISHED), false);
  equal(endsByItself(started, ["term", "starting", "lastStarting"], runs, DIED, FINISHED), false);
  equal(endsByItself(started, ["up", "starting", "starting"], runs, DIED, FINISHED), true);
});

Deno.test("a wish that comes when run has died already changes nothing", () => {
  equal(endsByItself(STARTED, DIED, ["down", "finish", "finish"], FINISHED), true);
});
