// The example for Swarm, as far as any engine can tell: a container with the settings of its service boots, is healthy
// by its health check while the server is ready, and not otherwise, and stops in order.

import { deepEqual, equal, match, notEqual } from "node:assert/strict";
import { isInstalled, output } from "../../scripts/command.ts";
import { boot } from "../surroundings/container.ts";

const EXAMPLES = new URL("../../examples/", import.meta.url).pathname;
const STACK = await Deno.readTextFile(`${EXAMPLES}swarm/stack.yaml`);

/** What the stack says behind the name. */
function setting(name: string): string {
  const value = new RegExp(`^ +${name}: (.*)$`, "m").exec(STACK)?.[1];
  if (value === undefined) throw new Error(`the stack says nothing of ${name}`);
  return value.replaceAll('"', "");
}

Deno.test("every docker stack reads the example for Swarm as it is meant", async () => {
  // 20.10 refuses a file without one.
  match(STACK, /^version: "3\.8"$/m);
  // One that is installed and has the command.
  const config = ["docker", "stack", "config", "-c", `${EXAMPLES}swarm/stack.yaml`];
  const read = isInstalled("docker") ? await output(config).catch(() => STACK) : STACK;
  const keys = (text: string): string[] => [...text.matchAll(/^[ -]*(\w+):/gm)].map(([, key]) => key!).sort();
  // What it does not know it leaves out without a word.
  deepEqual(keys(read), keys(STACK));
});

Deno.test("the example for Swarm boots, tells its health and stops in order", async () => {
  const [kind, ...healthCheck] = setting("test").slice(1, -1).split(", ");
  equal(kind, "CMD");
  equal(setting("read_only"), "true");
  const prepare = /^RUN (.*)$/m.exec(await Deno.readTextFile(`${EXAMPLES}kubernetes/Dockerfile`))![1]!;
  await using container = await boot({
    root: `${EXAMPLES}kubernetes/root`,
    prepare,
    user: setting("user"),
    readOnly: true,
    environment: { S6_READ_ONLY_ROOT: setting("S6_READ_ONLY_ROOT") },
    temporary: [setting("target")],
  });
  await container.printed("[services.d] done.\n");
  // As often as it takes to be ready; the time limit of containers ends it otherwise.
  while ((await container.exec(healthCheck)).code !== 0);
  equal((await container.exec(["wget", "-q", "-O", "-", "http://127.0.0.1:8080/"])).stdout, "Hello from a pod\n");
  equal((await container.exec(["s6-svc", "-wD", "-d", "/run/s6/services/web"])).code, 0);
  notEqual((await container.exec(healthCheck)).code, 0);
  const { code, stdout } = await container.stop(30);
  equal(code, 0);
  match(stdout, /KILL signal and exiting\.\n$/);
});
