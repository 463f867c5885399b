// What may lie where process 1 reads files: things that are not files, more than it can copy, what others own, and what
// is on another file system. It goes on, reports what is wrong in one line, and gives nothing away.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { boot, runToEnd } from "../surroundings/container.ts";

function sh(...lines: string[]): string {
  return ["#!/bin/sh", ...lines, ""].join("\n");
}

/** Lays things that no image can hold, then becomes process 1 with the command. */
function entrypoint(...lines: string[]): string[] {
  return ["/bin/sh", "-c", [...lines, 'exec /init "$@"'].join("\n"), "sh"];
}

const STAYS = sh("exec sleep 1000");

Deno.test("root's copy of a service is root's, whatever user has the original, but for what its user writes into", async () => {
  const files = {
    "etc/services.d/app/run": STAYS,
    "etc/services.d/app/finish": sh("true"),
    "etc/services.d/app/notification-fd": "3\n",
    "etc/services.d/app/log/run": sh("exec cat"),
    "etc/services.d/app/data/state": "",
    "etc/services.d/app/env/NAME": "value",
    "etc/services.d/checked/run": STAYS,
    "etc/services.d/checked/data/check": sh("true"),
    "etc/services.d/checked/data/state": "",
  };
  const prepare = "chown -R daemon:daemon /etc/services.d/*; chmod -R a+w /etc/services.d/*; " +
    "chmod 6777 /etc/services.d/app/finish";
  const list =
    "cd /run/s6/services; stat -c '%n %u %a' app app/run app/finish app/notification-fd app/log app/log/run " +
    "app/data app/data/state app/env app/env/NAME checked/data checked/data/check checked/data/state";
  const { stdout, stderr } = await runToEnd({ files, prepare, arguments: ["/bin/sh", "-c", list] });
  const lines = stdout.split("\n").filter((line) => /^(app|checked)/.test(line));
  deepEqual(
    lines.map((line) => line.replace(/ (\d+) (\d+)$/, (_, uid, mode) => ` ${uid === "0" ? "root" : "user"} ${mode}`)),
    [
      "app root 755",
      "app/run root 755",
      "app/finish root 755",
      "app/notification-fd root 644",
      "app/log root 755",
      "app/log/run root 755",
      "app/data user 777",
      "app/data/state user 666",
      "app/env user 777",
      "app/env/NAME user 666",
      "checked/data root 755",
      "checked/data/check root 755",
      "checked/data/state user 666",
    ],
    stderr,
  );
});

Deno.test("links that a service's user has put there lead root nowhere", async () => {
  const files = { "secret": { content: "#!secret\n", mode: 0o600 }, "etc/services.d/app/finish": sh("true") };
  const prepare =
    "ln -s /secret /etc/services.d/app/run; chown -R daemon /etc/services.d/app; chown daemon /var/log; " +
    "chown -h daemon /etc/services.d/app/run; ln -s /etc /var/log/s6-uncaught-logs";
  const { stdout, stderr } = await runToEnd({
    files,
    prepare: `mkdir -p /var/log; ${prepare}`,
    environment: { S6_LOGGING: "1" },
    arguments: ["/bin/stat", "-c", "%n %u %a", "/etc", "/secret"],
  });
  match(stdout, /^\/etc 0 755\n\/secret 0 600\n/m);
  const lines = stderr.split("\n").filter((line) => line.includes("s6-uncaught-logs"));
  equal(lines.length, 1, stderr);
  match(lines[0]!, /no catch-all logger.*is a link.*and is not followed: remove it/);
});

Deno.test("a link of root's to the directory of the catch-all logger is followed", async () => {
  const { stdout, stderr } = await runToEnd({
    prepare: "mkdir -p /var/log /data/logs; ln -s /data/logs /var/log/s6-uncaught-logs",
    environment: { S6_LOGGING: "1" },
    arguments: ["/bin/stat", "-c", "%U %a", "/data/logs"],
  });
  deepEqual([stdout, stderr], ["nobody 2700\n", ""]);
});

Deno.test("fifos where files are expected hold nothing up, and each gets a line", async () => {
  const rule = "/data false daemon 0600 0700\n";
  const files = {
    "data": { directory: 0o755 },
    "etc/fix-attrs.d/rule": rule,
    "etc/cont-init.d/lay": sh(
      "cd /var/run/s6; mkfifo container_environment/FIFO container_environment/S6_SYNC_DISKS env-stage2/FIFO env-stage3/FIFO",
      "mkdir container_environment/DIRECTORY; cd /run/s6-linux-init-container-results; rm exitcode; mkfifo exitcode; cd /var/run/s6",
      "rm -f env-stage3/S6_STAGE2_EXITED; mkfifo env-stage3/S6_STAGE2_EXITED",
    ),
    "etc/cont-init.d/then": "#!/usr/bin/with-contenv sh\necho $GREETING\n",
    "etc/cont-finish.d/last": sh("echo last"),
  };
  const lay = [
    "for name in fix-attrs.d cont-init.d cont-finish.d services.d; do mkfifo /etc/$name/fifo; done",
    "rm /etc/passwd; mkfifo /etc/passwd",
  ];
  const { code, stdout, stderr } = await runToEnd({
    files,
    environment: { GREETING: "hello", S6_LOGGING: "1" },
    entrypoint: entrypoint(...lay),
    arguments: ["/bin/sh", "-c", "exit 7"],
  });
  equal(code, 7, stderr);
  match(
    stderr,
    /^\[fix-attrs\.d\] fifo: exited 1\.$|fix-attrs: fatal: unable to open .*fifo: it is a fifo, not a file/m,
  );
  match(stderr, /line 1: unable to open \/etc\/passwd: it is a fifo, not a file/);
  match(stderr, /no catch-all logger.*passwd: it is a fifo, not a file/);
  match(stderr, /unable to read .*container_environment\/FIFO: it is a fifo, not a file: the variable is left out/);
  match(stderr, /unable to read .*container_environment\/DIRECTORY: .*: the variable is left out/);
  match(stderr, /unable to read .*env-stage2\/FIFO: it is a fifo, not a file: it is left out/);
  match(stderr, /unable to read .*exitcode: it is a fifo, not a file/);
  match(stdout, /^hello$/m);
  match(stdout, /^last$/m);
  ok(stdout.endsWith("[s6-finish] sending all processes the KILL signal and exiting.\n"), stdout);
});

Deno.test("a service with a hole of a terabyte, and one of 6,000 files, are refused with a line, and the others run", async () => {
  const files = { "etc/services.d/good/run": sh("echo good", "exec sleep 1000") };
  const lay = [
    "mkdir /etc/services.d/hole /etc/services.d/many",
    "for name in hole many; do cp /etc/services.d/good/run /etc/services.d/$name/run; done",
    "dd if=/dev/null of=/etc/services.d/hole/file bs=1M seek=1000000 2>/dev/null",
    "(cd /etc/services.d/many; seq 6000 | xargs touch)",
  ];
  await using container = await boot({ files, entrypoint: entrypoint(...lay) });
  await container.printed("good\n");
  await container.printed("[services.d] done.");
  const lines = container.stderr.split("\n").filter((line) => line !== "");
  equal(lines.length, 2, container.stderr);
  match(
    container.stderr,
    /^services\.d: warning: hole: its files have more than 16777216 bytes, and is not started: /m,
  );
  match(container.stderr, /^services\.d: warning: many: it has more than 4096 entries, and is not started: /m);
  const { stdout } = await container.exec(["/bin/ls", "-A", "/run/s6/services"]);
  deepEqual(stdout.split("\n").filter((name) => /^(\.copy|good|hole|many)$/.test(name)), ["good"]);
  equal((await container.stop(10)).code, 0);
});

Deno.test("directories of the user's on other file systems are provided all the same, with the same lines", async () => {
  const write = (path: string, ...lines: string[]): string => `printf '#!/bin/sh\\n${lines.join("\\n")}\\n' > ${path}`;
  const directories = ["fix-attrs.d", "cont-init.d", "services.d", "cont-finish.d"];
  const lay = [
    "echo '/data false daemon 0600 0700' > /etc/fix-attrs.d/rule",
    write("/etc/cont-init.d/first", "stat -c %%a /data"),
    "printf '#!/bin/sh\\r\\necho converted\\r\\n' > /etc/cont-init.d/second",
    "mkdir /etc/services.d/app; " + write("/etc/services.d/app/run", "echo up", "echo >&3", "exec sleep 1000"),
    "echo 3 > /etc/services.d/app/notification-fd",
    write("/etc/cont-finish.d/last", "echo last"),
    "printf '#!/bin/sh\\r\\necho command\\r\\nexit 7\\r\\n' > /volume/command; chmod 755 /volume/command",
  ];
  const { code, stdout, stderr } = await runToEnd({
    files: { "data": { directory: 0o755 }, "volume": { directory: 0o755 } },
    temporary: [...directories.map((name) => `/etc/${name}:exec`), "/volume:exec"],
    entrypoint: entrypoint(...lay),
    environment: { S6_CMD_WAIT_FOR_SERVICES: "1" },
    arguments: ["/volume/command"],
  });
  equal(code, 7, stderr);
  match(
    stdout,
    new RegExp(
      [
        "making user provided files available at /var/run/s6/etc...exited 0.",
        "\\[s6-init\\] ensuring user provided files have correct perms...exited 0.",
        "\\[fix-attrs.d\\] applying ownership & permissions fixes...",
        "\\[fix-attrs.d\\] rule: applying... ",
        "\\[fix-attrs.d\\] rule: exited 0.",
        "\\[fix-attrs.d\\] done.",
        "\\[cont-init.d\\] executing container initialization scripts...",
        "\\[cont-init.d\\] first: executing... ",
        "700",
        "\\[cont-init.d\\] first: exited 0.",
        "\\[cont-init.d\\] second: executing... ",
        "converted",
        "\\[cont-init.d\\] second: exited 0.",
        "\\[cont-init.d\\] done.",
        "\\[services.d\\] starting services",
        "up",
        "\\[services.d\\] done.",
        "command",
        "\\[cmd\\] /volume/command exited 7",
        "\\[cont-finish.d\\] executing container finish scripts...",
        "\\[cont-finish.d\\] last: executing... ",
        "last",
      ].join("\n"),
    ),
    stderr,
  );
  equal(
    stderr,
    ["/etc/cont-init.d/second", "/volume/command"].map((path) =>
      `s6-init: warning: ${path}, line 1: has CRLF line ends; it is run as a copy without them\n`
    ).join(""),
  );
});

Deno.test("the catch-all logger makes its directory itself where that is a volume", async () => {
  const { stdout, stderr } = await runToEnd({
    temporary: ["/var/log"],
    environment: { S6_LOGGING: "1" },
    arguments: [
      "/bin/sh",
      "-c",
      "stat -c '%U %a' /var/log/s6-uncaught-logs; grep -c services.d /var/log/s6-uncaught-logs/current",
    ],
  });
  deepEqual([stdout, stderr], ["nobody 2700\n2\n", ""]);
});

Deno.test("35,000 variables, as Kubernetes gives them, boot, restart and stop, and what a script changes is seen", async () => {
  const files = {
    "etc/cont-init.d/change": sh("printf changed > /var/run/s6/container_environment/SERVICE_2"),
    "etc/services.d/app/run":
      "#!/usr/bin/with-contenv sh\necho $SERVICE_1 $SERVICE_2 $SERVICE_35000; exec sleep 1000\n",
  };
  const lay = ["for n in $(seq 35000); do export SERVICE_$n=tcp://10.0.0.1:$n; done", "echo laid"];
  await using container = await boot({ files, entrypoint: entrypoint(...lay) });
  // To lay and store them takes seconds, and many of them on a busy machine.
  const printed = (text: string): Promise<void> => container.printed(text).catch(() => container.printed(text));
  for (const step of ["laid\n", "making user provided files", "[services.d] done."]) await printed(step);
  const [first, last] = ["tcp://10.0.0.1:1", "tcp://10.0.0.1:35000"];
  await printed(`${first} changed ${last}\n`);
  // The first of the changes is behind the reading of all, and is reported by the kernel.
  const change =
    "cd /var/run/s6/container_environment; printf again > SERVICE_2; rm SERVICE_35000; s6-svc -r /run/s6/services/app";
  await container.exec(["/bin/sh", "-c", change]);
  await printed(`${first} again\n`);
  equal((await container.stop(20)).code, 0);
});

Deno.test("a pattern of a run script is expanded wherever it leads, though process 1 does not look there", async () => {
  const files = {
    "etc/services.d/app/run":
      "#!/command/execlineb -P\nelglob -s names /srv/*\nforeground { s6-echo found $names }\nsleep 1000\n",
    "srv/a": "",
    "srv/b": "",
  };
  await using container = await boot({ files, prepare: "chown nobody:nobody /srv; chmod 777 /srv" });
  await container.printed("found /srv/a /srv/b\n");
  equal((await container.stop(20)).code, 0);
});
