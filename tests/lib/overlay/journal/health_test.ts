// When a container is healthy, and the one line that says why it is not.

import { deepEqual, equal } from "node:assert/strict";
import { faultOf, isAsWanted } from "../../../../lib/overlay/journal/health.ts";
import type { ContainerSnapshot, ServiceSnapshot, Snapshot } from "../../../../lib/overlay/journal/snapshot.ts";
import { exampleService, exampleSnapshot } from "./example_snapshot.ts";

function snapshot(container: Partial<ContainerSnapshot>, ...services: Partial<ServiceSnapshot>[]): Snapshot {
  const one = exampleSnapshot();
  return {
    ...one,
    container: { ...one.container, ...container },
    services: services.map((service) => exampleService(service)),
  };
}

/** The first one is a oneshot that has failed, and each other needs the one before. */
function notStarted([oneshot, ...longruns]: readonly string[]): Snapshot {
  const told = [
    { name: oneshot!, kind: "oneshot" as const, why: "exited 1" },
    ...longruns.map((name, at) => ({
      name,
      kind: "longrun" as const,
      why: `was kept back by ${[oneshot, ...longruns][at]}`,
    })),
  ];
  const services = longruns.map((name) => ({ name, state: "down" as const, wanted: "down" as const }));
  return snapshot({ notStarted: told }, ...services, { name: "d" });
}

function keptBack(name: string, kind: "services.d" | "bundle"): Snapshot {
  return snapshot({ notStarted: [{ name, kind, why: "was kept back by a" }] }, { name: "d" });
}

const CASES: readonly (readonly [fault: string | undefined, Snapshot, names?: readonly string[]])[] = [
  [undefined, snapshot({})],
  [undefined, snapshot({ state: "idle" }, {})],
  ["the container is booting", snapshot({ state: "booting" }, {})],
  ["the container is stopping: TERM", snapshot({ state: "running", cause: "TERM" }, {})],
  ["the container is stopping: TERM", snapshot({ state: "lastSignals", cause: "TERM" })],
  ["service web is starting", snapshot({}, { state: "starting" })],
  ["service web is finishing", snapshot({}, { state: "finishing" })],
  ["service web is unsupervised", snapshot({}, { state: "unsupervised" })],
  ["service web is not ready yet", snapshot({}, { ready: false })],
  [undefined, snapshot({}, { ready: true })],
  ["service web ends by itself again and again", snapshot({}, { looping: true })],
  ["service web is paused", snapshot({}, { paused: true })],
  ["service web has failed for good", snapshot({}, { failed: true, state: "down" })],
  [undefined, snapshot({}, { state: "down", wanted: "down" })],
  ["service web is down", snapshot({}, { state: "down" })],
  ["service a is down, and 2 more", snapshot({}, ...["a", "b", "c"].map((name) => ({ name, state: "down" as const })))],
  ["service web/log is down", snapshot({}, {}, { name: "web/log", isLogger: true, state: "down" })],
  ["service web is down, as is wanted", snapshot({}, { state: "down", wanted: "down" }), ["web"]],
  [undefined, snapshot({}, { name: "a" }, { name: "b", state: "down" }), ["a"]],
  ["service b has not been started: it was kept back by a, and 1 more", notStarted(["a", "b", "c"])],
  ["service c has not been started: it was kept back by b", notStarted(["a", "b", "c"]), ["c"]],
  [undefined, notStarted(["a", "b", "c"]), ["d"]],
  [undefined, notStarted(["a"])],
  ["legacy-services has not been started: it was kept back by a", keptBack("legacy-services", "services.d")],
  ["top has not been started: it was kept back by a", keptBack("top", "bundle")],
  [undefined, keptBack("top", "bundle"), ["d"]],
  ["there is no service c", snapshot({}, { name: "a" }), ["a", "c"]],
];

for (const [fault, given, names] of CASES) {
  const { container: { state, cause }, services } = given;
  const what = services.map((service) => `${service.name} ${service.state} ${service.wanted} ${service.ready}`);
  Deno.test(`${state} ${cause} ${what} ${names ?? ""}: ${fault ?? "healthy"}`, () => {
    equal(faultOf(given, names), fault);
  });
}

Deno.test("for a readiness probe a service that was told to end counts as long as it runs", () => {
  const ending = snapshot({}, { wanted: "down" });
  equal(faultOf(ending), undefined);
  equal(faultOf(ending, undefined, true), "service web was told to end");
  equal(faultOf(snapshot({}, { wanted: "down", state: "finishing" }), ["web"], true), "service web was told to end");
  equal(faultOf(snapshot({}, { wanted: "down", state: "down" }), undefined, true), undefined);
});

const WANTED: readonly (readonly [changes: Partial<ServiceSnapshot>, asWanted: boolean, whileStopping?: boolean])[] = [
  [{}, true],
  [{ ready: true }, true],
  [{ ready: false }, false],
  [{ state: "starting" }, false],
  [{ state: "finishing" }, false],
  [{ state: "down" }, false],
  [{ state: "unsupervised" }, false],
  [{ looping: true }, false],
  [{ paused: true }, false],
  [{ wanted: "down", state: "down" }, true],
  [{ state: "down", trouble: "no ./run" }, false],
  [{ trouble: "no ./finish" }, false],
  [{ wanted: "down", state: "down", trouble: "no ./finish" }, false],
  // s6-svc -o
  [{ wanted: "down", state: "up" }, true, false],
  [{ wanted: "down", state: "up", toldToEnd: exampleSnapshot().now }, false],
  [{ wanted: "down", state: "up", killedAt: exampleSnapshot().now }, false],
  [{ wanted: "down", state: "unsupervised" }, false, true],
  [{ wanted: "down", state: "finishing" }, false],
  [{ wanted: "down", state: "down", failed: true }, false],
];

Deno.test("a service is as wanted where it is what is wanted, and nothing is wrong with it", () => {
  for (const [changes, asWanted, whileStopping = asWanted] of WANTED) {
    const service = exampleService(changes);
    const judged = [isAsWanted(service, false), isAsWanted(service, true)];
    deepEqual(judged, [asWanted, whileStopping], JSON.stringify(changes));
  }
});
