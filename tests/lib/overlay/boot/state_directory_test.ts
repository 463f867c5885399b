// What may lie in the place of the state directory, and what is done with it.

import { equal } from "node:assert/strict";
import { judgeStateDirectory, type Verdict } from "../../../../lib/overlay/boot/state_directory.ts";
import type { FileStatus } from "../../../../lib/os/os.ts";

type Found = readonly [kind: FileStatus["kind"], uid: number, mode: number];

const ROWS: readonly (readonly [what: string, found: Found, uid: number, verdict: Verdict])[] = [
  ["root's own directory", ["directory", 0, 0o755], 0, "keep"],
  ["root's own directory in a set-gid place", ["directory", 0, 0o2755], 0, "keep"],
  ["root's own directory that others cannot enter", ["directory", 0, 0o700], 0, "adopt"],
  ["root's own directory that others can write to", ["directory", 0, 0o777], 0, "take over"],
  ["root's own directory that its group can write to", ["directory", 0, 0o2775], 0, "take over"],
  ["a user's directory, to root", ["directory", 1000, 0o755], 0, "take over"],
  ["a user's link, to root", ["link", 1000, 0o777], 0, "replace"],
  ["a user's file, to root", ["file", 1000, 0o644], 0, "replace"],
  ["root's own link", ["link", 0, 0o777], 0, "follow"],
  ["a user's own directory", ["directory", 1000, 0o755], 1000, "keep"],
  ["a user's own directory that others can write to", ["directory", 1000, 0o777], 1000, "take over"],
  ["a directory of root's, to a user", ["directory", 0, 0o2775], 1000, "keep"],
  ["a link of root's, to a user", ["link", 0, 0o777], 1000, "follow"],
  ["a file of root's, to a user", ["file", 0, 0o644], 1000, "refuse"],
  ["another user's directory, to a third one", ["directory", 2000, 0o777], 1000, "share"],
  ["another user's link", ["link", 2000, 0o777], 1000, "refuse"],
  ["a user's own fifo", ["fifo", 1000, 0o600], 1000, "replace"],
];

for (const [what, [kind, owner, mode], uid, verdict] of ROWS) {
  Deno.test(`${what}: ${verdict}`, () => equal(judgeStateDirectory({ kind, uid: owner, mode }, uid), verdict));
}
