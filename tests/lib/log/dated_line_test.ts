import { deepEqual, equal } from "node:assert/strict";
import { datedAt, stampedAt, withDate } from "../../../lib/log/dated_line.ts";
import { findZone, isoText, utc } from "../../../lib/log/timezone.ts";
import { stampText } from "../../../lib/tai.ts";

const berlin = findZone("CET-1CEST,M3.5.0,M10.5.0/3", () => undefined);

Deno.test("a date that s6-log has put before a line tells its instant, summer or winter", () => {
  for (const seconds of [0, 951_782_400, 1_774_746_000, 1_774_745_999, 1_785_000_000, 1_793_000_000]) {
    const instant = { seconds, nanoseconds: 123_456_789 };
    for (const zone of [utc, berlin]) deepEqual(datedAt(`${isoText(instant, zone)}  text`, zone), instant);
  }
});

Deno.test("what is only like such a date is none", () => {
  const line = "2026-11-29 10:30:57.175652030  text";
  const others = [line.replace("  ", " "), line.replace("030", "03"), ` ${line}`, line.replace(" ", "T"), "", "text"];
  deepEqual(others.map((other) => datedAt(other, utc)), others.map(() => undefined));
});

Deno.test("a stamp tells its instant unless it has no date", () => {
  const instant = { seconds: 1_785_000_000, nanoseconds: 7 };
  deepEqual(stampedAt(`${stampText(instant)} text`), instant);
  deepEqual(["@", "@4000", `@${"f".repeat(24)} text`, "text"].map(stampedAt), [
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  equal(withDate(`${stampText(instant)} text`, utc), "2026-07-25 17:20:00.000000007 text");
  equal(withDate(`@${"f".repeat(24)} text`, utc), `@${"f".repeat(24)} text`);
});
