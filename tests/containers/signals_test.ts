// Signals to process 1: what each does, what a file of that name does, and what settings make of them.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { output } from "../../scripts/command.ts";
import type { CollectedProcess } from "../../scripts/container_process.ts";
import { SIGNAL_ROWS } from "../../lib/overlay/signals/signal_manual.ts";
import { SIGNALS } from "../../lib/overlay/signals/signals.ts";
import { signalNumber } from "../../lib/signals.ts";
import { intoContainer } from "../../scripts/namespaces.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { firstProcess, inParallel, limited, type Root, root, start } from "../surroundings/quick.ts";

function script(content: string): { content: string; mode: number } {
  return { content: `#!/bin/sh\n${content}\n`, mode: 0o755 };
}

const heard = (name: string, signal: string): string => `trap 'echo ${name} got ${signal}' ${signal}`;
const stay = "while :; do sleep 0.01; done";

/** Ignores every signal that can be ignored, and is replaced by the words that follow. */
const IGNORING = 'for signal in $(seq 1 31); do trap "" $signal 2>/dev/null; done; exec "$@"';

const FILES = {
  "ignoring": script(IGNORING),
  "etc/cont-init.d/1": script('eval "$SCRIPT"'),
  "etc/services.d/web/run": script(`${heard("web", "HUP")}; ${heard("web", "USR2")}; echo web is up; ${stay}`),
  "etc/services.d/web/reload-signal": "USR2\n",
  "etc/services.d/db/run": script(`${heard("db", "HUP")}; ${heard("db", "USR2")}; echo db is up; ${stay}`),
  "etc/cont-finish.d/1": script("echo the last script"),
};
const COMMAND = [
  "/init",
  "/bin/sh",
  "-c",
  `${heard("command", "USR1")}; ${heard("command", "TERM")}; echo begun; ${stay}`,
];

function story(name: string, work: (root: Root) => Promise<void>): void {
  Deno.test({ name, ignore: !canIsolate, fn: () => withRoot(work) });
}

async function withRoot(work: (root: Root) => Promise<void>): Promise<void> {
  await using made = await root(FILES);
  await work(made);
}

interface Live {
  readonly container: CollectedProcess;
  readonly send: (signal: number) => Promise<unknown>;
}

/** A container that is all up. */
async function up(root: Root, environment: Record<string, string> = {}, argv = COMMAND): Promise<Live> {
  const container = start(root, { environment: { S6_KEEP_ENV: "1", ...environment }, argv });
  for (const text of ["web is up\n", "db is up\n", "begun\n"]) await container.printed(text);
  const pid = await firstProcess(container);
  return { container, send: (signal) => output(["/bin/kill", `-${signal}`, `${pid}`]) };
}

const numberOf = (name: string): number => SIGNALS[name]?.signal ?? signalNumber(name)!;
const named = (effect: RegExp): string[] =>
  SIGNAL_ROWS.filter((row) => effect.test(row.effect)).flatMap(({ names }) => names).filter((name) => !/ /.test(name));
const STOP = numberOf("TERM");

async function stops(
  root: Root,
  signal: number,
  environment: Record<string, string> = {},
): Promise<string | undefined> {
  const { container, send } = await up(root, environment);
  await send(signal);
  const { code, stdout, stderr } = await limited(container);
  const fine = code === 0 && stderr === "" && /the last script\n(.*\n)*.*KILL signal and exiting\.\n$/.test(stdout);
  return fine ? undefined : `signal ${signal}: exit code ${code}\n${stdout}${stderr}`;
}

story("each signal that is to stop the container does", async (root) => {
  const names = named(/^Stop/).filter((name) => name !== "ABRT");
  const faults = await inParallel(names, (name) => stops(root, numberOf(name)));
  deepEqual(faults.filter((fault) => fault !== undefined), []);
});

story("what started /init may have ignored every signal", async (root) => {
  const { container, send } = await up(root, {}, ["/ignoring", ...COMMAND]);
  await send(STOP);
  const { code, stdout, stderr } = await limited(container);
  deepEqual([code, stderr], [0, ""]);
  match(stdout, /the last script\n/);
});

story("ABRT stops the container without a word to its services, which get the last signals", async (root) => {
  const { container, send } = await up(root, { S6_SERVICES_GRACETIME: "50" });
  await send(numberOf("ABRT"));
  const { code, stdout, stderr } = await limited(container);
  equal(code, 0);
  match(stdout, /the last script\n(.*\n)*.*KILL signal and exiting\.\n$/);
  equal(stderr, "s6-svwait: fatal: timed out after 50 ms waiting for db, web\n");
});

story("the signals by which images are stopped do so, by themselves or by a setting", async (root) => {
  const images = { nginx: "QUIT", postgres: "INT", httpd: "WINCH", fpm: "QUIT", systemd: "RTMIN3", haproxy: "USR1" };
  const faults = await inParallel(
    [...new Set(Object.values(images))],
    (name) => stops(root, numberOf(name), { [`S6_SIGNAL_${name}`]: "stop" }),
  );
  deepEqual(faults.filter((fault) => fault !== undefined), []);
});

story("no other signal does anything", async (root) => {
  const { container, send } = await up(root);
  const others = named(/^Nothing/).map(numberOf);
  const realtime = Array.from({ length: 31 }, (_, at) => 34 + at).filter((signal) => signal !== numberOf("RTMIN3"));
  for (const signal of [...others, ...realtime]) await send(signal);
  await send(STOP);
  const { code, stdout, stderr } = await limited(container);
  deepEqual([code, stderr], [0, ""]);
  ok(!/ got |executing.*\n.* got /.test(stdout.slice(0, stdout.indexOf("[cont-finish.d]"))), stdout);
});

story("HUP finds new services and ends those that are gone", async (root) => {
  const { container, send } = await up(root, {
    SCRIPT:
      "cd /var/run/s6; mkdir new; printf '#!/bin/sh\\necho new is up; exec sleep 1000\\n' >new/run; chmod 755 new/run",
  });
  const run = (words: string): Promise<string> => inside(container, words);
  await run("mv /var/run/s6/new /var/run/s6/services/new; mv /var/run/s6/services/db /var/run/s6/db");
  await send(numberOf("HUP"));
  await container.printed("new is up\n");
  equal(
    await run("while s6-svok /var/run/s6/db; do usleep 10000; done; s6-svstat -u /var/run/s6/services/web"),
    "true\n",
  );
  await send(STOP);
  equal((await limited(container)).code, 0);
});

async function inside(container: CollectedProcess, words: string): Promise<string> {
  const pid = `${await firstProcess(container)}`;
  const enter = intoContainer(pid);
  return await output([...enter, "/bin/env", "-i", "PATH=/command:/bin", "/bin/sh", "-c", words]);
}

const HANDLERS =
  "mkdir -p /var/run/s6/services/.s6-svscan; cd /var/run/s6/services/.s6-svscan; for signal in USR1 TERM RTMIN3; do " +
  "printf '#!/bin/sh\\necho handled %s in $PWD\\n' $signal >SIG$signal; chmod 755 SIG$signal; done";

story("a file .s6-svscan/SIGNAME comes before settings and the usual effect", async (root) => {
  const { container, send } = await up(root, { SCRIPT: HANDLERS, S6_SIGNAL_USR1: "stop" });
  for (const name of ["USR1", "TERM", "RTMIN3"]) {
    await send(numberOf(name));
    await container.printed(`handled ${name} in /run/s6/services\n`);
  }
  await send(numberOf("INT"));
  equal((await limited(container)).code, 0);
});

const ROUTES: readonly (readonly [route: string, signal: string, seen: string])[] = [
  ["reload web", "HUP", "web got USR2\n"],
  ["reload web db", "USR1", "web got USR2\ndb got HUP\n"],
  ["send USR2 web", "WINCH", "web got USR2\n"],
  ["send HUP all", "USR2", "web got HUP\ndb got HUP\n"],
  ["send USR1 command", "PWR", "command got USR1\n"],
  ["forward", "USR1", "command got USR1\n"],
  ["forward", "TERM", "command got TERM\n"],
];

for (const [route, signal, seen] of ROUTES) {
  story(`S6_SIGNAL_${signal}="${route}" does that, and nothing else`, async (root) => {
    const { container, send } = await up(root, { [`S6_SIGNAL_${signal}`]: route });
    await send(numberOf(signal));
    for (const line of seen.trimEnd().split("\n")) await container.printed(`${line}\n`);
    const lines = container.stdout.match(/^.* got .*\n/gm) ?? [];
    deepEqual([...lines].sort(), seen.match(/^.*\n/gm)!.sort());
    await send(numberOf("INT"));
    equal((await limited(container)).stderr, "");
  });
}

story(
  "a setting that cannot be used is told when the container starts, and the signal has its usual effect",
  async (root) => {
    const { container, send } = await up(root, { S6_SIGNAL_TERM: "halt", S6_SIGNAL_TERMINATE: "stop" });
    await send(STOP);
    const { code, stderr } = await limited(container);
    equal(code, 0);
    match(
      stderr,
      /^s6-overlay: warning: S6_SIGNAL_TERM="halt": unknown route; the known ones are stop, .*; using the default, stop$/m,
    );
    match(stderr, /^s6-overlay: warning: S6_SIGNAL_TERMINATE is not used: there are S6_SIGNAL_HUP, /m);
    equal(stderr.split("\n").length, 3, stderr);
  },
);
