import { deepEqual, equal } from "node:assert/strict";
import { reportOnly, statusReport } from "../../../../lib/overlay/status/status_report.ts";
import { at, containerLike, serviceLike } from "./made.ts";

const SNAPSHOT = {
  version: 1,
  now: at(10_000),
  container: containerLike(),
  services: [
    serviceLike({ name: "bad", state: "down" }),
    serviceLike({ name: "web", starts: 4 }),
    serviceLike({ name: "web/log", isLogger: true, starts: 0 }),
  ],
  scripts: [],
  journal: [],
} as const;

Deno.test("a report adds restarts, the logger, and what was found out", () => {
  const report = statusReport(SNAPSHOT, ({ name }) => ({
    essential: name === "web" ? true : null,
    usage: name === "web" ? { memory: 5, cpu: 6 } : undefined,
  }));
  const added = report.services.map(({ name, starts, restarts, essential, memory, cpu, logger }) =>
    [name, starts, restarts, essential, memory, cpu, logger] as const
  );
  deepEqual(added, [
    ["bad", 1, 0, null, null, null, null],
    ["web", 4, 3, true, 5, 6, "web/log"],
    ["web/log", 0, 0, null, null, null, null],
  ]);
  equal(report.asWanted, false);
});

Deno.test("of some services only they count, and the container", () => {
  const report = statusReport(SNAPSHOT, () => ({ essential: null, usage: undefined }));
  const some = reportOnly(report, ["web"]);
  deepEqual([some.services.map(({ name }) => name), some.asWanted, some.services[0]?.logger], [
    ["web"],
    true,
    "web/log",
  ]);
  for (const changes of [{ cause: "TERM" }, { state: "booting" }] as const) {
    equal(reportOnly({ ...report, container: containerLike(changes) }, ["web"]).asWanted, false);
  }
  equal(reportOnly({ ...report, container: null }, ["web"]).asWanted, true);
});
