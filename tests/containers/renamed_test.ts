// Programs of the overlay that images rename, move and wrap: each is still the program that it was.

import { deepEqual, match } from "node:assert/strict";
import { canIsolate } from "../surroundings/namespace.ts";
import { builtRoot, quickly, type Root } from "../surroundings/quick.ts";

function story(name: string, build: string, check: (root: Root) => Promise<void>): void {
  Deno.test({
    name,
    ignore: !canIsolate,
    fn: async () => {
      await using made = await builtRoot(build);
      await check(made);
    },
  });
}

async function boots(root: Root, ...argv: string[]): Promise<void> {
  const { code, stdout } = await quickly(root, { argv: [...argv, "/bin/sh", "-c", "echo booted; exit 3"] });
  match(stdout, /\nbooted\n\[cmd\] \/bin\/sh exited 3\n/);
  deepEqual(code, 3);
}

for (
  const [how, build] of Object.entries({
    "moved": "mv /init /s6-init",
    "linked to": "ln -s /init /s6-init",
    "linked to by a link elsewhere":
      "ln -s ../../init /usr/local-init; mkdir -p /opt/x; ln -s /usr/local-init /opt/x/start; ln -s /opt/x/start /s6-init",
    "copied, so that nothing tells what it was": "cp /init /s6-init",
  })
) {
  story(`an init that was ${how} boots as /init does`, build, (root) => boots(root, "/s6-init"));
}

story("an init that was moved boots where it is not process 1", "mv /init /s6-init", async (root) => {
  const { code, stdout } = await quickly(root, { argv: ["/bin/sh", "-c", "/s6-init echo booted; exit $?"] });
  match(stdout, /\nbooted\n\[cmd\] echo exited 0\n/);
  deepEqual(code, 0);
});

const WRAPPER = `mv /usr/bin/with-contenv /usr/bin/with-contenvb
printf '#!/bin/sh\\nWRAPPED=1 exec /usr/bin/with-contenvb "$@"\\n' >/usr/bin/with-contenv
chmod +x /usr/bin/with-contenv
printf '#!/usr/bin/with-contenv sh\\necho "init $GREETING"\\n' >/etc/cont-init.d/10
chmod +x /etc/cont-init.d/10
mkdir /etc/services.d/app
printf '#!/usr/bin/with-contenv sh\\necho "service $GREETING"; exec /run/s6/basedir/bin/halt\\n' >/etc/services.d/app/run`;

story("a with-contenv that was renamed, with a wrapper in its place, reads the environment", WRAPPER, async (root) => {
  const environment = { GREETING: "hello" };
  const { stdout, stderr } = await quickly(root, { environment, argv: ["/init", "/bin/sleep", "1000"] });
  match(stdout, /^init hello$/m);
  match(stdout, /^service hello$/m);
  deepEqual(stderr, "");
});

for (const place of ["/scripts", "/usr/local/bin", "/usr/share", "/opt"]) {
  const build = `mkdir -p ${place}; mv /usr/bin/s6-setuidgid ${place}/; mv /usr/bin/s6-envdir ${place}/mine`;
  story(`programs that were moved to ${place} run there`, build, async (root) => {
    const command = `${place}/s6-setuidgid nobody ${place}/mine /etc/none id -u || ${place}/s6-setuidgid nobody id -u`;
    const { stdout, stderr } = await quickly(root, {
      argv: [
        "/init",
        "/bin/sh",
        "-c",
        `mkdir /tmp/e; echo x >/tmp/e/A
      ${command}; ${place}/mine /tmp/e /bin/sh -c 'echo $A'`,
      ],
    });
    match(stdout, /^65534\nx$/m);
    match(stderr, /^s6-envdir: fatal: /);
  });
}
