// A service's user in S6_STATUS_GROUP asks process 1 as fast as it can, and badly: root's probes are answered as if nothing
// were, and process 1 has no more descriptors afterwards than before.

import { equal } from "node:assert/strict";
import { output } from "../../scripts/command.ts";
import { shell } from "../rows/harness.ts";
import { heldByProcessOne, untilNoMoreHeld } from "../surroundings/descriptors.ts";
import { type Inside, insideOf, untilFits } from "../surroundings/inside.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { limited, type Root, root, start } from "../surroundings/quick.ts";

const SOURCE = new URL("../hostile/ask.c", import.meta.url).pathname;
const PROBES = 10;
/** However busy the machine is. */
const PATIENCE = 10_000;
const MEMBER = "s6-applyuidgid -u 1000 -g 1000 -G 77";

/** What the member asks. */
const REQUESTS: Readonly<Record<string, string>> = {
  nothing: "",
  "for all that is known": '{"version":1,"ask":"snapshot","journal":true}',
  "what has no text": '{"version":1,"ask":{"toString":1}}',
  "for services without a name": `{"version":1,"ask":"snapshot","services":["",${'"",'.repeat(10_000)}""]}`,
};

async function flooded(inside: Inside, made: Root): Promise<void> {
  const before = await heldByProcessOne(inside);
  for (const [what, request] of Object.entries(REQUESTS)) {
    await Deno.writeTextFile(`${made.path}/request`, request);
    const { stdout } = await inside.sh([
      `${MEMBER} ask "$(cat /request)" &`,
      `for i in $(seq ${PROBES}); do s6-overlay healthy -t ${PATIENCE}; done`,
      "kill $!",
    ].join("\n"));
    equal(stdout, "healthy\n".repeat(PROBES), `asked ${what}: ${stdout}`);
    await untilNoMoreHeld(inside, before);
  }
}

Deno.test({
  name: "however a member of the group floods the socket, root is answered, and no descriptor is lost",
  ignore: !canIsolate,
  fn: async () => {
    await using made = await root({
      "etc/group": "root:x:0:\nstatus:x:77:\n",
      "etc/services.d/web/run": shell("exec sleep 1000"),
    });
    await output(["gcc", "-O2", "-static", "-o", `${made.path}/bin/ask`, SOURCE]);
    const container = start(made, { environment: { S6_STATUS_GROUP: "status" } });
    const ended = limited(container, 60_000);
    const inside = await insideOf(container);
    await untilFits(() => inside.sh("s6-overlay healthy"), ({ code }) => code === 0);
    try {
      await flooded(inside, made);
    } finally {
      Deno.kill(inside.pid, "SIGTERM");
      equal((await ended).code, 0);
    }
  },
});
