// Stopping a container: at every moment of its boot, several times over, while a script hangs, and where it is not
// process 1 and must spare its neighbours.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { canIsolate } from "../surroundings/namespace.ts";
import { firstProcess, inParallel, limited, quickly, type Root, root, start } from "../surroundings/quick.ts";

function script(content: string): { content: string; mode: number } {
  return { content: `#!/bin/sh\n${content}\n`, mode: 0o755 };
}

const FILES = {
  "etc/cont-init.d/1": script("echo script"),
  "etc/cont-init.d/2": script('eval "$SCRIPT"'),
  "etc/services.d/a/run": script("exec sleep 1000"),
  "etc/services.d/a/finish": script("echo finish of a"),
  "etc/services.d/b/run": script("exec sleep 1000"),
  "etc/services.d/b/log/run": script("exec cat"),
  "etc/cont-finish.d/1": script("echo the last script"),
};
/** Milliseconds: some more than a boot takes here. */
const MOMENTS = Array.from({ length: 60 }, (_, index) => 2 * index);

function story(name: string, work: (root: Root) => Promise<void>): void {
  Deno.test({ name, ignore: !canIsolate, fn: () => withRoot(work) });
}

async function withRoot(work: (root: Root) => Promise<void>): Promise<void> {
  await using made = await root(FILES);
  await work(made);
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * What is wrong with the end of a container that got signals the given number of milliseconds after its first
 * instruction.
 */
async function faultAfter(root: Root, moment: number, signals: readonly Deno.Signal[]): Promise<string | undefined> {
  const container = start(root, { argv: ["/init", "/bin/sleep", "1000"] });
  const pid = await firstProcess(container);
  await pause(moment);
  for (const signal of signals) Deno.kill(pid, signal);
  const { code, stdout, stderr } = await limited(container);
  const started = stdout.includes("starting services") && stdout.includes("[services.d] done.");
  const fine = code === 0 && stdout.includes("the last script\n") && stdout.endsWith("KILL signal and exiting.\n") &&
    stderr === "" && (!started || stdout.split("finish of a\n").length <= 2);
  return fine ? undefined : `${signals} after ${moment} ms: exit code ${code}\n${stdout}${stderr}`;
}

const SIGNALS: readonly (readonly Deno.Signal[])[] = [["SIGTERM"], ["SIGINT"], ["SIGTERM", "SIGTERM"], [
  "SIGINT",
  "SIGTERM",
]];

story("a stop at every second millisecond of a boot is in order", async (root) => {
  const faults = await inParallel(MOMENTS, (moment) => faultAfter(root, moment, SIGNALS[moment / 2 % SIGNALS.length]!));
  deepEqual(faults.filter((fault) => fault !== undefined), []);
});

const INSIDE = ["/command/halt", "s6-svscanctl -t /var/run/s6/services", "s6-svscanctl -tb /var/run/s6/services"];

for (const command of INSIDE) {
  for (const place of ["script", "command"] as const) {
    story(`${command} in a ${place} stops the container in order`, async (root) => {
      const keep = { S6_KEEP_ENV: "1" };
      const words = `${command}; sleep 1000`;
      const { code, stdout, stderr } = place === "script"
        ? await quickly(root, { environment: { ...keep, SCRIPT: words } })
        : await quickly(root, { argv: ["/init", "/bin/sh", "-c", words] });
      equal(code, 0);
      match(stdout, /the last script\n(.*\n)*.*KILL signal and exiting\.\n$/);
      ok(!/still alive|internal error/.test(stderr), stderr);
    });
  }
}

story("a script that hangs gets TERM when the container stops, and nothing is started after it", async (root) => {
  const SCRIPT = "trap 'echo TERM has come; exit 3' TERM; echo hanging; while :; do sleep 0.01; done";
  const container = start(root, { environment: { S6_KEEP_ENV: "1", SCRIPT }, argv: ["/init", "/bin/echo", "command"] });
  await container.printed("hanging\n");
  Deno.kill(await firstProcess(container), "SIGTERM");
  const { code, stdout, stderr } = await limited(container);
  deepEqual([code, stderr], [0, ""]);
  match(stdout, /hanging\nTERM has come\n\[cont-finish\.d\]/);
  ok(!/^command|services\.d/m.test(stdout), stdout);
});

story("a script that ignores TERM does not hold up the stop, and is named", async (root) => {
  const SCRIPT = "trap '' TERM HUP; echo hanging; while :; do sleep 0.01; done";
  const environment = { S6_KEEP_ENV: "1", SCRIPT, S6_SERVICES_GRACETIME: "100", S6_KILL_GRACETIME: "100" };
  const container = start(root, { environment });
  await container.printed("hanging\n");
  Deno.kill(await firstProcess(container), "SIGTERM");
  const { code, stdout, stderr } = await limited(container);
  equal(code, 0);
  match(stdout, /the last script\n/);
  match(stderr, /^s6-finish: warning: still alive after 100 ms: [0-9]+ 2$/m);
});

story("TERM during the last scripts changes nothing", async (root) => {
  const container = start(root, { argv: ["/init", "/bin/true"] });
  const pid = await firstProcess(container);
  await container.printed("executing container finish scripts");
  for (let more = 0; more < 3; more++) {
    try {
      Deno.kill(pid, "SIGTERM");
    } catch {
      break; // it has ended
    }
    await pause(1);
  }
  const { code, stdout, stderr } = await limited(container);
  deepEqual([code, stderr], [0, ""]);
  match(stdout, /the last script\n(.*\n)*.*KILL signal and exiting\.\n$/);
});

/** Each is the last process of its container. */
const LAST: Readonly<Record<string, Readonly<Record<string, ReturnType<typeof script>>>>> = {
  "a logger, which ends with its input": {
    "etc/services.d/a/run": script("exec sleep 1000"),
    "etc/services.d/a/log/run": script("exec cat"),
    "etc/services.d/a/log/finish": script("sleep 0.1; echo finish >&2"),
  },
  "a service that only the last TERM ends": {
    "etc/services.d/a/run": script(
      "trap 'seen=$seen.; [ $seen = . ] || exit 0' TERM; echo up; while :; do sleep 0.01; done",
    ),
    "etc/services.d/a/finish": script("sleep 0.1; echo finish >&2"),
  },
};

for (const [what, files] of Object.entries(LAST)) {
  const name = `the finish script of what ends last runs, be it ${what}`;
  Deno.test({ name, ignore: !canIsolate }, async () => {
    await using made = await root(files);
    const ended = await inParallel(Array.from({ length: 8 }), () =>
      quickly(made, {
        environment: { S6_SERVICES_GRACETIME: "300" },
        argv: ["/init", "/bin/sh", "-c", "PATH=/command:$PATH; s6-svwait -u /run/service/a; exec sleep 0.1"],
      }));
    for (const { stdout, stderr } of ended) match(stderr, /^finish$/m, stdout);
  });
}

// Another process 1 with a child of its own, which is not below us. What a service has set free is below us.
const NEIGHBOUR = `sleep 1111 & neighbour=$!
setsid sleep 1112 &
/init "$@" &
wait $!; code=$?
echo "code $code"
for process in /proc/[0-9]*; do tr '\\0' ' ' <$process/cmdline 2>/dev/null; echo; done | grep '^sleep' | sort
kill -0 $neighbour && echo neighbour lives`;
const FREE = "trap '' TERM HUP; (setsid sh -c \"trap '' TERM HUP; sleep 2222; :\" &) ; (sleep 2223 &); ";

for (const [how, end, code] of [["ends", "exit 7", 7], ["is killed", "kill -KILL $$", 137]] as const) {
  story(`not as process 1, when the command ${how}, all that is ours ends and the neighbours live`, async (root) => {
    const argv = ["/bin/sh", "-c", NEIGHBOUR, "sh", "/bin/sh", "-c", `${FREE} ${end}`];
    const { stdout, stderr } = await quickly(root, { environment: { S6_KILL_GRACETIME: "200" }, argv });
    match(stdout, new RegExp(`KILL signal and exiting\\.\ncode ${code}\nsleep 1111 \nsleep 1112 \nneighbour lives\n$`));
    equal(stderr.match(/^s6-overlay: info: this is process [0-9]+, not 1: .*$/gm)?.length, 1, stderr);
    match(stderr, /still alive after 200 ms: [0-9]+ sh$/m);
  });
}
