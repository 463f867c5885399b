import { deepEqual, equal } from "node:assert/strict";
import type { ServiceSnapshot } from "../../../../lib/overlay/journal/snapshot.ts";
import { outputPlaceOf, uncaughtPlaceOf, withoutLogger } from "../../../../lib/overlay/logs/output_place.ts";

const named = (...names: readonly string[]): ServiceSnapshot[] =>
  names.map((name) => ({ name, isLogger: name.endsWith("/log") }) as ServiceSnapshot);

Deno.test("the output of a service goes to its logger, to the catch-all logger where that runs, or to the container's", () => {
  const rows: readonly (readonly [logging: number, services: string, place: string])[] = [
    [0, "web web/log", "logger"],
    [2, "web web/log s6-svscan-log", "logger"],
    [0, "web db/log", "container"],
    [1, "web s6-svscan-log", "catch-all logger"],
    [2, "web s6-svscan-log", "catch-all logger"],
    [1, "web", "container"],
    [0, "web s6-svscan-log", "container"],
  ];
  for (const [logging, services, place] of rows) {
    equal(outputPlaceOf("web", { services: named(...services.split(" ")), container: { logging } }).to, place);
  }
});

Deno.test("what goes past a logger is not that logger's, and what the catch-all logger prints is the container's", () => {
  const rows: readonly (readonly [name: string, services: string, place: string])[] = [
    ["web", "web web/log s6-svscan-log", "catch-all logger"],
    ["web/log", "web web/log s6-svscan-log", "catch-all logger"],
    ["web", "web web/log", "container"],
    ["s6-svscan-log", "web s6-svscan-log", "container"],
  ];
  for (const [name, services, place] of rows) {
    const told = { services: named(...services.split(" ")), container: { logging: 1 } };
    equal(uncaughtPlaceOf(name, told).to, place);
  }
});

Deno.test("one line says so", () => {
  deepEqual([withoutLogger("web", { to: "container" }), withoutLogger("web", { to: "catch-all logger" })], [
    "web has no logger: its output is the container's own (docker logs, kubectl logs)",
    "web has no logger: its output goes to the catch-all logger, in /var/log/s6-uncaught-logs, as S6_LOGGING says: " +
    "see s6-overlay logs s6-svscan-log",
  ]);
});
