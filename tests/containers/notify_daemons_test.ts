// Real daemons that speak systemd's notify protocol, as Debian builds them: each tells as it always does, and is ready,
// reloads and ends as it says. What they send that is not to count has rows in tests/lib/supervise/notify_life_test.ts.
// scripts/setup.ts brings those that the machine lacks.

import { deepEqual, equal, ok } from "node:assert/strict";
import type { CollectedProcess } from "../../scripts/container_process.ts";
import type { ServiceStatus, StatusReport } from "../../lib/overlay/status/status_report.ts";
import type { Given } from "../rows/harness.ts";
import { type Inside, insideOf, untilFits } from "../surroundings/inside.ts";
import { isOnMachine, machineRoot, startOnMachine } from "../surroundings/machine_root.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { limited } from "../surroundings/quick.ts";
import { untilSupervised } from "../surroundings/supervised.ts";

/** However busy the machine is, in milliseconds: databases are made first. */
const PATIENCE = 60_000;

/** How a daemon is started, and what it is seen to do. */
interface Daemon {
  readonly program: string;
  /** Shell, ending in the daemon. */
  readonly run: string;
  readonly files?: Readonly<Record<string, Given>>;
  /** What it says once it is ready. */
  readonly says?: RegExp;
  /** The letter of s6-svc that has it reload, where it can. */
  readonly reload?: string;
  /** What it prints when it reloads, where it does not tell. */
  readonly reloads?: string;
  /** It tells that it ends. */
  readonly leaves: boolean;
}

const DAEMONS: Readonly<Record<string, Daemon>> = {
  redis: {
    program: "redis-server",
    run: "exec redis-server --supervised systemd --port 0 --unixsocket /tmp/redis.sock --save '' --dir /tmp",
    says: /^Ready to accept connections/,
    leaves: true,
  },
  haproxy: {
    program: "haproxy",
    run: "exec haproxy -Ws -f /etc/proxy.cfg",
    files: {
      "etc/proxy.cfg": "defaults\n mode tcp\n timeout connect 1s\n timeout client 1s\n timeout server 1s\n" +
        "listen web\n bind unix@/tmp/haproxy.sock\n server one unix@/tmp/none.sock\n",
    },
    reload: "2",
    leaves: true,
  },
  "php-fpm": {
    program: "php-fpm8.2",
    run: "exec php-fpm8.2 -F -y /etc/fpm.conf",
    files: {
      "etc/fpm.conf":
        "[global]\nerror_log = /dev/stderr\nsystemd_interval = 1\n[www]\nuser = www-data\ngroup = www-data\n" +
        "listen = /tmp/fpm.sock\npm = static\npm.max_children = 1\n",
    },
    says: /^Processes active: /,
    reload: "2",
    // Before that line it is between its own exec and its signal handlers: a TERM would end it by the signal.
    reloads: "using inherited socket",
    leaves: false,
  },
  postgres: {
    program: "postgres",
    run: `PATH=$(echo /usr/lib/postgresql/*/bin | tr ' ' ':'):$PATH
s6-setuidgid nobody initdb -D /tmp/data -A trust -N --no-locale >/dev/null
exec s6-setuidgid nobody postgres -D /tmp/data -h '' -k /tmp`,
    reload: "h",
    reloads: "received SIGHUP, reloading configuration files",
    leaves: true,
  },
  mariadb: {
    program: "mariadbd",
    // It makes what it needs but its own accounts.
    run: `s6-setuidgid nobody mkdir /tmp/data
exec s6-setuidgid nobody mariadbd --no-defaults --datadir=/tmp/data --socket=/tmp/sql --skip-networking ` +
      "--skip-grant-tables --innodb-log-file-size=4M --innodb-buffer-pool-size=8M",
    says: /^Taking your SQL requests now/,
    reload: "h",
    reloads: "Status information:",
    leaves: true,
  },
  rsyslog: {
    program: "rsyslogd",
    run: "exec rsyslogd -n -iNONE -f /etc/log.conf",
    files: {
      "etc/log.conf": 'global(processInternalMessages="on")\n' +
        'module(load="imuxsock" SysSock.Name="/tmp/log")\n*.* action(type="omfile" file="/dev/stdout")\n',
    },
    reload: "h",
    reloads: "rsyslogd was HUPed",
    leaves: false,
  },
};

/** The service waits at a gate before it becomes the daemon. */
function filesOf(name: string, { run, files = {} }: Daemon): Readonly<Record<string, Given>> {
  return {
    ...files,
    "etc/cont-init.d/gate": { content: "#!/bin/sh\nmkfifo /tmp/gate\n", mode: 0o755 },
    [`etc/services.d/${name}/run`]: {
      content: `#!/usr/bin/with-contenv sh\nread go </tmp/gate\n${run}\n`,
      mode: 0o755,
    },
    [`etc/services.d/${name}/data/overlay/notify-socket`]: "",
  };
}

async function statusOf(inside: Inside, name: string): Promise<ServiceStatus> {
  return (JSON.parse((await inside.sh(`s6-overlay status -j ${name}`)).stdout) as StatusReport).services[0]!;
}

async function follow(name: string, daemon: Daemon, container: CollectedProcess): Promise<void> {
  const inside = await insideOf(container);
  await container.printed("[services.d] done.\n");
  const directory = `/run/service/${name}`;
  equal((await inside.sh(`${untilSupervised(directory)}; s6-svwait -u -t 10000 ${directory}`)).code, 0);
  const before = await statusOf(inside, name);
  deepEqual([before.state, before.ready], ["up", false]);
  equal((await inside.sh("echo go >/tmp/gate")).code, 0);
  const ready = await untilFits(() => statusOf(inside, name), ({ ready }) => ready === true, PATIENCE);
  deepEqual([ready.starts, ready.pid, ready.ignoredMessages, ready.trouble], [1, before.pid, 0, null]);
  if (daemon.says !== undefined) {
    await untilFits(() => statusOf(inside, name), ({ said }) => daemon.says!.test(said ?? ""));
  }
  if (daemon.reload !== undefined) await reload(name, daemon, { container, inside });
  equal((await inside.sh(`s6-svc -wD -T 10000 -d /run/service/${name}`)).code, 0);
  equal((await statusOf(inside, name)).lastExit?.code, 0);
  equal(container.stderr.includes(`${name}: info: leaving`), daemon.leaves, container.stderr);
  ok(!container.stderr.includes("MAINPID"), container.stderr);
  Deno.kill(inside.pid, "SIGTERM");
}

/** It reloads, and is ready all the while, as the same process. */
async function reload(
  name: string,
  { reload, reloads }: Daemon,
  { container, inside }: { readonly container: CollectedProcess; readonly inside: Inside },
): Promise<void> {
  const { pid } = await statusOf(inside, name);
  equal((await inside.sh(`s6-svc -${reload} /run/service/${name}`)).code, 0);
  // It may be over before one looks.
  await container.printed(reloads ?? `${name}: info: reloading`);
  const reloaded = await untilFits(() => statusOf(inside, name), ({ reloading }) => reloading === null);
  deepEqual([reloaded.starts, reloaded.pid, reloaded.ready], [1, pid, true]);
}

for (const [name, daemon] of Object.entries(DAEMONS)) {
  Deno.test({
    name: `${name} tells by systemd's protocol what it does`,
    ignore: !canIsolate || !isOnMachine(daemon.program),
    fn: async () => {
      await using made = await machineRoot(filesOf(name, daemon));
      const container = startOnMachine(made, { environment: { S6_VERBOSITY: "3" } });
      try {
        await follow(name, daemon, container);
      } finally {
        await limited(container);
      }
    },
  });
}
