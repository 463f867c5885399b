// A tour in half a minute: builds the tarball, boots a container with three services in it, shows them, kills one and
// sees it come back, stops the container. `deno task demo`; with docker, podman, or neither.

import { buildTarball } from "./build.ts";
import { HOST } from "./base.ts";
import type { Container, Engine } from "./engine.ts";
import { chooseEngine } from "./container.ts";
import { layRoot } from "./rootfs.ts";
import { setUp } from "./setup.ts";

const SERVICES = "/var/run/s6/services";

/** What the demo's image has besides busybox and the overlay. */
const FILES: Readonly<Record<string, string>> = {
  "etc/cont-init.d/10-prepare": `#!/usr/bin/with-contenv sh
echo "preparing the site of $OWNER"
mkdir -p /www /var/log/clock && chown nobody:nobody /var/log/clock
echo "the site of $OWNER" > /www/index.html
`,
  "etc/services.d/web/run": `#!/usr/bin/execlineb -P
s6-setuidgid nobody
busybox httpd -f -p 8080 -h /www
`,
  "etc/services.d/clock/run": `#!/bin/sh
while :; do date; sleep 1; done
`,
  "etc/services.d/clock/log/run": `#!/bin/sh
exec logutil-service /var/log/clock
`,
  "etc/services.d/worker/run": `#!/usr/bin/with-contenv sh
echo "worker of $OWNER starts"
exec sleep 1000
`,
  "etc/services.d/worker/finish": `#!/bin/sh
echo "worker ended: code $1, signal $2"
`,
  "etc/cont-finish.d/10-goodbye": `#!/bin/sh
echo goodbye
`,
};

function say(line: string): void {
  console.log(`\n== ${line}`);
}

/** Prints what the container printed since the last time. */
function showConsole(container: Container, from: number): number {
  const text = container.stdout + container.stderr;
  for (const line of text.slice(from).split("\n")) if (line !== "") console.log(`   | ${line}`);
  return text.length;
}

async function run(container: Container, ...argv: string[]): Promise<string> {
  const { stdout, stderr, code } = await container.exec(argv);
  console.log(`   $ ${argv.join(" ").replaceAll("/command/", "")}`);
  for (const line of (stdout + stderr).split("\n")) if (line !== "") console.log(`   ${line}`);
  if (code !== 0) throw new Error(`${argv.join(" ")}: exit code ${code}`);
  return stdout;
}

async function makeImage(engine: Engine, tarball: string): Promise<string[]> {
  const images = ["base", "overlay", "demo"].map((name) => `localhost/s6-overlay-demo-${name}`);
  const [base, overlay, demo] = images as [string, string, string];
  const directory = await Deno.makeTempDir();
  await layRoot("busybox", `${directory}/root`);
  for (const [path, content] of Object.entries(FILES)) {
    const file = `${directory}/files/${path}`;
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(file, content);
  }
  await Deno.chmod(`${directory}/root`, 0o755);
  await Deno.chmod(`${directory}/files`, 0o755);
  await engine.importRoot(`${directory}/root`, base);
  await engine.add(base, overlay, tarball);
  await engine.add(overlay, demo, `${directory}/files`);
  await Deno.remove(directory, { recursive: true });
  return [demo, overlay, base];
}

async function tour(container: Container): Promise<number> {
  await container.printed("worker of you starts");
  let shown = showConsole(container, 0);
  say("the services, as s6-svstat sees them");
  for (const name of ["web", "clock", "clock/log", "worker"]) {
    await run(container, "/command/s6-svstat", `${SERVICES}/${name}`);
  }
  await run(container, "/bin/busybox", "wget", "-q", "-O", "-", "http://127.0.0.1:8080/");
  say("kill -9 of the worker: its finish script runs, and it is started again");
  const pid = (await run(container, "/command/s6-svstat", "-o", "pid", `${SERVICES}/worker`)).trim();
  await run(container, "/bin/kill", "-9", pid);
  await container.printed("worker of you starts", 2);
  shown = showConsole(container, shown);
  await run(container, "/command/s6-svstat", `${SERVICES}/worker`);
  say("stop");
  const { code, milliseconds } = await container.stop(10);
  showConsole(container, shown);
  say(`the container ended with exit code ${code}, ${Math.round(milliseconds)} ms after it was asked to`);
  return code;
}

async function main(): Promise<number> {
  if (!await setUp(["build", "demo"])) return 1;
  const engine = chooseEngine();
  if (engine.name === "namespaces" && Deno.uid() !== 0) {
    console.error("demo: please install docker or podman, or run this as root");
    return 1;
  }
  say("build");
  const tarball = await buildTarball({ architecture: HOST, kind: undefined, entry: "cli/main.ts", directory: "dist" });
  say(`boot, with ${engine.name}`);
  const images = await makeImage(engine, tarball);
  try {
    return await tour(await engine.start(images[0]!, { environment: { OWNER: "you" } }));
  } finally {
    for (const image of images) await engine.remove(image);
  }
}

if (import.meta.main) Deno.exit(await main());
