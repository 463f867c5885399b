// Images made for other generations: services that generations 1 and 2 take from /etc/s6/services, and what is ignored.

import { deepEqual, equal, match } from "node:assert/strict";
import type { ContainerEnd } from "../../scripts/engine.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { builtRoot, type Quick, quickly, type Root } from "../surroundings/quick.ts";

interface Story {
  /** What a Dockerfile runs. */
  readonly build: string;
  readonly quick: Quick;
  readonly check: (ended: ContainerEnd, root: Root) => Promise<void> | void;
}

function story(name: string, { build, quick, check }: Story): void {
  Deno.test({
    name,
    ignore: !canIsolate,
    fn: async () => {
      await using made = await builtRoot(build);
      await check(await quickly(made, quick), made);
    },
  });
}

function script(path: string, ...lines: string[]): string {
  return `mkdir -p ${path.slice(0, path.lastIndexOf("/"))}\ncat >${path} <<'END'\n#!/bin/sh\n${
    lines.join("\n")
  }\nEND\nchmod 755 ${path}\n`;
}

story("services in /etc/s6/services are supervised before cont-init.d", {
  build: script("/etc/s6/services/early/run", "echo early; echo >&3; exec sleep 1000") +
    "echo 3 >/etc/s6/services/early/notification-fd\n" +
    script("/etc/cont-init.d/10", "s6-svwait -U /var/run/s6/services/early && echo initialized") +
    "chown -R daemon /etc/s6; rm /etc/s6/services/early/run.none 2>/dev/null || true",
  quick: { argv: ["/init", "s6-svstat", "-u", "/run/service/early"] },
  check: ({ code, stdout, stderr }) => {
    deepEqual([code, stderr], [0, ""]);
    match(stdout, /^early$/m);
    match(stdout, /\ninitialized\n\[cont-init\.d\] 10: exited 0\.\n/);
    match(stdout, /^true$/m);
  },
});

story("a service in /etc/s6/services that is on another file system is told of and not started", {
  build: "mkdir -p /etc/s6/services; ln -s /dev /etc/s6/services/far",
  quick: { argv: ["/init", "/bin/sh", "-c", "ls /run/service"] },
  check: ({ code, stdout, stderr }) => {
    equal(code, 0);
    match(stderr, /^s6-init: warning: \/etc\/s6\/services\/far is on another file system, and is not started: .*\n$/);
    equal(/^far$/m.test(stdout), false);
  },
});

story("an image that removes s6-fdholderd/down has the descriptor holder from the boot on", {
  build: "rm /etc/s6/services/s6-fdholderd/down\n" +
    script(
      "/etc/cont-init.d/10",
      "s6-svwait -U /var/run/s6/services/s6-fdholderd && s6-fdholder-list /var/run/s6/fdholderd-socket && echo holds",
    ),
  quick: { argv: ["/init", "true"] },
  check: ({ code, stdout, stderr }) => {
    deepEqual([code, stderr], [0, ""]);
    match(stdout, /^holds$/m);
  },
});

story("logutil-newfifo makes a fifo of root's where there are no accounts", {
  build: "rm -f /etc/s6/services/s6-fdholderd/down /etc/passwd /etc/group\n" +
    script("/etc/cont-init.d/10", "logutil-newfifo /run/fifo && stat -c 'fifo %u %g %a' /run/fifo"),
  quick: { argv: ["/init", "true"] },
  check: ({ code, stdout, stderr }) => {
    deepEqual([code, stderr], [0, ""]);
    match(stdout, /^fifo 0 0 600$/m);
  },
});

story("a file /etc/s6/services/.s6-svscan/SIGTERM is run for the signal", {
  build: script("/etc/s6/services/.s6-svscan/SIGTERM", "echo told", "exec s6-svscanctl -t /var/run/s6/services"),
  quick: { argv: ["/init", "/bin/sh", "-c", "kill -TERM 1; exec sleep 1000"] },
  check: ({ stdout }) => match(stdout, /^told$/m),
});

story("an image's own s6-svscan-log is the catch-all logger", {
  build: script(
    "/etc/s6/services/s6-svscan-log/run",
    "exec 0</var/run/s6/uncaught-logs-fifo",
    'while read -r line; do echo "$line" >>/logged; done',
  ) + script("/etc/cont-init.d/10", "echo for the logger"),
  quick: {
    environment: { S6_LOGGING: "1" },
    argv: ["/init", "/bin/sh", "-c", "until grep -q '^for the logger$' /logged; do sleep 0.02; done; echo found"],
  },
  check: ({ code, stdout }) => deepEqual([code, stdout], [0, "found\n"]),
});

story("builds that edit the stages of generation 2 go on, and the boot tells what was ignored", {
  build: "sed -i 's/none/other/' /etc/s6/init/init-stage3; printf x >/etc/s6/init/env-stage2/GREETING\n" +
    script("/etc/cont-init.d/10", "echo greeting $GREETING"),
  quick: { argv: ["/init", "true"] },
  check: ({ code, stdout, stderr }) => {
    equal(code, 0);
    match(stdout, /^greeting x$/m);
    match(stderr, /^s6-init: warning: \/etc\/s6\/init\/init-stage3 was changed, which has no effect: .*\n$/);
  },
});
