// systemd's notify protocol in containers: a service tells what it does by messages, and what process 1 makes of them is
// what status, s6-svstat and the rest of the boot see. Its client is in perl, which Debian always has.

import { deepEqual, equal, match, notEqual } from "node:assert/strict";
import type { StatusReport } from "../../lib/overlay/status/status_report.ts";
import type { Given } from "../rows/harness.ts";
import { heldByProcessOne, untilNoMoreHeld } from "../surroundings/descriptors.ts";
import { type Inside, untilFits } from "../surroundings/inside.ts";
import { machineRoot, startOnMachine } from "../surroundings/machine_root.ts";
import {
  executable,
  FILES,
  noticeAddressOf,
  SAY,
  story,
  tell,
  tellProcess,
  untilStatus,
} from "../surroundings/notifying.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { limited } from "../surroundings/quick.ts";
import { SOURCES } from "./generation_3.ts";

const ignore = !canIsolate;

async function svstat(inside: Inside): Promise<string> {
  return (await inside.sh("s6-svstat -o up,ready /run/service/web")).stdout.trim();
}

story("a service under another user tells its life, and status shows it", {}, async (inside) => {
  await untilStatus(inside, ({ state, ready }) => state === "up" && ready === false);
  equal(await svstat(inside), "true false");
  await tell(inside, "STATUS=warming \x1b[2Jup");
  equal((await untilStatus(inside, ({ said }) => said !== null)).said, "warming \\x1b[2Jup");
  match((await inside.sh("s6-overlay status web")).stdout, /says: warming \\x1b\[2Jup/);

  await tell(inside, "READY=1;STATUS=serving");
  const served = await untilStatus(inside, ({ ready }) => ready === true);
  deepEqual([served.said, served.reloading, served.leaving, served.ignoredMessages], ["serving", null, false, 0]);
  equal(await svstat(inside), "true true");

  await tell(inside, "RELOADING=1");
  await untilStatus(inside, ({ reloading, ready }) => reloading !== null && ready === true);
  match((await inside.sh("s6-overlay status web")).stdout, /reloads for /);
  await tell(inside, "READY=1");
  await untilStatus(inside, ({ reloading }) => reloading === null);

  await tell(inside, "STOPPING=1");
  await untilStatus(inside, ({ ready, leaving }) => ready === false && leaving);
  equal(await svstat(inside), "true false");
  await tell(inside, "exit 3");
  const again = await untilStatus(inside, ({ starts, state, pid }) => starts === 2 && state === "up" && pid !== null);
  deepEqual([again.lastExit?.code, again.leaving, again.ready, again.said], [3, false, false, null]);
});

story(
  "what other processes send is ignored and counted, and other users do not find the socket",
  {},
  async (inside) => {
    const address = await noticeAddressOf(inside);
    match(address, /^\/var\/run\/s6\/notify\/[A-Za-z0-9]{24}$/);
    const [, name] = /([A-Za-z0-9]+)$/.exec(address)!;
    const found = await inside.sh(
      `s6-setuidgid nobody ls /run/s6/notify; s6-setuidgid nobody touch /run/s6/notify/x; cat /proc/net/unix`,
    );
    equal(found.stdout.includes(name!), false);
    equal(found.stderr.match(/Permission denied/g)?.length, 2);
    for (const by of ["", "s6-setuidgid nobody "]) {
      equal((await inside.sh(`${by}/usr/libexec/say ${address} "READY=1\nSTATUS=mine"`)).code, 0);
    }
    const { ready, said } = await untilStatus(inside, ({ ignoredMessages }) => ignoredMessages === 2);
    deepEqual([ready, said], [false, null]);
    await tell(inside, "READY=1");
    await untilStatus(inside, ({ ready }) => ready === true);
  },
);

story("each life has a socket of its own, and nothing is left of those before", {}, async (inside) => {
  await untilStatus(inside, ({ state }) => state === "up");
  const [first, before] = [await noticeAddressOf(inside), await heldByProcessOne(inside)];
  for (let life = 1; life <= 4; life++) {
    await untilStatus(inside, ({ starts, state }) => starts === life && state === "up");
    await tell(inside, "READY=1");
    await untilStatus(inside, ({ ready }) => ready === true);
    equal((await inside.sh("s6-svc -wr -T 10000 -r /run/service/web")).code, 0);
  }
  equal((await inside.sh("ls /run/s6/notify | wc -l")).stdout, "1\n");
  notEqual(await noticeAddressOf(inside), first);
  const late = await inside.sh(`/usr/libexec/say ${first} READY=1`);
  match(late.stderr, /No such file or directory/);
  await untilNoMoreHeld(inside, before);
});

story("with all, a helper that a shell runs tells in the place of its service", {
  "etc/services.d/web/run": executable(
    '#!/usr/bin/with-contenv sh\n/usr/libexec/say "$NOTIFY_SOCKET" READY=1\nexec sleep 1000\n',
  ),
  "etc/services.d/web/data/overlay/notify-socket": "all\n",
}, async (inside) => {
  equal((await untilStatus(inside, ({ ready }) => ready === true)).ignoredMessages, 0);
});

story("a service that tells no longer that it is alive is ended and started again", {
  "etc/services.d/web/data/overlay/watchdog": "300\n",
  "etc/services.d/web/run": executable(
    '#!/usr/bin/with-contenv sh\necho "$WATCHDOG_USEC" >/tmp/time\nexec /usr/libexec/client web\n',
  ),
}, async (inside) => {
  await untilStatus(inside, ({ state }) => state === "up");
  await tell(inside, "READY=1");
  const watched = await untilStatus(inside, ({ watchdogEnds, starts }) => watchdogEnds !== null || (starts ?? 0) > 1);
  equal(watched.killedAt, null);
  const again = await untilStatus(inside, ({ starts, state }) => starts === 2 && state === "up");
  deepEqual([again.lastExit?.signal, again.lastExit?.told], ["ABRT", false]);
  equal((await inside.sh("cat /tmp/time")).stdout, "300000\n");
  const { stdout } = await inside.sh("s6-overlay status -j web");
  equal((JSON.parse(stdout) as StatusReport).services[0]!.ready, false);
});

story("a service that floods its socket holds up neither process 1 nor another service", {
  "etc/services.d/loud/data/overlay/notify-socket": "",
  "etc/services.d/loud/run": executable("#!/usr/bin/with-contenv sh\nexec s6-setuidgid nobody /usr/libexec/flood\n"),
  "usr/libexec/flood": executable(`#!/usr/bin/perl
use Socket;
socket(my $socket, AF_UNIX, SOCK_DGRAM, 0) or die "$!";
my $address = pack_sockaddr_un($ENV{NOTIFY_SOCKET});
for (my $count = 0; ; $count++) {
  send($socket, ("READY=1\\n", "RELOADING=1\\n")[$count % 2] . "STATUS=$count\\nMAINPID=$count\\n" . "x=y\\n" x 9999, 0, $address);
}
`),
}, async (inside) => {
  const { said } = await untilStatus(inside, ({ said, ready }) => said !== null && ready === true, "loud");
  await tell(inside, "READY=1;STATUS=serving");
  equal((await untilStatus(inside, ({ ready }) => ready === true)).said, "serving");
  // What it has told goes on to be heard.
  const { trouble } = await untilStatus(inside, (now) => now.said !== said, "loud");
  match(trouble!, /^it says MAINPID=[0-9]+, which is ignored/);
});

Deno.test({
  name: "the command waits for a service that tells by its socket that it is ready",
  ignore,
  fn: async () => {
    await using made = await machineRoot({
      ...FILES,
      "etc/services.d/web/run": executable(
        '#!/usr/bin/with-contenv sh\n/usr/libexec/say "$NOTIFY_SOCKET" READY=1\nexec sleep 1000\n',
      ),
      "etc/services.d/web/data/overlay/notify-socket": "all\n",
    });
    const argv = ["/init", "s6-svstat", "-o", "ready", "/run/service/web"];
    const environment = { S6_CMD_WAIT_FOR_SERVICES: "1", S6_SERVICES_GRACETIME: "100" };
    const { stdout, code } = await limited(startOnMachine(made, { environment, argv }));
    equal(code, 0);
    match(stdout, /^true$/m);
  },
});

Deno.test({
  name: "what depends on a longrun of generation 3 starts when that tells by its socket that it is ready",
  ignore,
  fn: async () => {
    await using made = await machineRoot({
      "usr/libexec/say": SAY,
      [`${SOURCES}/web/type`]: "longrun\n",
      [`${SOURCES}/web/run`]: '#!/bin/sh\n/usr/libexec/say "$NOTIFY_SOCKET" READY=1\nexec sleep 1000\n',
      [`${SOURCES}/web/data/overlay/notify-socket`]: "all\n",
      [`${SOURCES}/after/type`]: "oneshot\n",
      [`${SOURCES}/after/up`]: "s6-svstat -o up,ready /run/service/web\n",
      [`${SOURCES}/after/dependencies.d/web`]: "",
      [`${SOURCES}/user/contents.d/after`]: "",
      [`${SOURCES}/user/type`]: "bundle\n",
      "etc/s6-overlay/user-bundles.d/user/contents.d/after": "",
    });
    const { stdout, stderr, code } = await limited(startOnMachine(made, { argv: ["/init", "true"] }));
    equal(code, 0, stderr);
    match(stdout, /^true true$/m);
  },
});

Deno.test({
  name: "a longrun of generation 3 that asks for time has it, beyond its timeout-up",
  ignore,
  fn: async () => {
    const longrun = (name: string, ...lines: string[]): Readonly<Record<string, Given>> => ({
      [`${SOURCES}/${name}/type`]: "longrun\n",
      [`${SOURCES}/${name}/timeout-up`]: "2000\n",
      [`${SOURCES}/${name}/run`]: ["#!/bin/sh", ...lines, "exec sleep 1000"].join("\n"),
      [`${SOURCES}/${name}/data/overlay/notify-socket`]: "all\n",
      [`etc/s6-overlay/user-bundles.d/user/contents.d/${name}`]: "",
    });
    const say = (text: string): string => `/usr/libexec/say "$NOTIFY_SOCKET" ${text}`;
    await using made = await machineRoot({
      "usr/libexec/say": SAY,
      ...longrun("asks", say("EXTEND_TIMEOUT_USEC=20000000"), "sleep 2.5", say("READY=1")),
      ...longrun("mute", say("STATUS=working")),
    });
    const { stderr } = await limited(startOnMachine(made, { argv: ["/init", "true"] }));
    match(stderr, /^s6-rc: fatal: timed out: service mute had 2 s$/m);
    match(stderr, /^s6-rc: warning: unable to start service mute: command exited 99$/m);
    match(stderr, /^s6-rc: info: service asks successfully started$/m);
  },
});

story("a supervisor of its own does the same", {
  "opt/plain/run": executable("#!/bin/sh\nexec /usr/libexec/client plain\n"),
  "opt/plain/data/overlay/notify-socket": "",
}, async (inside) => {
  await inside.sh("cp -r /opt/plain /tmp/plain; s6-supervise /tmp/plain </dev/null >/dev/null 2>&1 &");
  const pid = await untilFits(() => inside.sh("s6-svstat -o pid /tmp/plain"), ({ stdout }) => /^[1-9]/.test(stdout));
  const fifo = `/tmp/tell-plain-${pid.stdout.trim()}`;
  const ready = (): Promise<string> =>
    inside.sh("s6-svstat -o up,ready /tmp/plain").then(({ stdout }) => stdout.trim());
  await untilFits(ready, (told) => told === "true false");
  await tellProcess(inside, "READY=1", fifo);
  await untilFits(ready, (told) => told === "true true");
  await tellProcess(inside, "STOPPING=1", fifo);
  await untilFits(ready, (told) => told === "true false");
  equal((await inside.sh("s6-svc -xd /tmp/plain; s6-svwait -t 10000 -d /tmp/plain")).code, 0);
});
