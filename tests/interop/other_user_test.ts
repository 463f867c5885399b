// Root waits for a service of another user's supervisor: the events arrive.

import { equal } from "node:assert/strict";
import { canIsolate, OURS, runIsolated } from "../surroundings/namespace.ts";

const SCRIPT = `export PATH=${OURS}:/usr/bin:/bin
chmod 755 . && chown -R nobody scan
s6-setuidgid nobody s6-svscan scan 2>errors & scanner=$!
until test "$(s6-svstat -o up scan/service 2>&1)" = true; do sleep 0.02; done
s6-svwait -D -t 20000 scan/service & waiting=$!
until ls scan/service/event | grep -q '^ftrig1:@'; do sleep 0.02; done
s6-svc -d scan/service
wait $waiting
echo "down: $?"
s6-svc -wu -T 20000 -u scan/service
echo "up: $?"
s6-svscanctl -t scan
wait $scanner`;

Deno.test({
  name: "root learns of the events of a service whose supervisor another user runs",
  ignore: !canIsolate || Deno.uid() !== 0,
  fn: async () => {
    const run = { content: "#!/bin/sh\nexec sleep 1000\n", mode: 0o755 };
    const { stdout, errors } = await runIsolated(SCRIPT, { "scan/service/run": run });
    equal(stdout, "down: 0\nup: 0\n", errors);
  },
});
