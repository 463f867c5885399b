// Descriptors that are sent to the notification socket of a service: process 1 neither takes them nor waits for their ends.

import { equal, match } from "node:assert/strict";
import { heldByProcessOne, untilNoMoreHeld } from "../surroundings/descriptors.ts";
import { executable, story, untilStatus } from "../surroundings/notifying.ts";
import { staticProgram } from "../surroundings/static_program.ts";

/** Enough for one descriptor a life to show. */
const LIVES = 6;

story("what comes with a message does not hold process 1 up, and ends its listening to that life", {
  "etc/services.d/web/run": executable(
    "#!/usr/bin/with-contenv sh\nuntil test -e /run/linger; do sleep 0.02; done\n" +
      'exec s6-setuidgid nobody /run/linger "$NOTIFY_SOCKET" 1000 datagrams\n',
  ),
}, async (inside) => {
  const run = `/proc/${inside.pid}/root/run`;
  await Deno.copyFile(await staticProgram("linger"), `${run}/linger.new`);
  await Deno.rename(`${run}/linger.new`, `${run}/linger`);
  let first: readonly string[] = [];
  for (let life = 1; life <= LIVES; life++) {
    // What the message says counts.
    await untilStatus(inside, ({ starts, ready }) => starts === life && ready === true);
    equal((await inside.sh("ls /run/s6/notify | wc -l")).stdout, "0\n");
    if (life === 1) first = await heldByProcessOne(inside);
    // What is only open for a moment may have been counted.
    if (life === LIVES) await untilNoMoreHeld(inside, first);
    equal((await inside.sh("s6-svc -wd -T 10000 -d /run/service/web && s6-svc -u /run/service/web")).code, 0);
  }
  await untilStatus(inside, ({ starts, ready }) => starts === LIVES + 1 && ready === true);
  const { stdout } = await inside.sh("s6-overlay explain web; true");
  match(stdout, /descriptors were sent to its notification socket/);
});
