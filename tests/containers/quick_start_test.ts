// The README's quick start, which lies in examples/quick-start: what it shows is what is there, and that works.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { boot } from "../surroundings/container.ts";
import { fencedBlocks, textOf } from "../surroundings/manual_page.ts";

const ROOT = decodeURIComponent(new URL("../..", import.meta.url).pathname);
const EXAMPLE = `${ROOT}examples/quick-start`;
const SERVICES = "/var/run/s6/services";

async function filesIn(directory: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(directory)) {
    const path = `${directory}/${name}`;
    files.push(...isDirectory ? await filesIn(path) : [path]);
  }
  return files;
}

Deno.test("the README shows every file of the quick start as it is", async () => {
  const readme = await Deno.readTextFile(`${ROOT}README.md`);
  for (const path of await filesIn(EXAMPLE)) {
    ok(readme.includes(`\n${await Deno.readTextFile(path)}\`\`\``), `${path} is not in the README`);
  }
  // As docs/how-it-works.md takes it apart.
  const inside = fencedBlocks(await Deno.readTextFile(`${ROOT}docs/how-it-works.md`));
  deepEqual(inside.map(textOf), [await Deno.readTextFile(`${EXAMPLE}/root/etc/services.d/web/run`)]);
});

Deno.test("the quick start serves, logs, restarts what is killed, and stops in order", async () => {
  await using container = await boot({ root: `${EXAMPLE}/root`, environment: { GREETING: "reader" } });
  await container.printed("[services.d] done.");
  const inside = async (script: string): Promise<string> => {
    const { code, stdout, stderr } = await container.exec(["/bin/sh", "-c", script]);
    equal(code, 0, stderr);
    return stdout;
  };
  const page = "until wget -q -O - http://127.0.0.1:8080/; do usleep 10000; done 2>/dev/null";
  equal(await inside(page), "Hello, reader\n");
  await inside("until test -s /var/log/clock/current; do usleep 10000; done");
  match(await inside("stat -c %U /var/log/clock/current; cat /var/log/clock/current"), /^nobody\n.* UTC \d+\n/);
  await inside(`s6-svc -k ${SERVICES}/web`);
  equal(await inside(page), "Hello, reader\n");
  match(await inside(`s6-svstat ${SERVICES}/web`), /^up \(pid \d+\) \d+ seconds\n$/);
  const { code, stderr } = await container.stop(10);
  equal(code, 0);
  equal(stderr, "");
});
