// examples/node and examples/deno: a program of one's own is ready when it serves, answers what it has begun to answer before
// it ends with its own exit code, and ends the container when it fails.

import { equal, match, notEqual } from "node:assert/strict";
import { CollectedProcess } from "../../scripts/container_process.ts";
import { pidAfter, type RunningExample, startExample, story } from "../surroundings/example.ts";

const PAGE = "http://127.0.0.1:8080";

/** What the handler of the example does at once here takes as long as a handler may, and has a way to fail. */
interface Slowed {
  readonly file: string;
  readonly greeting: string;
  readonly handler: string;
  readonly slowed: string;
}

const PROGRAMS: Readonly<Record<string, Slowed>> = {
  node: {
    file: "app/server.js",
    greeting: "Hello from Node.js\n",
    handler: 'response.end("Hello from Node.js\\n");',
    slowed: `if (_request.url === "/fail") process.exit(3);
      console.error("begun");
      setTimeout(() => response.end("Hello from Node.js\\n"), 500);`,
  },
  deno: {
    file: "app/server.ts",
    greeting: "Hello from Deno\n",
    handler: '() => {\n  return new Response("Hello from Deno\\n");',
    slowed: `async (request) => {
      if (request.url.endsWith("/fail")) Deno.exit(3);
      console.error("begun");
      await new Promise((resolve) => setTimeout(resolve, 500));
      return new Response("Hello from Deno\\n");`,
  },
};

/** Has a stop meet a request that is being answered. @returns what was answered */
async function during(running: RunningExample, times: number, stop: () => Promise<unknown>): Promise<string> {
  const request = new CollectedProcess(running.entering(`curl -sf ${PAGE}/`));
  await running.container.printed("begun\n", times);
  await stop();
  return (await request.ended).stdout;
}

for (const [example, { file, greeting, handler, slowed }] of Object.entries(PROGRAMS)) {
  story(
    example,
    `examples/${example} answers, stops when it has answered, and fails with its own code`,
    async (built) => {
      const path = `${built.path}/${file}`;
      const text = await Deno.readTextFile(path);
      await Deno.writeTextFile(path, text.replace(handler, slowed));
      notEqual(await Deno.readTextFile(path), text);

      await using first = await startExample(built);
      await first.container.printed("[services.d] done.");
      await pidAfter(first, "app", "");
      const answer = await during(first, 1, () => first.told("s6-svc -wD -T 10000 -d /run/service/app"));
      equal(answer, greeting);
      equal((await first.told("s6-svstat -o up,exitcode /run/service/app")).trim(), "false 0");
      await first.told("s6-svc -wU -T 20000 -u /run/service/app");
      await first.sh(`curl -s ${PAGE}/fail`);
      const failed = await first.end();
      equal(failed.code, 3, failed.stderr);
      match(failed.stderr, /essential service app exited 3: stopping the container/);

      await using second = await startExample(built);
      await second.container.printed("[services.d] done.");
      await pidAfter(second, "app", "");
      equal(await second.told("s6-overlay healthy"), "healthy\n");
      const stopped: { code?: number } = {};
      equal(await during(second, 1, async () => Object.assign(stopped, await second.stop())), greeting);
      equal(stopped.code, 0);
    },
  );
}
