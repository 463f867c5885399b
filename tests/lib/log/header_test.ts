import { equal, ok } from "node:assert/strict";
import { byteString } from "../../../lib/bytes.ts";
import type { Label } from "../../../lib/log/directive.ts";
import { Header } from "../../../lib/log/header.ts";
import { isoText, utc } from "../../../lib/log/timezone.ts";
import { stampText } from "../../../lib/tai.ts";

function header(label: Partial<Label>, lead = ""): Header {
  return new Header({ tai: false, local: false, prefix: "", ...label }, () => utc, lead);
}

Deno.test("stamps and prefix stand in a fixed order", () => {
  const now = { seconds: 1_700_000_000, nanoseconds: 123_456_789 };
  const all = header({ tai: true, local: true, prefix: "[app]" }, "s6-log: alert: ");
  all.begin(now);
  equal(byteString(all.of(0)), `s6-log: alert: ${stampText(now)} ${isoText(now, utc)}  [app] `);
  ok(header({}).empty);
  equal(byteString(header({ prefix: "x" }).of(3)), "x ");
});

Deno.test("each line of a batch is one nanosecond after the line before it, over every carry", () => {
  const both = header({ tai: true, local: true });
  for (const nanoseconds of [0, 8, 99_999_990, 999_999_000, 268_435_450]) {
    for (const seconds of [1_700_000_000, 1_700_000_001, 1_699_999_999]) {
      both.begin({ seconds, nanoseconds });
      for (const line of [0, 1, 2, 7, 15, 16, 17, 300, 1001, 70_000]) {
        const sum = nanoseconds + line;
        const at = { seconds: seconds + Math.floor(sum / 1e9), nanoseconds: sum % 1e9 };
        equal(byteString(both.of(line)), `${stampText(at)} ${isoText(at, utc)}  `);
      }
    }
  }
});
