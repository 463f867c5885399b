// Diagnoses of what is executed for another program: the check of s6-notifyoncheck, without which a service is never ready,
// and the interpreter that env was to find.

import { equal, match } from "node:assert/strict";
import { diagnose } from "../../../../lib/overlay/explain/diagnoses.ts";
import type { RunFile } from "../../../../lib/overlay/explain/facts.ts";
import { factsWith, programWith, runWith } from "./host.ts";

const CHECK = "/run/s6-rc:s6-rc-init:a1B2c3/servicedirs/web/data/check";
const IN_IMAGE = /^chmod \+x \S*\/web\/data\/check and, in the image, \/etc\/s6-overlay\/s6-rc\.d\/web\/data\/check$/;
const CANNOT = "s6-notifyoncheck cannot execute data/check: ";

const ROWS: Readonly<Record<string, readonly [check: Partial<RunFile>, name: string, why: string, cure: RegExp]>> = {
  "is not executable": [
    { mode: 0o644, mayExecute: false },
    "check-cannot-run",
    `${CANNOT}data/check is not executable`,
    IN_IMAGE,
  ],
  "is not there": [{ kind: "missing" }, "check-cannot-run", `${CANNOT}there is no ${CHECK}`, /exits 0/],
  "fails": [
    {},
    "never-ready",
    "it has not written a newline to descriptor 3, by which it would tell that it is ready",
    /echo >&3/,
  ],
};

for (const [what, [check, name, why, cure]] of Object.entries(ROWS)) {
  Deno.test(`a diagnosis of a service whose check ${what}`, () => {
    const notification = { fd: 3, isOpen: true, hasSocket: false, checkFile: runWith({ path: CHECK, ...check }) };
    const diagnosed = diagnose(factsWith({ ready: false }, { notification }))!;
    equal(diagnosed.name, name);
    equal(diagnosed.why, why);
    match(diagnosed.cure, cure);
  });
}

Deno.test("where the image has no env, what is missing is the interpreter that env was to find", () => {
  const interpreter = programWith({ path: "/usr/bin/env", kind: "missing" });
  const run = runWith({ interpreter, lookedUp: { by: "/usr/bin/env", name: "python3", isThere: false } });
  const trouble = "unable to spawn ./run - waiting 10 seconds: unable to exec python3: No such file or directory";
  const diagnosed = diagnose(factsWith({ state: "down", wanted: "up", pid: null, trouble }, { run }))!;
  equal(diagnosed.name, "interpreter-missing");
  equal(diagnosed.why, "the first line of run has /usr/bin/env start python3, which is not in the image");
  match(diagnosed.cure, /^install python3/);
});

Deno.test("of a service that is up it is still found out whether its log has room", () => {
  equal(diagnose(factsWith({}, { fullLog: "/log" }), true)?.name, "log-full");
  equal(diagnose(factsWith({ ready: false }), true), undefined);
});
