// What the capabilities of a process say about becoming another user.

import { equal } from "node:assert/strict";
import { knowsIds, mayBecomeAnother } from "../../../lib/overlay/privilege.ts";
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

Deno.test("nobody becomes a user whom the user namespace does not have", () => {
  const files: Readonly<Record<string, string>> = {
    "/proc/self/uid_map": "         0       1000          1\n         1     100000        100\n",
    "/proc/self/gid_map": "         0       1000          1\n",
  };
  const os = { readFile: (path: string) => files[path]! };
  equal(knowsIds(os, { uid: 0, gid: 0 }), true);
  equal(knowsIds(os, { uid: 100, gid: 0 }), true);
  equal(knowsIds(os, { uid: 101, gid: 0 }), false);
  equal(knowsIds(os, { uid: 1, gid: 1 }), false);
});
