// Which programs of s6-rc there are, in its own list (0.7.0.0: bin and libexec), and in ours.

import { deepEqual } from "node:assert/strict";
import { families } from "../../cli/index.ts";

const PROGRAMS = [
  ...["s6-rc", "s6-rc-compile", "s6-rc-db", "s6-rc-dryrun", "s6-rc-fdholder-filler", "s6-rc-format-upgrade"],
  ...["s6-rc-init", "s6-rc-oneshot-run", "s6-rc-repo-init", "s6-rc-repo-list", "s6-rc-repo-sync"],
  ...["s6-rc-set-change", "s6-rc-set-commit", "s6-rc-set-copy", "s6-rc-set-delete", "s6-rc-set-fix"],
  ...["s6-rc-set-install", "s6-rc-set-new", "s6-rc-set-status", "s6-rc-update"],
  "s6-rc-bundle",
];

/** Each with the reason. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  "s6-rc-bundle": "it went with 0.7: bundles of a compiled database are no more edited",
};

Deno.test("all programs of s6-rc are there, but for those that are left out for a reason", () => {
  deepEqual(Object.keys(families.s6_rc ?? {}).sort(), PROGRAMS.filter((name) => LEFT_OUT[name] === undefined).sort());
  deepEqual(Object.keys(LEFT_OUT).filter((name) => !PROGRAMS.includes(name)), []);
});
