// Real daemons that speak systemd's notify protocol, as Debian builds them: each tells as it always does, and is ready,
// reloads and ends as it says. What they send that is not to count has rows in tests/lib/supervise/notify_life_test.ts.

import { deepEqual, equal, ok } from "node:assert/strict";
import { isInstalled } from "../../scripts/command.ts";
import type { CollectedProcess } from "../../scripts/container_process.ts";
import type { ServiceStatus, StatusReport } from "../../lib/overlay/status/status_report.ts";
import type { Given } from "../rows/harness.ts";
import { type Inside, insideOf, untilFits } from "../surroundings/inside.ts";
import { machineRoot, startOnMachine } from "../surroundings/machine_root.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { limited } from "../surroundings/quick.ts";

/** How a daemon is started, and what it is seen to do. */
interface Daemon {
  readonly program: string;
  readonly run: string;
  readonly files?: Readonly<Record<string, Given>>;
  /** What it says once it is ready. */
  readonly says?: RegExp;
  /** The letter of s6-svc that has it reload. */
  readonly reload?: string;
  /** It tells that it ends. */
  readonly leaves: boolean;
}

const DAEMONS: Readonly<Record<string, Daemon>> = {
  redis: {
    program: "redis-server",
    run: "redis-server --supervised systemd --port 0 --unixsocket /tmp/redis.sock --save '' --dir /tmp",
    says: /^Ready to accept connections/,
    leaves: true,
  },
  haproxy: {
    program: "haproxy",
    run: "haproxy -Ws -f /etc/proxy.cfg",
    files: {
      "etc/proxy.cfg": "defaults\n mode tcp\n timeout connect 1s\n timeout client 1s\n timeout server 1s\n" +
        "listen web\n bind unix@/tmp/haproxy.sock\n server one unix@/tmp/none.sock\n",
    },
    reload: "2",
    leaves: true,
  },
  "php-fpm": {
    program: "php-fpm8.2",
    run: "php-fpm8.2 -F -y /etc/fpm.conf",
    files: {
      "etc/fpm.conf":
        "[global]\nerror_log = /dev/null\nsystemd_interval = 1\n[www]\nuser = www-data\ngroup = www-data\n" +
        "listen = /tmp/fpm.sock\npm = static\npm.max_children = 1\n",
    },
    says: /^Processes active: /,
    leaves: false,
  },
};

function filesOf(name: string, { run, files = {} }: Daemon): Readonly<Record<string, Given>> {
  return {
    ...files,
    [`etc/services.d/${name}/run`]: { content: `#!/usr/bin/with-contenv sh\nexec ${run}\n`, mode: 0o755 },
    [`etc/services.d/${name}/data/overlay/notify-socket`]: "",
  };
}

async function statusOf(inside: Inside, name: string): Promise<ServiceStatus> {
  return (JSON.parse((await inside.sh(`s6-overlay status -j ${name}`)).stdout) as StatusReport).services[0]!;
}

async function follow(name: string, daemon: Daemon, container: CollectedProcess): Promise<void> {
  const inside = await insideOf(container);
  await container.printed("[services.d] done.\n");
  const ready = await untilFits(() => statusOf(inside, name), ({ ready }) => ready === true);
  deepEqual([ready.starts, ready.ignoredMessages, ready.trouble], [1, 0, null]);
  if (daemon.says !== undefined) {
    await untilFits(() => statusOf(inside, name), ({ said }) => daemon.says!.test(said ?? ""));
  }
  if (daemon.reload !== undefined) {
    equal((await inside.sh(`s6-svc -${daemon.reload} /run/service/${name}`)).code, 0);
    await untilFits(() => statusOf(inside, name), ({ reloading, said }) => reloading !== null || said !== ready.said);
    const reloaded = await untilFits(() => statusOf(inside, name), ({ reloading }) => reloading === null);
    deepEqual([reloaded.starts, reloaded.pid, reloaded.ready], [1, ready.pid, true]);
  }
  equal((await inside.sh(`s6-svc -wD -T 10000 -d /run/service/${name}`)).code, 0);
  equal((await statusOf(inside, name)).lastExit?.code, 0);
  equal(container.stderr.includes(`${name}: info: leaving`), daemon.leaves, container.stderr);
  ok(!container.stderr.includes("MAINPID"), container.stderr);
  Deno.kill(inside.pid, "SIGTERM");
}

for (const [name, daemon] of Object.entries(DAEMONS)) {
  Deno.test({
    name: `${name} tells by systemd's protocol what it does`,
    ignore: !canIsolate || !isInstalled(daemon.program),
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
