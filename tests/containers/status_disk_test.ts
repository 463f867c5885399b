// s6-overlay status where no overlay runs: it says so, or what another scanner has on disk.

import { deepEqual, match } from "node:assert/strict";
import type { StatusReport } from "../../lib/overlay/status/status_report.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { quickly, root } from "../surroundings/quick.ts";
import { faultsOfDeclared } from "../scripts/declared_json.ts";

const script = (content: string) => ({ content: `#!/bin/sh\n${content}\n`, mode: 0o755 });

/** A scan directory in the overlay's place, of another scanner. */
const OTHER_SCANNER = `mkdir -p /run/s6/services
cp -r /opt/web /run/s6/services/
s6-overlay status; echo "nothing supervised: $?"
s6-svscan /run/s6/services &
until s6-svwait -u /run/s6/services/web 2>/dev/null; do sleep 0.05; done
s6-overlay status; echo "up: $?"
s6-overlay status -j
mkdir -p /run/s6/services/evil/supervise; mkfifo /run/s6/services/evil/supervise/status
chown -R nobody /run/s6/services/evil
timeout 20 s6-overlay status; echo "beside a fifo: $?"
rm -r /run/s6/services/evil
s6-svc -wD -d /run/s6/services/web
s6-overlay status; echo "down: $?"
s6-svc -u /run/s6/services/web; s6-svc -p /run/s6/services/web
until s6-svstat /run/s6/services/web | grep -q paused; do sleep 0.05; done
s6-overlay status web; echo "paused: $?"
s6-overlay status wep; echo "unknown: $?"
s6-overlay restart web; echo "restart: $?"
s6-svscanctl -t /run/s6/services; wait`;

Deno.test({
  name: "where no overlay runs that is said, or what another scanner has on disk",
  ignore: !canIsolate,
  fn: async () => {
    await using made = await root({
      "opt/web/run": script("exec sleep 1000"),
      "opt/web/notification-fd": "3\n",
      "opt/script": script(OTHER_SCANNER),
    });
    const { stdout, stderr } = await quickly(made, { argv: ["/opt/script"] });
    const none = "no overlay answers here: /init does not run, or has not begun to listen yet";
    match(stdout, /^nothing supervised: 111\n/);
    match(
      stdout,
      new RegExp(`\nnote: what is on disk: ${none}\nSERVICE .*\nweb +up +\\d+ m?s +\\d+ +no +- +- +- .*\nup: 1\n`),
    );
    match(stdout, /\nweb +up .*\nbeside a fifo: 1\n/);
    match(stdout, /\nweb +down +\d+ m?s +- +- +- +killed by TERM .*\ndown: 0\n/);
    match(stdout, /\nweb +paused .*\npaused: 1\nunknown: 100\nrestart: 111\n/);
    const report = JSON.parse(/^\{.*$/m.exec(stdout)![0]) as StatusReport;
    deepEqual(faultsOfDeclared("StatusReport", report), []);
    deepEqual([report.source, report.container, report.note], ["disk", null, none]);
    deepEqual(
      stderr.split("\n").filter((line) => line.includes("s6-overlay")),
      [
        `s6-overlay: fatal: ${none}`,
        "s6-overlay: fatal: there is no service wep; did you mean web?",
        `s6-overlay: fatal: ${none}`,
      ],
    );
  },
});
