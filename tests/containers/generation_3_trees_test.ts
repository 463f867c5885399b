// Images as people have them: each boots, one of its services reads its configuration again, one is lost, and the container
// stops, with the right lines, in order, and the right exit code.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { boot } from "../surroundings/container.ts";
import { quickly, type Root } from "../surroundings/quick.ts";
import { inOrder, story } from "./generation_3.ts";
import { ADD_ON, ADD_ON_ENVIRONMENT, WEB, WEB_ENVIRONMENT } from "./generation_3_more_trees.ts";
import { BASE_CHAIN, DESKTOP, DESKTOP_ENVIRONMENT, MEDIA, MEDIA_ENVIRONMENT } from "./generation_3_trees.ts";

/** What the commands of the tests have: waiting until a text is somewhere, and losing a service. */
const WORDS = `PATH=/command:$PATH
awaited() { until grep -q "$2" "$1" 2>/dev/null; do sleep 0.02; done; }
pid() { s6-svstat -o pid /run/service/$1; }
lose() { p=$(pid $1); kill -9 $p; until n=$(pid $1); test $n != $p && test $n != -1; do sleep 0.02; done; echo "$1 is back"; }
`;

function session(words: string): readonly string[] {
  return ["/init", "/bin/sh", "-c", `${WORDS}${words}`];
}

const lines = (text: string, pattern: RegExp): string[] => text.split("\n").filter((line) => pattern.test(line));

Deno.test("a desktop with a chain of 14 oneshots and an extension that its hook defines", async () => {
  await using container = await boot({ files: DESKTOP, environment: DESKTOP_ENVIRONMENT });
  await container.printed("run svc-desktop\n");
  const run = async (words: string): Promise<string> => {
    const { code, stdout, stderr } = await container.exec(["/bin/sh", "-c", `${WORDS}${words}`]);
    equal(code, 0, stderr);
    return stdout;
  };
  await container.printed("run svc-mod-clock\n");
  await run("s6-rc reload svc-desktop");
  await container.printed("reload svc-desktop\n");
  match(
    await run("s6-svwait -U /run/service/svc-display; lose svc-display; s6-svwait -U /run/service/svc-display"),
    /is back/,
  );
  const up = await run("s6-rc -a list");
  for (const name of [...BASE_CHAIN, "init-mod-theme", "svc-mod-clock", "svc-cron"]) ok(up.includes(`${name}\n`), name);
  await container.signal("TERM");
  const { code, stdout, stderr } = await container.ended;
  equal(code, 0, stderr);
  ok(inOrder(stdout, ...BASE_CHAIN.map((name) => `[${name}] for the desk`), "run svc-display"), stdout);
  ok(
    inOrder(stdout, "[init-mods-install] for the desk", "theme of init-mod-theme", "[init-mods-end] for the desk"),
    stdout,
  );
  ok(inOrder(stdout, "finish svc-display 256 9", "end svc-desktop", "finish svc-display 256 15"), stdout);
  const stopped = lines(stderr, /^s6-rc: info: service \S+ successfully stopped$/).map((line) => line.split(" ")[3]!);
  deepEqual(stopped.filter((name) => BASE_CHAIN.includes(name)), BASE_CHAIN.toReversed(), stderr);
});

story("a media server with pipelines, and a logger with two producers", MEDIA, async (root) => {
  const argv = session(
    's6-svwait -U /run/service/server; for one in transcoder scanner; do awaited /tmp/log/current "$one begins"; done; ' +
      "s6-rc reload server; lose transcoder; until test $(grep -c 'transcoder begins' /tmp/log/current) = 2; do sleep 0.02; done; " +
      "lose server; s6-svwait -U /run/service/server; s6-rc-db -l /run/s6-rc contents media-pipeline | sort; s6-rc diff; exit 6",
  );
  const { code, stdout, stderr } = await quickly(root, { argv, environment: MEDIA_ENVIRONMENT });
  equal(code, 6, `${stdout}${stderr}`);
  const server = ["run server", "reload server", "transcoder is back", "server was killed by 9", "run server"];
  ok(inOrder(stdout, ...server, "media-log", "scanner", "transcoder", "end server"), stdout);
  match(stderr, /^counted: indexer begins$/m);
  const log = await Deno.readTextFile(`${root.path}/tmp/log/current`);
  // What a logger has not read when it is told to end stays in the pipe.
  deepEqual(lines(log, /begins$/).toSorted(), ["scanner begins", "transcoder begins", "transcoder begins"]);
  const stopped = ["server", "transcoder", "media-log", "log-prepare"];
  ok(inOrder(stderr, ...stopped.map((name) => `s6-rc: info: service ${name} successfully stopped`)), stderr);
});

async function addOn(root: Root, words: string): ReturnType<typeof quickly> {
  const ready = "s6-svwait -u /run/service/proxy; s6-rc reload app; ";
  return await quickly(root, { argv: session(ready + words), environment: ADD_ON_ENVIRONMENT });
}

story("an add-on whose interpreters are scripts, and whose services end the container", ADD_ON, async (root) => {
  const failed = await addOn(root, "echo 5 >/tmp/exit; exec sleep 1000");
  equal(failed.code, 5, failed.stderr);
  const started = ["banner with from the environment", "run app with from the environment", "run proxy"];
  ok(inOrder(failed.stdout, ...started, "reload app", "finish app 5 0, the container has 0"), failed.stdout);
  // Later codes do not count.
  match(failed.stdout, /^finish proxy 256 15, the container has 5$/m);
  await Deno.remove(`${root.path}/tmp/exit`);

  const lost = await addOn(root, "lose app; echo 5 >/tmp/exit; exec sleep 1000");
  equal(lost.code, 137, lost.stderr);
  ok(inOrder(lost.stdout, "finish app 256 9, the container has 0", "app is back"), lost.stdout);
  ok(inOrder(lost.stdout, "app is back", "finish app 5 0, the container has 137"), lost.stdout);
  await Deno.remove(`${root.path}/tmp/exit`);

  const ended = await addOn(root, "kill -TERM $(pid proxy); exec sleep 1000");
  equal(ended.code, 143, ended.stderr);
  match(ended.stdout, /^finish proxy 256 15, the container has 0$/m);
});

story("a web server with services of both generations", WEB, async (root) => {
  const argv = session(
    "s6-svwait -U /run/service/web; s6-rc reload web; awaited /tmp/www/index.html page; lose php; lose web; " +
      "s6-svwait -U /run/service/web; cat /run/s6-linux-init-container-results/exitcode; echo; exit 9",
  );
  const { code, stdout, stderr } = await quickly(root, { argv, environment: WEB_ENVIRONMENT });
  equal(code, 9, `${stdout}${stderr}`);
  const up = ["script 10", "script 20", "config for page", "run web", "all services are there"];
  ok(inOrder(stdout, ...up, "reload web", "php is back", "web is back"), stdout);
  ok(inOrder(stdout, "web is back", "no more services", "end web", "config down", "the last script"), stdout);
  ok(inOrder(stderr, "run php", "finish php 256 9", "run php", "finish php 256 15"), stderr);
  ok(
    inOrder(
      stderr,
      "cont-init: info: /etc/cont-init.d/20-page exited 0",
      "s6-rc: info: service web: starting",
      "s6-rc: info: service web successfully started",
      "services-up: info: copying legacy longrun php (no readiness notification)",
      "s6-rc: info: service announce successfully started",
      "s6-rc: info: service announce: stopping",
      "s6-rc: info: service legacy-services successfully stopped",
      "s6-rc: info: service web successfully stopped",
    ),
    stderr,
  );
});
