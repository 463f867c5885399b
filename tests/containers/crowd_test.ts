// A service's user with hundreds of processes that all compute and obey no signal: in a stop process 1 has them stand still
// before it looks at each, and names some of them.

import { equal, match, ok } from "node:assert/strict";
import { output } from "../../scripts/command.ts";
import { shell } from "../rows/harness.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { firstProcess, limited, root, start } from "../surroundings/quick.ts";

const SOURCE = new URL("../hostile/crowd.c", import.meta.url).pathname;
const COUNT = 300;
const NAMED = 20;
const GRACE = { S6_SERVICES_GRACETIME: "500", S6_KILL_GRACETIME: "500" };

for (const mode of ["plain", "prefix"]) {
  Deno.test({
    name: `a stop ends in order among hundreds of processes that obey nothing, and names ${NAMED} of them (${mode})`,
    ignore: !canIsolate,
    fn: async () => {
      await using made = await root({
        "etc/services.d/crowd/run": shell(`exec s6-setuidgid nobody crowd ${COUNT}`),
        "etc/cont-finish.d/last": shell("echo finished"),
      });
      await output(["gcc", "-O2", "-static", "-o", `${made.path}/bin/crowd`, SOURCE]);
      const container = start(made, { environment: { S6_OUTPUT: mode, ...GRACE } });
      const ended = limited(container, 60_000);
      await container.printed("crowd\n");
      Deno.kill(await firstProcess(container), "SIGTERM");
      const { code, stdout, stderr } = await ended;
      equal(code, 0, stderr);
      match(stdout, /finished\n[^]*sending all processes the KILL signal and exiting\.\n$/);
      const alive = stderr.split("\n").filter((line) => line.includes("still alive"));
      equal(alive.filter((line) => / crowd\b/.test(line)).length, NAMED, stderr);
      equal(alive.length, NAMED + 1);
      ok(alive[NAMED]!.endsWith(`: ${COUNT + 1 - NAMED} more`), alive[NAMED]);
    },
  });
}
