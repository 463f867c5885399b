// Containers that have no place for /var/run/s6: everything of the overlay finds its state directory by the usual names.

import { deepEqual, equal, match } from "node:assert/strict";
import { boot, bootAgain, type Setting } from "../surroundings/container.ts";
import { untilSupervised } from "../surroundings/supervised.ts";

const FILES: Setting["files"] = {
  "etc/cont-init.d/01": "#!/usr/bin/with-contenv sh\necho init $GREETING\n",
  "etc/cont-init.d/02": "#!/usr/bin/execlineb -P\nredirfd -r 0 /var/run/s6/container_environment/GREETING\ncat\n",
  "etc/services.d/work/run": "#!/bin/sh\necho up; echo >&3; exec sleep 1000\n",
  "etc/services.d/work/notification-fd": "3\n",
  "etc/services.d/scripted/run": "#!/usr/bin/execlineb -P\nwith-contenv\nsleep 1000\n",
  "etc/services.d/logged/run": "#!/bin/sh\necho line; exec sleep 1000\n",
  "etc/services.d/logged/log/run": "#!/bin/sh\nexec s6-log 1\n",
  "etc/cont-finish.d/01": "#!/usr/bin/with-contenv sh\necho finish $GREETING\n",
};

const PLACES: Readonly<Record<string, Setting>> = {
  "the container's user may not write to /run": { user: "1000:1000" },
  "the root directory is read-only": { readOnly: true },
  "the root directory is read-only, and /tmp": { readOnly: true, user: "1000:1000", prepare: "chmod 755 /tmp" },
};

const LOOK = untilSupervised("/run/service/work") +
  "; s6-svwait -t 10000 -U /run/service/work && s6-svstat -u /var/run/s6/services/scripted && " +
  "s6-svc -wD -d /run/s6/services/work && s6-svstat -u /run/service/work; " +
  "s6-svc -wU -u /run/service/work; cd /run/service 2>/dev/null || with-contenv sh -c 'echo $GREETING'";

for (const [where, setting] of Object.entries(PLACES)) {
  Deno.test(`the state directory is elsewhere where ${where}, and nobody need know`, async () => {
    await using container = await boot({ ...setting, files: FILES, environment: { GREETING: "hello" }, stays: true });
    await container.printed("[services.d] done.\n");
    const looked = await container.exec(["/bin/sh", "-c", LOOK]);
    deepEqual([looked.stdout, looked.code], ["true\nfalse\nhello\n", 0], looked.stderr);
    const recorded = await container.exec(["/bin/sh", "-c", 'echo 9 >"$(s6-overlay path exitcode)"']);
    equal(recorded.code, 0, recorded.stderr);
    await container.signal("TERM");
    const { code, stdout, stderr } = await container.ended;
    match(stderr, /^s6-init: warning: unable to [^\n]*: the state directory is \S+\/s6-overlay-\d+-\d+, [^\n]*\n$/);
    for (const line of ["init hello", "hello[cont-init.d] 02: exited 0.", "line", "finish hello"]) {
      match(stdout, new RegExp(`^${line.replaceAll(/[[.\]]/g, "\\$&")}$`, "m"));
    }
    equal(code, 9);
  });
}

Deno.test("a container that is started again leaves no state directory of an earlier run elsewhere, but those of neighbors", async () => {
  const setting: Setting = { user: "1000:1000", files: FILES, environment: { GREETING: "hello" }, stays: true };
  await using first = await boot(setting);
  await first.printed("[services.d] done.\n");
  // A minute later it is the one of an earlier run. A neighbor that starts has a new one, without or with its lock.
  const later = "touch -d '2020-01-01' /tmp/s6-overlay-*/.lock; mkdir /tmp/s6-overlay-1000-1 /tmp/s6-overlay-1000-2; " +
    ">/tmp/s6-overlay-1000-2/.lock";
  equal((await first.exec(["/bin/sh", "-c", later])).code, 0);
  await first.signal("KILL");
  await first.ended;
  await using second = await bootAgain(first);
  await second.printed("[services.d] done.\n");
  const { stdout } = await second.exec(["/bin/sh", "-c", "ls /tmp /dev/shm | grep s6-overlay"]);
  const found = stdout.trim().split("\n");
  deepEqual(found.filter((name) => /-[12]$/.test(name)), ["s6-overlay-1000-1", "s6-overlay-1000-2"]);
  equal(found.length, 3, stdout);
});
