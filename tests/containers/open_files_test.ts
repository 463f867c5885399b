// Limits of open files as engines and users set them, soft and hard: process 1 uses what the hard one allows, and services
// get both as they are.

import { equal, match, ok } from "node:assert/strict";
import type { Given } from "../rows/harness.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { inParallel, limited, type Quick, quickly, root, start } from "../surroundings/quick.ts";

const script = (...lines: string[]): Given => ({ content: `#!/bin/sh\n${lines.join("\n")}\n`, mode: 0o755 });

const withLimits = (soft: number, hard: number, command: string): Quick => ({
  argv: ["/bin/sh", "-c", `ulimit -Sn ${soft} && ulimit -Hn ${hard} && exec /init sh -c '${command}'`],
});

/** The second is what many engines give. */
const PAIRS: readonly (readonly [soft: number, hard: number])[] = [
  [64, 1024],
  [1024, 20_000],
  [16, 20_000],
  [16, 1024],
  [16, 64],
  [64, 64],
];

Deno.test({
  name: "whatever the soft limit of open files is, services start, and have the limits that the container has",
  ignore: !canIsolate,
  fn: async () => {
    await using image = await root({
      "etc/services.d/a/notification-fd": "3\n",
      "etc/services.d/a/run": script('echo "limits $(ulimit -Sn) $(ulimit -Hn)"', "echo >&3", "exec sleep 1000"),
      "etc/services.d/a/log/run": script("exec cat"),
    });
    await inParallel(PAIRS, async ([soft, hard]) => {
      const command =
        "s6-svwait -t 20000 -U /run/s6/services/a && s6-svwait -t 20000 -u /run/s6/services/a/log; echo $?";
      const { code, stdout, stderr } = await quickly(image, withLimits(soft, hard, command));
      ok(stdout.includes(`limits ${soft} ${hard}\n`), `${soft}:${hard}: ${stdout}${stderr}`);
      match(stdout, /^0$/m, `${soft}:${hard}: ${stdout}${stderr}`);
      equal(code, 0, stderr);
    });
  },
});

Deno.test({
  name: "300 services start where process 1 may have 1024 descriptors, and programs 64: each takes three",
  ignore: !canIsolate,
  fn: async () => {
    const names = Array.from({ length: 300 }, (_, index) => `n${index}`);
    await using image = await root(Object.fromEntries(
      names.map((name): [string, Given] => [`etc/services.d/${name}/run`, script("exec sleep 1000")]),
    ));
    const held = "echo held $(ls /proc/1/fd | wc -l)";
    const command = `ulimit -Sn 1024; s6-svwait -t 50000 -u /run/s6/services/n*; echo $?; ${held}`;
    const { stdout, stderr } = await limited(start(image, withLimits(64, 1024, command)), 60_000);
    match(stdout, /^0$/m, stderr);
    const count = Number(/^held (\d+)$/m.exec(stdout)?.[1]);
    ok(count >= 3 * names.length && count < 3 * names.length + 50, `process 1 holds ${count}: ${stdout}`);
    ok(!stderr.includes("Too many open files"), stderr);
  },
});

Deno.test({
  name: "a hard limit of open files under which no runtime starts is named, and how to raise it",
  ignore: !canIsolate,
  fn: async () => {
    await using image = await root({});
    // A process with that capability may raise it: then there is nothing to tell.
    const { code, stderr } = await quickly(image, withLimits(16, 16, "exit 3"));
    if (code === 3) return;
    equal(code, 126);
    match(
      stderr,
      /^s6-overlay: fatal: unable to exec .*: its hard limit of open files is below 24 \(.*--ulimit nofile=1024\)\n$/,
    );
  },
});

Deno.test({
  name: "a hard limit of open files that leaves room for next to no services is reported",
  ignore: !canIsolate,
  fn: async () => {
    await using image = await root({});
    const { code, stderr } = await quickly(image, withLimits(40, 40, "exit 3"));
    equal(code, 3, stderr);
    match(stderr, /^s6-overlay: warning: the hard limit of open files is 40: process 1 needs about 30 and 3 for each/m);
  },
});

Deno.test({
  name: "more services than s6-svscan has room for by itself are supervised, be they of generation 2 or 3",
  ignore: !canIsolate,
  fn: async () => {
    const names = Array.from({ length: 520 }, (_, index) => `n${index}`);
    const run = script("exec sleep 1000");
    const [legacy, defined] = ["etc/services.d", "etc/s6-overlay/s6-rc.d"];
    const images = [
      names.flatMap((name): [string, Given][] => [[`${legacy}/${name}/run`, run], [`${legacy}/${name}/down`, ""]]),
      names.flatMap((
        name,
      ): [string, Given][] => [[`${defined}/${name}/run`, run], [`${defined}/${name}/type`, "longrun"]]),
    ];
    for (const files of images) {
      await using image = await root(Object.fromEntries(files));
      const command = "ls -d /run/service/n*/supervise/control | wc -l; s6-svok /run/service/n519; echo svok $?";
      const { stdout, stderr } = await limited(start(image, { argv: ["/init", "/bin/sh", "-c", command] }), 60_000);
      match(stdout, /^520\nsvok 0$/m, stderr);
      ok(!stderr.includes("too many services"), stderr);
    }
  },
});
