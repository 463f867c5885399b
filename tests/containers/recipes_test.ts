// The service directories in docs/recipes.md and docs/notify.md, with programs in the place of the daemons: nothing is wrong in them, all come
// up, and workers end with their service. What the daemons themselves do was observed, and is not tried here.

import { deepEqual, equal, match } from "node:assert/strict";
import { boot } from "../surroundings/container.ts";
import { layPage } from "../surroundings/manual_story.ts";
import { readDocument } from "../surroundings/played_pages.ts";

const PAGE = "docs/recipes.md";

const STAY = "exec tail -f /dev/null";
const USUAL = [
  ...["php-fpm", "apache2", "postgres", "redis-server", "mariadbd", "memcached", "haproxy", "unbound", "dnsmasq"],
  ...["mosquitto", "lighttpd", "rsyslogd", "cron", "sshd", "dbus-daemon", "node", "java"],
];
const ACCOUNTS = ["root:x:0:0::/:/bin/sh", "nobody:x:65534:65534::/:/bin/false", "postgres:x:70:70::/:/bin/false"];

const program = (...lines: string[]): string => ["#!/bin/sh", ...lines, ""].join("\n");
const FILES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(USUAL.map((name) => [`usr/sbin/${name}`, program(STAY)])),
  // With a worker that stays when it dies.
  "usr/sbin/nginx": program("tail -f /dev/null &", "echo $! > /tmp/worker", STAY),
  "etc/apache2/envvars": "",
  "etc/passwd": [...ACCOUNTS, "redis:x:71:71::/:/bin/false", ""].join("\n"),
  "etc/group": "root:x:0:\nnobody:x:65534:\npostgres:x:70:\nredis:x:71:\n",
  "app/server.js": "",
  // For busybox's own.
  "www/index.html": "",
  "var/spool/cron/crontabs/root": "",
};

Deno.test("the service directories of the recipes are right, come up, and leave no worker behind", async () => {
  await using page = await layPage(await readDocument(PAGE));
  await using container = await boot({ root: page.root, files: FILES });
  await container.printed("[services.d] done.");
  const inside = async (line: string): Promise<string> => {
    const { code, stdout, stderr } = await container.exec(["/bin/sh", "-c", line]);
    equal(code, 0, stdout + stderr);
    return stdout;
  };
  const services = Array.from(Deno.readDirSync(`${page.root}/etc/services.d`), ({ name }) => name);
  equal(services.length, 20);
  deepEqual(await inside("s6-overlay lint /"), "0 errors, 0 warnings\n");
  await inside(`cd /run/service && s6-svwait -a -u -t 20000 ${services.join(" ")} || { s6-overlay status; exit 1; }`);
  const worker = await inside("until test -s /tmp/worker; do usleep 10000; done; cat /tmp/worker; rm /tmp/worker");
  await inside("s6-svc -k /run/service/nginx; until test -s /tmp/worker; do usleep 10000; done");
  await inside(`! test -e /proc/${worker.trim()}`);
});

Deno.test("the services of docs/notify.md find the socket that they are to tell, and who is meant", async () => {
  await using page = await layPage(await readDocument("docs/notify.md"));
  const redis = program('echo "$# $1 $2 $NOTIFY_SOCKET"', "id -un", "echo redis is up", STAY);
  const worker = program('test "$WATCHDOG_PID" = $$ && echo "worker is meant as $(id -un)"', STAY);
  const files = { ...FILES, "usr/sbin/redis-server": redis, "usr/bin/worker": worker };
  await using container = await boot({ root: page.root, files });
  for (const last of ["redis is up", "worker is meant as nobody"]) await container.printed(`${last}\n`);
  match(container.stdout, /^2 --supervised systemd \/(?:var\/)?run\/s6\/notify\/\w+$/m);
  match(container.stdout, /^redis$/m);
});
