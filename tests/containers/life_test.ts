// The life of a container: exit codes, failing initialization, signals, orphans, and Debian's own tools at work on our tree.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { boot, runToEnd } from "../surroundings/container.ts";
import { haveOriginals } from "../rows/harness.ts";
import { untilSupervised } from "../surroundings/supervised.ts";

const SERVICES = "/var/run/s6/services";

for (const code of [0, 1, 2, 42, 100, 111, 125, 126, 127, 128, 137, 255]) {
  Deno.test(`a command that exits ${code} makes the container exit ${code}`, async () => {
    const ended = await runToEnd({ arguments: ["/bin/sh", "-c", `exit ${code}`] });
    equal(ended.code, code, ended.stderr);
    match(ended.stdout, new RegExp(`^\\[cmd\\] /bin/sh exited ${code}$`, "m"));
  });
}

for (const [name, number] of [["HUP", 1], ["KILL", 9], ["SEGV", 11], ["TERM", 15]] as const) {
  Deno.test(`a command that dies of SIG${name} makes the container exit ${128 + number}`, async () => {
    const ended = await runToEnd({ arguments: ["/bin/sh", "-c", `kill -${name} $$`] });
    equal(ended.code, 128 + number, ended.stderr);
    match(ended.stdout, new RegExp(`^\\[cmd\\] /bin/sh exited ${256 + number} \\(killed by signal ${number}\\)$`, "m"));
  });
}

Deno.test("the command sees process 1, itself and what it starts", async () => {
  const { stdout, code } = await runToEnd({ arguments: ["/bin/sh", "-c", "ps; exit 3"] });
  equal(code, 3);
  const table = stdout.slice(stdout.indexOf("PID"), stdout.indexOf("[cmd]")).trimEnd().split("\n");
  equal(table.length, 4, stdout);
  match(table[1]!, / 1 .*\/init/);
});

const FAILING = {
  "etc/cont-init.d/1": "#!/bin/sh\nexit 5\n",
  "etc/cont-init.d/2": "#!/bin/sh\necho second\n",
};

Deno.test("a failing script is passed over silently by default", async () => {
  const { code, stdout, stderr } = await runToEnd({ files: FAILING, arguments: ["/bin/echo", "command"] });
  deepEqual([code, stderr], [0, ""]);
  match(stdout, /1: exited 5\.\n\[cont-init\.d\] 2: executing\.\.\. \nsecond\n/);
  match(stdout, /^command\n\[cmd\]/m);
  ok(!stdout.includes("!!!!!"));
});

Deno.test("with S6_BEHAVIOUR_IF_STAGE2_FAILS=1 the boot goes on and a warning is printed", async () => {
  const environment = { S6_BEHAVIOUR_IF_STAGE2_FAILS: "1" };
  const { code, stdout } = await runToEnd({ files: FAILING, environment, arguments: ["/bin/echo", "command"] });
  equal(code, 0);
  match(stdout, /^second\n/m);
  match(stdout, /\n\n!!!!!\n init-stage2 failed\.\n!!!!!\n/);
  match(stdout, /^command\n\[cmd\]/m);
});

Deno.test("with S6_BEHAVIOUR_IF_STAGE2_FAILS=2 the container stops and exits 1", async () => {
  const environment = { S6_BEHAVIOUR_IF_STAGE2_FAILS: "2" };
  const { code, stdout } = await runToEnd({ files: FAILING, environment, arguments: ["/bin/echo", "command"] });
  equal(code, 1);
  ok(!/second|command$/m.test(stdout), stdout);
  match(stdout, /\[cont-finish\.d\] done\.\n/);
});

Deno.test("S6_CMD_ARG0 is put in front of the command", async () => {
  const environment = { S6_CMD_ARG0: "/bin/echo\nfirst" };
  const { stdout } = await runToEnd({ environment, arguments: ["second"] });
  match(stdout, /^first second\n\[cmd\] \/bin\/echo exited 0$/m);
});

Deno.test("a finish script chooses the container's exit code", async () => {
  const finish =
    "#!/bin/sh\nprintf 77 > /var/run/s6/env-stage3/S6_STAGE2_EXITED\ns6-svscanctl -t /var/run/s6/services\n";
  const files = { "etc/services.d/work/run": "#!/bin/sh\nexit 1\n", "etc/services.d/work/finish": finish };
  equal((await runToEnd({ files })).code, 77);
});

Deno.test("a finish script that exits 125 is the end of its service", async () => {
  const files = {
    "etc/services.d/work/run": "#!/bin/sh\necho ran\n",
    "etc/services.d/work/finish": "#!/bin/sh\nexit 125\n",
  };
  await using container = await boot({ files });
  await container.printed("ran\n");
  const waited = await container.exec([
    "/bin/sh",
    "-c",
    `until s6-svstat -u ${SERVICES}/work | grep -q false; do usleep 10000; done; s6-svstat ${SERVICES}/work`,
  ]);
  match(waited.stdout, /^down \(exitcode 0\) [0-9]+ seconds, normally up/);
});

Deno.test("a service with a down file stays down until it is asked for", async () => {
  const files = { "etc/services.d/work/run": "#!/bin/sh\necho up; exec sleep 1000\n", "etc/services.d/work/down": "" };
  await using container = await boot({ files });
  await container.printed("[services.d] done.");
  const look = `${untilSupervised(`${SERVICES}/work`)}; s6-svstat ${SERVICES}/work`;
  match((await container.exec(["/bin/sh", "-c", look])).stdout, /^down /);
  equal((await container.exec(["/command/s6-svc", "-u", `${SERVICES}/work`])).code, 0);
  await container.printed("up\n");
});

Deno.test("a service that ignores TERM does not outlive the grace times", async () => {
  const files = { "etc/services.d/work/run": "#!/bin/sh\ntrap '' TERM HUP\necho up\nwhile :; do sleep 1000; done\n" };
  const environment = { S6_SERVICES_GRACETIME: "200", S6_KILL_GRACETIME: "200" };
  await using container = await boot({ files, environment });
  await container.printed("up\n");
  const { code, stdout, milliseconds } = await container.stop(10);
  equal(code, 0);
  match(stdout, /KILL signal and exiting\.\n$/);
  ok(milliseconds < 8000, `${milliseconds} ms`);
});

Deno.test("root may write to the container's output by way of process 1, whatever user its services run as", async () => {
  const files = {
    "etc/services.d/work/run": "#!/usr/bin/execlineb -P\ns6-setuidgid nobody\nsleep 1000\n",
  };
  const script = "s6-svwait -u /var/run/s6/services/work; readlink /proc/1/fd/1 | cut -c 1-5; echo there >/proc/1/fd/1";
  const { stdout } = await runToEnd({ files, arguments: ["/bin/sh", "-c", script] });
  match(stdout, /^pipe:\nthere\n\[cmd\]/m);
});

Deno.test("thousands of orphans leave no zombie", async () => {
  const script = "i=0; while [ $i -lt 3000 ]; do (true &); i=$((i+1)); done; " +
    "n=100; while ps -o stat | grep -q Z && [ $n -gt 0 ]; do usleep 50000; n=$((n-1)); done; ps -o stat | grep -c Z";
  const { stdout } = await runToEnd({ arguments: ["/bin/sh", "-c", script] });
  match(stdout, /^0\n\[cmd\]/m);
});

Deno.test("the container works with a read-only root", async () => {
  const files = { "etc/services.d/work/run": "#!/bin/sh\necho service; exec sleep 1000\n" };
  const environment = { S6_READ_ONLY_ROOT: "1" };
  await using container = await boot({
    files,
    environment,
    readOnly: true,
    temporary: ["/run:rw,exec", "/var:rw,exec"],
  });
  await container.printed("service\n");
  equal((await container.stop(10)).code, 0);
});

for (const layout of ["busybox", "merged", "scratch"] as const) {
  Deno.test(`the ${layout} image boots within 64 MiB of memory`, async () => {
    const { code, stderr } = await runToEnd({ layout, memory: "64m", arguments: ["/command/s6-true"] });
    deepEqual([code, stderr], [0, ""]);
  });
}

Deno.test("the tarball leaves a merged image's links alone", async () => {
  const show = "for name in bin sbin lib var/run; do readlink /$name; done";
  const { stdout } = await runToEnd({ layout: "merged", entrypoint: ["/bin/sh"], arguments: ["-c", show] });
  equal(stdout, "usr/bin\nusr/sbin\nusr/lib\n../run\n");
});

Deno.test({
  name: "Debian's s6-svstat, s6-svc and s6-svwait operate our live tree from outside",
  ignore: !haveOriginals,
  fn: async () => {
    const files = { "etc/services.d/work/run": "#!/bin/sh\necho up; exec sleep 1000\n" };
    await using container = await boot({ files });
    await container.printed("up\n");
    const service = `/proc/${await container.pid()}/root/run/s6/services/work`;
    const s6 = (program: string, ...args: string[]): string => {
      const command = new Deno.Command(`/usr/bin/${program}`, {
        args: [...args, service],
        clearEnv: true,
        env: { PATH: "/usr/bin:/bin" },
      });
      const { code, stdout, stderr } = command.outputSync();
      equal(code, 0, new TextDecoder().decode(stderr));
      return new TextDecoder().decode(stdout);
    };
    match(s6("s6-svstat"), /^up \(pid [0-9]+\) [0-9]+ seconds\n$/);
    const pid = s6("s6-svstat", "-p");
    s6("s6-svc", "-wr", "-T5000", "-t");
    ok(s6("s6-svstat", "-p") !== pid);
    s6("s6-svc", "-wD", "-T5000", "-d");
    match(s6("s6-svstat"), /^down \(signal SIGTERM\) [0-9]+ seconds, normally up, ready [0-9]+ seconds\n$/);
    s6("s6-svc", "-u");
    s6("s6-svwait", "-t5000", "-u");
    match(s6("s6-svstat"), /^up /);
  },
});
