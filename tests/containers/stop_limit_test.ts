// A stop within the ten seconds that engines give: with what ignores its signals, and where there is nothing left to do it
// with.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { output } from "../../scripts/command.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { firstProcess, inParallel, limited, root, start } from "../surroundings/quick.ts";
import { boot } from "../surroundings/container.ts";

const IGNORES = "#!/bin/sh\ntrap '' TERM HUP\necho up >/proc/1/fd/1\nwhile :; do sleep 1000; done\n";
/** Docker's default; it kills what is still there then, and the exit code is 137. */
const ENGINE_KILLS_AFTER = 10;

Deno.test("one service that ignores TERM and a finish script of two seconds: the engine need not kill", async () => {
  const files = {
    "etc/services.d/work/run": IGNORES,
    "etc/cont-finish.d/1": "#!/bin/sh\nsleep 2\n",
  };
  await using container = await boot({ files });
  await container.printed("up\n");
  const { code, stdout, stderr } = await container.stop(ENGINE_KILLS_AFTER);
  equal(code, 0);
  match(stdout, /1: exited 0\.\n(.*\n)*.*KILL signal and exiting\.\n$/);
  match(stderr, /^s6-svwait: fatal: timed out after 3 s waiting for work$/m);
  match(stderr, /^s6-finish: warning: still alive after 3 s: \d+ \S+ \(service work\)$/m);
});

Deno.test(
  { name: "a container without a free descriptor boots, and is stopped in order", ignore: !canIsolate },
  async () => {
    const services = Array.from({ length: 60 }, (_, index) => `etc/services.d/${index}/run`);
    await using made = await root({
      ...Object.fromEntries(services.map((path) => [path, { content: "#!/bin/sh\nexec sleep 1000\n", mode: 0o755 }])),
      "etc/cont-finish.d/1": { content: "#!/bin/sh\necho the last script\n", mode: 0o755 },
    });
    // However many are left over when the last supervisor has found none.
    for (const limit of [100, 125, 126, 127, 128]) {
      const script = `ulimit -n ${limit}; exec /init "$@"`;
      const container = start(made, {
        argv: ["/bin/sh", "-c", script, "sh", "/bin/sh", "-c", "echo command; sleep 1000"],
      });
      await container.printed("command\n");
      Deno.kill(await firstProcess(container), "SIGTERM");
      const { code, stdout, stderr } = await limited(container);
      match(stderr, /unable to supervise .*: Too many open files/);
      ok(!/internal error/.test(stderr), stderr);
      match(stdout, /\nthe last script\n(.*\n)*.*KILL signal and exiting\.\n$/);
      deepEqual(code, 0);
    }
  },
);

/** Signals by their numbers, and letters of s6-svscanctl, that stop a container. */
const SIGNALS = { INT: 2, QUIT: 3, TERM: 15, "RTMIN+3": 37 } as const;
const LETTERS = ["t", "i", "q", "b"];

interface Shortage {
  readonly way: string;
  readonly free: number;
  readonly stop: (pid: number) => Promise<void>;
}

const wayOfSignal = ([name, number]: [string, number]) => ({
  way: `SIG${name}`,
  stop: async (pid: number) => void await output(["kill", `-${number}`, `${pid}`]),
});
const wayOfLetter = (letter: string) => ({
  way: `s6-svscanctl -${letter}`,
  stop: (pid: number) => Deno.writeTextFile(`/proc/${pid}/root/run/letter`, letter),
});
const WAYS = [...Object.entries(SIGNALS).map(wayOfSignal), ...LETTERS.map(wayOfLetter)];
const SHORTAGES: readonly Shortage[] = [
  ...WAYS.map((way) => ({ ...way, free: 0 })),
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((free) => ({ ...WAYS[free % 2 === 0 ? 2 : 4]!, free })),
];

/** From now on the process may open this many descriptors more. */
async function leaveFree(pid: number, count: number): Promise<void> {
  const open = new Set(Array.from(Deno.readDirSync(`/proc/${pid}/fd`), (entry) => Number(entry.name)));
  let limit = 0;
  for (let free = 0; free <= count; limit++) if (!open.has(limit)) free++;
  await output(["prlimit", "--pid", `${pid}`, `--nofile=${limit - 1}`]);
}

Deno.test(
  { name: "with 0 to 8 free descriptors every signal and command that stops does so", ignore: !canIsolate },
  async () => {
    await using made = await root({
      "etc/services.d/work/run": { content: "#!/bin/sh\nexec sleep 1000\n", mode: 0o755 },
      "etc/services.d/logged/run": { content: "#!/bin/sh\nexec sleep 1000\n", mode: 0o755 },
      "etc/services.d/logged/log/run": { content: "#!/bin/sh\nexec s6-log 1\n", mode: 0o755 },
      "etc/cont-finish.d/1": { content: "#!/bin/sh\necho the last script\n", mode: 0o755 },
    });
    const command = "echo command; until [ -s /run/letter ]; do usleep 1000; done; " +
      's6-svscanctl "-$(cat /run/letter)" /var/run/s6/services; sleep 1000';
    const ended = await inParallel(SHORTAGES, async ({ way, free, stop }) => {
      const container = start(made, { argv: ["/init", "/bin/sh", "-c", command] });
      await container.printed("command\n");
      const pid = await firstProcess(container);
      await leaveFree(pid, free);
      await stop(pid);
      const { code, stdout, stderr } = await limited(container);
      const isInOrder = /\nthe last script\n(.*\n)*.*KILL signal and exiting\.\n$/.test(stdout);
      return code === 0 && isInOrder ? [] : [`${way}, ${free} free: exit code ${code}\n${stdout}${stderr}`];
    });
    equal(ended.flat().join("\n"), "");
  },
);

Deno.test({ name: "what a name holds does not reach a terminal", ignore: !canIsolate }, async () => {
  await using made = await root({ "etc/services.d/a\x1b[2J\nb/run": { content: "no program\n", mode: 0o755 } });
  const container = start(made, { argv: ["/init", "/bin/sh", "-c", "s6-svwait -t 300 -u /nowhere; exec sleep 1000"] });
  while (!container.stderr.includes("unable to spawn")) await new Promise((resolve) => setTimeout(resolve, 1));
  Deno.kill(await firstProcess(container), "SIGTERM");
  const { stdout, stderr } = await limited(container);
  ok(!(stdout + stderr).includes("\x1b"));
  match(stderr, /^s6-supervise a\\x1b\[2J\\x0ab: warning: unable to spawn/m);
});
