// Where V8 can make no code: memory that may not become executable, and limits of memory that are too low for what it
// reserves. The overlay runs without its compilers then.

import { equal, match, ok } from "node:assert/strict";
import { isFile, output } from "../../scripts/command.ts";
import type { Given } from "../rows/harness.ts";
import { PREFIX } from "../../scripts/tree.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { inParallel, quickly, root } from "../surroundings/quick.ts";

const script = (...lines: string[]): Given => ({ content: `#!/bin/sh\n${lines.join("\n")}\n`, mode: 0o755 });

const FILES: Readonly<Record<string, Given>> = {
  "etc/services.d/a/run": script('echo "data $(ulimit -d)"', "exec sleep 1000"),
  "command.sh": script("s6-svwait -t 20000 -u /run/s6/services/a && echo up", "s6-setsid s6-echo cold"),
};

Deno.test({
  name: "a container boots where memory may not be made executable",
  ignore: !canIsolate,
  fn: async () => {
    await using image = await root(FILES);
    await output(["gcc", "-static", "-O1", "-o", `${image.path}/guard`, "tests/surroundings/guard_memory.c"]);
    const { code, stdout, stderr } = await quickly(image, { argv: ["/guard", "/init", "/command.sh"] });
    // The kernel has no such guard.
    if (code === 95) return;
    equal(code, 0, stderr);
    match(stdout, /^up$/m, stderr);
    match(stdout, /^cold$/m, stderr);
  },
});

Deno.test({
  name: "a container boots with little data, which its services have as their limit, and one line tells of less",
  ignore: !canIsolate,
  fn: async () => {
    await using image = await root(FILES);
    // A compiled program takes its flags from a checkpoint, and that is memory.
    const least = isFile(`${image.path}${PREFIX}/js`) ? 16 : 48;
    const limits = [least, 64, 256, least / 2].map((size) => size * 1024);
    const ended = await inParallel(
      limits,
      (limit) => quickly(image, { argv: ["/bin/sh", "-c", `ulimit -d ${limit} && exec /init /command.sh`] }),
    );
    const last = ended.pop()!;
    ended.forEach(({ code, stdout, stderr }, index) => {
      equal(code, 0, stderr);
      ok(stdout.includes(`data ${limits[index]}\n`), `${stdout}${stderr}`);
      match(stdout, /^cold$/m, stderr);
    });
    // A user that may raise limits is not concerned.
    if (last.code !== 0) match(last.stderr, /^s6-overlay: fatal: .*: its limits of memory or stack are too low\n$/);
  },
});
