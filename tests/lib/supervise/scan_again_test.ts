// A scan directory in which something cannot be inspected, such as a link that leads nowhere.

import { deepEqual, equal } from "node:assert/strict";
import { Environment } from "../../../lib/environment.ts";
import { openScanner } from "../../../lib/supervise/scanner.ts";
import { World } from "../../simulation/world.ts";

Deno.test("what cannot be examined is reported once, and examined again ever more rarely", () => {
  const world = new World(60);
  world.files.put("scan", "directory");
  const onLeft = (): void => {};
  const scanner = openScanner(world.ports, { directory: "scan", environment: Environment.empty, onLeft });
  world.pass(0);
  world.weather.noScan = true;
  scanner.rescan();
  const pauses: number[] = [];
  while (pauses.length < 7) {
    deepEqual(world.timers.length, 1, "the next scan, and nothing else");
    const pause = world.timers[0]!.time - world.time;
    pauses.push(pause);
    world.pass(pause);
  }
  deepEqual(pauses, [3000, 6000, 12_000, 24_000, 48_000, 60_000, 60_000]);
  equal(world.reports.length, 1, `${world.reports}`);
  world.weather.noScan = false;
  scanner.rescan();
  equal(world.timers.length, 0, "what is sound is looked at when somebody asks");
});
