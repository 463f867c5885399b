// What the capabilities of a process say about becoming another user.

import { equal } from "node:assert/strict";
import { mayBecomeAnother } from "../../../lib/overlay/privilege.ts";
import { OsError } from "../../../lib/report.ts";

const ROWS: Readonly<Record<string, boolean>> = {
  "0000000000000000": false,
  "0000000000000040": false,
  "0000000000000080": false,
  "00000000000000c0": true,
  "000001ffffffffff": true,
  "00000000a80425fb": true,
};

for (const [mask, may] of Object.entries(ROWS)) {
  Deno.test(`with the capabilities ${mask} a process may ${may ? "" : "not "}become another user`, () => {
    const status = `Name:\tinit\nCapPrm:\tffffffffffffffff\nCapEff:\t${mask}\nCapBnd:\tffffffffffffffff\n`;
    equal(mayBecomeAnother({ readFile: () => status }), may);
  });
}

Deno.test("without /proc a process is taken for one that may, and the attempt tells", () => {
  const readFile = (): never => {
    throw new OsError("open", "/proc/self/status", "ENOENT", "No such file or directory");
  };
  equal(mayBecomeAnother({ readFile }), true);
});
