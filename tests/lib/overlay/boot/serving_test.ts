// Which services a boot still waits for, by where they stand.

import { deepEqual } from "node:assert/strict";
import { notServing } from "../../../../lib/overlay/boot/serving.ts";
import type { Goal } from "../../../../lib/supervise/goal.ts";
import type { ServiceView } from "../../../../lib/supervise/ports.ts";

const view = (name: string, standing: Pick<ServiceView, "up" | "ready"> & Partial<ServiceView>): ServiceView => ({
  name,
  directory: `/services/${name}`,
  isLogger: false,
  supervised: true,
  wantedUp: true,
  pid: standing.up ? 12 : 0,
  lastStatus: 0,
  failed: false,
  service: undefined,
  told: undefined,
  listen: () => () => {},
  ...standing,
});

/** Name, where it stands, what it has to reach, whether it is waited for. */
const STANDINGS: readonly (readonly [view: ServiceView, goal: Goal, late: boolean])[] = [
  [view("up, and notifies nothing", { up: true, ready: false }), "up", false],
  [view("up, and not ready", { up: true, ready: false }), "ready", true],
  [view("ready", { up: true, ready: true }), "ready", false],
  // Of what is down "ready" says that its finish script has ended.
  [view("between two lives", { up: false, ready: true }), "ready", true],
  [view("between two lives, and notifies nothing", { up: false, ready: true }), "up", true],
  [view("in its finish script", { up: false, ready: false }), "ready", true],
  [view("failed permanently", { up: false, ready: true, failed: true }), "ready", false],
  [view("without a supervisor", { up: false, ready: true, supervised: false }), "up", false],
];

Deno.test("a service that is down is waited for, and one that serves is not", () => {
  const goals = new Map(STANDINGS.map(([{ name }, goal]) => [name, goal]));
  const names = [...goals.keys(), "no longer there"];
  deepEqual(
    notServing(STANDINGS.map(([view]) => view), names, (name) => goals.get(name) ?? "up"),
    STANDINGS.filter(([, , late]) => late).map(([{ name }]) => name),
  );
});
