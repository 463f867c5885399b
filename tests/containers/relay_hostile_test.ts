// S6_OUTPUT where a service's user does to its own output all that the kernel lets it do to a pipe: its lines come out as it
// printed them, with its name, and those of others come out meanwhile.

import { deepEqual, equal, ok } from "node:assert/strict";
import { output } from "../../scripts/command.ts";
import { type Given, shell } from "../rows/harness.ts";
import { command, linesBehind, RELAY, STAY, WITH_NAMES } from "./named_lines.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { firstProcess, limited, root, start } from "../surroundings/quick.ts";

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

Deno.test({
  name: "services that print long lines without an end all at once take no memory for them, and get all of it out",
  ignore: !canIsolate,
  fn: async () => {
    const [count, size] = [100, 300_000];
    const print = `head -c ${size} /dev/zero | tr '\\0' x`;
    const services = Array.from({ length: count }, (_, at): [string, Given] => [
      `etc/services.d/n${at}/run`,
      shell(print, "exec >&- 2>&-", STAY),
    ]);
    await using made = await root({ ...Object.fromEntries(services), "tmp/out": "" });
    const [program, ...args] = command(
      RELAY,
      `until [ $(stat -c %s /tmp/out) -ge ${count * size} ]; do usleep 20000; done`,
      'for pid in 1 $(relay); do sed -n "s/VmHWM: *//p" /proc/$pid/status; done >/tmp/memory',
    ).argv!;
    const argv = ["/bin/sh", "-c", 'exec "$@" >>/tmp/out', "all", program!, ...args];
    const { code, stderr } = await limited(start(made, { environment: WITH_NAMES, argv }), 100_000);
    equal(code, 0, stderr);
    const sizes = new Map<string, number>();
    for (const line of (await Deno.readTextFile(`${made.path}/tmp/out`)).trimEnd().split("\n")) {
      const [, name, text] = /^(n[0-9]+): (x+)$/.exec(line)!;
      sizes.set(name!, (sizes.get(name!) ?? 0) + text!.length);
    }
    deepEqual([...sizes.values()], Array(count).fill(size));
    const memory = (await Deno.readTextFile(`${made.path}/tmp/memory`)).trimEnd().split("\n").map(parseFloat);
    equal(memory.length, 2);
    // In kB; what was printed is 30 MB, and what is on its way is in pipes.
    for (const most of memory) ok(most < 90_000, `${memory} kB`);
  },
});
