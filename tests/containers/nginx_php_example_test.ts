// examples/nginx-php: no request is lost while either of the two reads its configuration again, or the container stops; a
// main process that is killed comes back on the same port, without the workers that it has left.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { CollectedProcess } from "../../scripts/container_process.ts";
import { pidAfter, type RunningExample, startExample, story } from "../surroundings/example.ts";
import type { Example } from "../surroundings/example_image.ts";
import { untilFits } from "../surroundings/inside.ts";
import { Requests } from "../surroundings/requests.ts";

const PAGE = "http://127.0.0.1/";
const HELLO = /^Hello from PHP 8\.\d+\.\d+$/;
/** How often each of the two reads its configuration again under requests; RELOADS=100 for a night. */
const RELOADS = Number(Deno.env.get("RELOADS") ?? 2);

/** One that says when it is being answered, and takes its time. */
const SLOW = `<?php
if (isset($_GET['begun'])) touch('/tmp/begun');
usleep(1000 * (int) $_GET['milliseconds']);
echo 'slow';
`;

const FILES: Readonly<Record<string, string>> = { "slow.php": SLOW };

async function boots(built: Example): Promise<RunningExample> {
  for (const [name, text] of Object.entries(FILES)) {
    await Deno.writeTextFile(`${built.path}/var/www/html/${name}`, text);
  }
  const running = await startExample(built);
  await running.container.printed("service nginx successfully started");
  await untilFits(() => running.sh(`curl -sf ${PAGE}`), ({ code }) => code === 0);
  return running;
}

async function workersOf(running: RunningExample, pid: string): Promise<string[]> {
  const { stdout } = await running.sh(`cat /proc/${pid}/task/${pid}/children`);
  return stdout.trim().split(" ").filter((word) => word !== "");
}

/** Reads its configuration again, and has new workers alone when that is over. */
async function reload(running: RunningExample, service: string): Promise<void> {
  const pid = await pidAfter(running, service, "");
  const before = await workersOf(running, pid);
  await running.told(`s6-overlay reload ${service}`);
  await untilFits(
    () => workersOf(running, pid),
    (workers) => workers.length > 0 && workers.every((worker) => !before.includes(worker)),
  );
  equal(await pidAfter(running, service, ""), pid);
}

/** All that were sent, with those before them, are in the log. */
async function countsInLog(running: RunningExample, count: number): Promise<void> {
  const inLog = async (): Promise<number> => {
    const { stdout } = await running.sh("cat /var/log/web/*.s /var/log/web/current 2>/dev/null | grep -c ' 200 '");
    return Number(stdout);
  };
  await untilFits(inLog, (now) => now === count);
}

async function reloadsUnderRequests(running: RunningExample): Promise<void> {
  const before = Number((await running.sh("grep -c ' 200 ' /var/log/web/current")).stdout);
  const requests = new Requests(running.pid, 4, PAGE, `${PAGE}slow.php?milliseconds=40`);
  await requests.more(20);
  for (let reloads = 1; reloads <= RELOADS; reloads++) {
    for (const service of ["nginx", "php-fpm"]) {
      await reload(running, service);
      await requests.more(10);
    }
  }
  const results = await requests.end();
  deepEqual(results.filter((result) => !/^200 (?:Hello from PHP 8\.\S+|slow)$/.test(result)), []);
  await countsInLog(running, before + results.length);
  console.log(`${results.length} requests, ${2 * RELOADS} reloads`);
}

async function comesBack(running: RunningExample, service: string): Promise<void> {
  const pid = await pidAfter(running, service, "");
  const workers = await workersOf(running, pid);
  ok(workers.length >= 2, `${service}: ${workers}`);
  await running.told(`kill -KILL ${pid}`);
  await pidAfter(running, service, pid);
  const { stdout } = await untilFits(() => running.sh(`curl -sf ${PAGE}`), ({ code }) => code === 0);
  match(stdout.trim(), HELLO);
  for (const worker of workers) equal((await running.sh(`test -e /proc/${worker}`)).code, 1, `${service}: ${worker}`);
  // At the first attempt: no start has met a port in use.
  const { services } = JSON.parse(await running.told(`s6-overlay status -j ${service}`));
  deepEqual([services[0].starts, services[0].lastExit.signal], [2, "KILL"], JSON.stringify(services[0]));
}

/** While a request is being answered. */
async function stops(running: RunningExample): Promise<void> {
  const last = new CollectedProcess(running.entering(`curl -sf '${PAGE}slow.php?begun&milliseconds=700'`));
  await untilFits(() => running.sh("test -e /tmp/begun"), ({ code }) => code === 0);
  const ended = await running.stop();
  deepEqual([ended.code, ended.cause], [0, "TERM"], ended.stderr);
  equal((await last.ended).stdout, "slow");
  match(ended.stderr, /service nginx successfully stopped\n[^]*service php-fpm successfully stopped\n/);
}

story(
  "nginx-php",
  "nginx and php-fpm come back when killed, and lose no request to reloads and a stop",
  async (built) => {
    await using running = await boots(built);
    equal(await running.told("s6-overlay healthy"), "healthy\n");
    for (const service of ["nginx", "php-fpm"]) await comesBack(running, service);
    await reloadsUnderRequests(running);
    await stops(running);
  },
);
