// An /init that is not process 1, as under docker run --init or in a process namespace that containers share.

import { deepEqual, match } from "node:assert/strict";
import { canIsolate } from "../surroundings/namespace.ts";
import { quickly, root } from "../surroundings/quick.ts";

const COMMAND = "(sleep 1000 & echo $! >/run/orphan); cut -d ' ' -f 4 /proc/$(cat /run/orphan)/stat; echo $PPID";

Deno.test({
  name: "an init that is not process 1 adopts the orphans of its own, and ends no other process",
  ignore: !canIsolate,
  fn: async () => {
    await using made = await root({ "opt/command": { content: `#!/bin/sh\n${COMMAND}\n`, mode: 0o755 } });
    const script = "sleep 1000 & other=$!; /init /opt/command; kill -0 $other && echo spared; " +
      "kill -0 $(cat /run/orphan) 2>/dev/null || echo gone; kill $other";
    const { code, stdout, stderr } = await quickly(made, { argv: ["/bin/sh", "-c", script] });
    match(stdout, /^(\d+)\n\1\n\[cmd\] \/opt\/command exited 0$/m);
    match(stdout, /\nspared\ngone\n$/);
    match(
      stderr,
      /^s6-overlay: info: this is process \d+, not 1: it adopts its own orphans and signals nobody else\n$/,
    );
    deepEqual(code, 0);
  },
});
