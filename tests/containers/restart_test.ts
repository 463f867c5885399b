// Containers that are started again, with all that an earlier run has left on their file system: they boot as the first
// time.

import { equal, match } from "node:assert/strict";
import { boot, bootAgain, type Setting } from "../surroundings/container.ts";

const STATE = "/var/run/s6";

const SETTING: Setting = {
  stays: true,
  files: {
    "etc/cont-init.d/01": "#!/usr/bin/with-contenv sh\n" +
      `echo "variable \${ADDED-none}, exit code $(cat ${STATE}/env-stage3/S6_STAGE2_EXITED 2>/dev/null || echo none)"\n` +
      `printf 1 >${STATE}/container_environment/ADDED\n` +
      `printf x >${STATE}/env-stage2/LEFT\nprintf 3 >${STATE}/env-stage3/S6_STAGE2_EXITED\n`,
    "etc/cont-init.d/02": `#!/bin/sh\necho "left \${LEFT-none}"\n`,
    "etc/services.d/work/run": "#!/bin/sh\necho up; echo >&3; exec sleep 1000\n",
    "etc/services.d/work/notification-fd": "3\n",
    "etc/services.d/failed/run": "#!/bin/sh\nexit 1\n",
    "etc/services.d/failed/finish": "#!/bin/sh\nexit 125\n",
    "etc/services.d/logged/run": "#!/bin/sh\necho line; exec sleep 1000\n",
    "etc/services.d/logged/log/run": "#!/bin/sh\nexec s6-log n1 /var/log/work\n",
  },
};

// What a user does in the first run must not come back in the second.
const CHANGES =
  `cd ${STATE}/services; until s6-svwait -t 10000 -U work && s6-svstat failed | grep -q down; do sleep 0.02; done; ` +
  "s6-svc -d work; mkdir own; printf '#!/bin/sh\\nexec sleep 1000\\n' >own/run; chmod 755 own/run; " +
  "s6-svscanctl -a .; until s6-svok own; do usleep 10000; done; touch work/down; mkfifo work/event/ftrig1:left";

for (const [how, signal] of [["stopped", "TERM"], ["killed", "KILL"]] as const) {
  Deno.test(`a container that was ${how} boots as the first time`, async () => {
    await using first = await boot(SETTING);
    await first.printed("up\n");
    const changed = await first.exec(["/bin/sh", "-c", CHANGES]);
    equal(changed.code, 0, changed.stderr);
    await first.signal(signal);
    const { stdout } = await first.ended;
    const untilServices = "[services.d] done.\n";
    const booted = stdout.slice(0, stdout.indexOf(untilServices));
    match(booted, /^variable none, exit code none$/m);
    match(booted, /^left x$/m);

    await using second = await bootAgain(first);
    await second.printed("up\n");
    await second.printed(untilServices);
    equal(second.stdout.slice(0, second.stdout.indexOf(untilServices)), booted);
    const look = `cd ${STATE}/services; s6-svwait -t 10000 -U work && s6-svstat -u work && ls -d * work/event/*; ` +
      "until grep -q line /var/log/work/current; do usleep 10000; done; " +
      "s6-svc -d work && s6-svwait -t 10000 -D work && echo obeys";
    const seen = await second.exec(["/bin/sh", "-c", look]);
    equal(seen.stdout, "true\nfailed\nlogged\ns6-fdholderd\nwork\nobeys\n", seen.stderr);
    const ended = await second.stop(10);
    equal(ended.code, 3);
    equal(ended.stderr, "");
  });
}

Deno.test("a container whose command has ended runs it again", async () => {
  const count = "echo x >>/count; wc -l </count; exit 4";
  await using first = await boot({ stays: true, arguments: ["/bin/sh", "-c", count] });
  const one = await first.ended;
  await using second = await bootAgain(first);
  const two = await second.ended;
  equal(one.code, 4);
  equal(two.code, 4);
  match(one.stdout, /^1$/m);
  match(two.stdout, /^2$/m);
  equal(two.stdout.replace(/^2$/m, "1"), one.stdout);
});

Deno.test("a container of generation 3 runs cont-finish.d at the end of each of its runs", async () => {
  const files = {
    "etc/s6-overlay/s6-rc.d/work/type": "longrun\n",
    "etc/s6-overlay/s6-rc.d/work/run": "#!/bin/sh\nexec sleep 1000\n",
    "etc/s6-overlay/user-bundles.d/user/contents.d/work": "",
    // While this one waits, nothing has taken the mark of an earlier end away.
    "etc/cont-init.d/01": "#!/bin/sh\necho begins\nexec sleep 1000\n",
    "etc/cont-finish.d/01": "#!/bin/sh\necho finishes\n",
  };
  await using first = await boot({ stays: true, files });
  await first.printed("begins\n");
  const { stdout } = await first.stop(10);
  equal(stdout, "begins\nfinishes\n");

  await using second = await bootAgain(first);
  await second.printed("begins\n");
  const again = await second.stop(10);
  equal(again.stdout, stdout);
});
