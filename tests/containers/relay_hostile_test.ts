// S6_OUTPUT where a service's user does to its own output all that the kernel lets it do to a pipe: its lines come out as it
// printed them, with its name, and those of others come out meanwhile.

import { deepEqual, equal } from "node:assert/strict";
import { output } from "../../scripts/command.ts";
import { type Given, shell } from "../harness.ts";
import { linesBehind, STAY, WITH_NAMES } from "../named_lines.ts";
import { canIsolate } from "../namespace.ts";
import { firstProcess, limited, root, start } from "../quick.ts";

const SOURCE = new URL("../hostile/print.c", import.meta.url).pathname;
const WAYS = ["narrow", "packets", "bytes", "signals", "gift", "cut"] as const;
const NUMBERS = Array.from({ length: 500 }, (_, at) => `n${String(at).padStart(5, "0")}`);

function files(): Record<string, Given> {
  const user = "exec s6-setuidgid nobody";
  return {
    "tmp/keep": "",
    ...Object.fromEntries(WAYS.map((way) => [`etc/services.d/${way}/run`, shell(`${user} print ${way}`)])),
    "etc/services.d/good/run": shell("echo good", STAY),
  };
}

Deno.test({
  name: "whatever a service does to the pipe that it prints into, its lines and those of others come out whole",
  ignore: !canIsolate,
  fn: async () => {
    await using made = await root(files());
    await Deno.chmod(`${made.path}/tmp`, 0o1777);
    await output(["gcc", "-O2", "-static", "-o", `${made.path}/bin/print`, SOURCE]);
    const container = start(made, { environment: WITH_NAMES });
    const ended = limited(container, 60_000);
    await container.printed("good: good\n");
    for (const way of WAYS) await container.printed(`\n${way}: end\n`);
    Deno.kill(await firstProcess(container), "SIGTERM");
    const { code, stdout, stderr } = await ended;
    equal(code, 0, stderr);
    equal(stderr, "", "no relay has died");
    for (const way of WAYS) {
      const numbers = linesBehind(stdout, `${way}: `).filter((line) => line.startsWith("n"));
      deepEqual(numbers, NUMBERS, way);
    }
  },
});
