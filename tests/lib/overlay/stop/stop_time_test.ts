import { deepEqual, equal } from "node:assert/strict";
import { StopTime } from "../../../../lib/overlay/stop/stop_time.ts";

Deno.test("the time of a stop runs from its first moment on", () => {
  let now = 1000;
  const time = new StopTime(() => now, { services: 3000, kill: 2000 });
  deepEqual([time.forServices, time.beforeKill, time.left], [3000, 2000, 5500]);
  now += 2500;
  deepEqual([time.forServices, time.beforeKill, time.left], [500, 2000, 3000]);
  now += 1500;
  deepEqual([time.forServices, time.beforeKill, time.left], [0, 1500, 1500]);
  now += 5000;
  deepEqual([time.forServices, time.beforeKill, time.left], [0, 0, -3500]);
});

Deno.test("what has a bound of its own takes nothing of it, but the services' time goes on", () => {
  let now = 0;
  const time = new StopTime(() => now, { services: 3000, kill: 3000 });
  time.pause();
  now += 10_000;
  equal(time.left, 6500);
  time.resume();
  now += 100;
  deepEqual([time.forServices, time.beforeKill, time.left], [0, 3000, 6400]);
});
