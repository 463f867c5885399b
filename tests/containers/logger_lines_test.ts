// S6_OUTPUT with S6_LOGGING: what the catch-all logger itself says when it fails has its name, too, in the order of events.

import { deepEqual, equal } from "node:assert/strict";
import { canIsolate } from "../surroundings/namespace.ts";
import { quickly, root } from "../surroundings/quick.ts";

const ignore = !canIsolate;
const LOGGING = { S6_LOGGING: "1", S6_VERBOSITY: "1" };
const LAST = "s6-overlay: info: stopping: the command exited 3";
const WITHOUT =
  "s6-overlay: warning: no catch-all logger, so everything is printed here as with S6_LOGGING=0: it exited " +
  "100, as it says above";

Deno.test({
  name: "why the catch-all logger does not begin is a line of its own, before what is made of it",
  ignore,
  fn: async () => {
    await using image = await root({});
    const argv = ["/init", "/bin/sh", "-c", "exit 3"];
    const failing = { ...LOGGING, S6_LOGGING_SCRIPT: "unknown" };
    const own = "s6-log: fatal: unrecognized directive: unknown";
    const prefixed = await quickly(image, { environment: { ...failing, S6_OUTPUT: "prefix" }, argv });
    deepEqual(prefixed.stderr.trimEnd().split("\n"), [`s6-svscan-log: ${own}`, WITHOUT]);
    const objects = await quickly(image, { environment: { ...failing, S6_OUTPUT: "json" }, argv });
    const lines = objects.stderr.trimEnd().split("\n").map((line) => JSON.parse(line));
    deepEqual(lines.map(({ service, stream, text }) => [service, stream, text]), [
      ["s6-svscan-log", "stderr", own],
      ["s6-overlay", "stderr", WITHOUT],
      ["s6-overlay", "stderr", LAST],
    ]);
    const plain = await quickly(image, { environment: failing, argv });
    equal(plain.stderr, `${own}\n${WITHOUT}\n`);
  },
});

Deno.test({
  name: "a catch-all logger that fails later says why in objects, up to the end of the container",
  ignore,
  fn: async () => {
    await using image = await root({});
    const command = `directory=/var/log/s6-uncaught-logs
rm -rf $directory; touch $directory
service=/run/s6/services/s6-svscan-log
s6-svc -k $service
until [ "$(s6-svdt $service | wc -l)" -ge 2 ]; do usleep 50000; done`;
    const { stderr } = await quickly(image, {
      environment: { ...LOGGING, S6_OUTPUT: "json", S6_KILL_GRACETIME: "500" },
      argv: ["/init", "/bin/sh", "-c", command],
    });
    const lines = stderr.trimEnd().split("\n").map((line) => JSON.parse(line));
    const own = lines.filter(({ service }) => service === "s6-svscan-log");
    equal(own[0]?.text, "s6-log: fatal: unable to open /var/log/s6-uncaught-logs/lock: Not a directory", stderr);
    equal(lines.at(-1)!.text, "s6-overlay: info: stopping: the command exited 0");
  },
});
