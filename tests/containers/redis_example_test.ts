// examples/redis: the command finds redis ready, and what was written is there after a KILL, a stop and another start.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { CollectedProcess } from "../../scripts/container_process.ts";
import { pidAfter, type RunningExample, startExample, story } from "../surroundings/example.ts";
import type { Example } from "../surroundings/example_image.ts";
import { untilHolds } from "../surroundings/inside.ts";

/** How many writes there are in each life of redis, at least. */
const WRITES = 200;

/** Counts up, one write after the other, until redis is killed, and returns what redis has answered last. */
async function countUntilKilled(running: RunningExample, pid: string): Promise<number> {
  const counting = new CollectedProcess(
    running.entering("echo $$ >/tmp/counting; exec redis-cli -r 1000000 incr count"),
  );
  const counted = (): number[] =>
    counting.stdout.split("\n").slice(0, -1).filter((line) => /^\d+$/.test(line)).map(Number);
  await untilHolds(() => counted().length >= WRITES);
  await running.told(`kill -KILL ${pid}`);
  // redis-cli would go on with the next redis, or has ended as soon as it lost this one.
  await running.sh("kill -KILL $(cat /tmp/counting)");
  await counting.ended;
  return counted().at(-1)!;
}

async function findsReady(built: Example): Promise<void> {
  await using first = await startExample(built, "sh", "-c", "redis-cli set greeting hello; exit 5");
  const { code, stdout, stderr } = await first.end();
  deepEqual([code, /^OK$/m.test(stdout)], [5, true], stdout + stderr);
}

story(
  "redis",
  "redis is ready before the command, and keeps what was written over a KILL and a stop",
  async (built) => {
    await findsReady(built);
    await using running = await startExample(built);
    await running.container.printed("[services.d] done.");
    const pid = await pidAfter(running, "redis", "");
    equal(await running.told("redis-cli get greeting"), "hello\n");
    equal(await running.told("stat -c '%U %a' /var/lib/redis"), "redis 700\n");
    const last = await countUntilKilled(running, pid);
    await pidAfter(running, "redis", pid);
    const count = Number(await running.told("redis-cli get count"));
    ok(count >= last, `${last} was answered, and ${count} is kept`);
    const ended = await running.stop();
    deepEqual([ended.code, ended.cause], [0, "TERM"]);
    match(ended.stdout, /Received SIGTERM scheduling shutdown[^]*bye bye[^]*\n\[cont-finish\.d\] executing/);

    await using again = await startExample(built, "redis-cli", "get", "count");
    const { code, stdout } = await again.end();
    deepEqual([code, stdout.split("\n").includes(String(count))], [0, true], stdout);
  },
);
