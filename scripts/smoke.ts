// Boots the tarball on an image as a user would: `deno run -A scripts/smoke.ts IMAGE TARBALL`. Checks what must hold on any
// base: the command's exit code, a service that is restarted, an orderly stop, and the image's own links left alone.

import { equal, match } from "node:assert/strict";
import { parseArgs } from "node:util";
import type { Container, ContainerEnd, Engine } from "./engine.ts";
import { chooseEngine } from "./container.ts";

const RUN = `#!/usr/bin/execlineb -P
with-contenv
s6-setuidgid nobody
/bin/sh -c "echo service of uid $(id -u) is up; exec sleep 1000"
`;
const SERVICE = "/var/run/s6/services/work";
const LINKS = ["/bin/sh", "-c", "for path in /bin /sbin /lib /var/run; do readlink $path || echo $path; done"];

async function smoke(engine: Engine, base: string, tarball: string): Promise<void> {
  const bare = `${base.replace(/[^a-z0-9]+/g, "-")}-with-s6-overlay`;
  const files = await Deno.makeTempDir();
  await Deno.chmod(files, 0o755);
  await Deno.mkdir(`${files}/etc/services.d/work`, { recursive: true });
  await Deno.writeTextFile(`${files}/etc/services.d/work/run`, RUN);
  const [overlaid, serving] = [`localhost/${bare}`, `localhost/${bare}-serving`];
  try {
    await engine.add(base, overlaid, tarball);
    await engine.add(overlaid, serving, files);
    await commandOnly(engine, base, overlaid);
    await service(await engine.start(serving, {}));
  } finally {
    await Deno.remove(files, { recursive: true });
    for (const image of [serving, overlaid]) await engine.remove(image);
  }
}

async function run(
  engine: Engine,
  image: string,
  entrypoint: readonly string[],
  ...argv: string[]
): Promise<ContainerEnd> {
  return await (await engine.start(image, { entrypoint, arguments: argv })).ended;
}

async function commandOnly(engine: Engine, base: string, overlaid: string): Promise<void> {
  const ended = await run(engine, overlaid, ["/init"], "/bin/sh", "-c", "exit 3");
  equal(ended.code, 3, ended.stderr);
  match(ended.stdout, /^\[cmd\] \/bin\/sh exited 3$/m);
  const [before, after] = [await run(engine, base, LINKS), await run(engine, overlaid, LINKS)];
  equal(after.stdout, before.stdout, "the image's own links");
}

async function service(container: Container): Promise<void> {
  await container.printed("is up");
  equal((await container.exec(["/command/s6-svc", "-k", SERVICE])).code, 0);
  await container.printed("is up", 2);
  match((await container.exec(["/command/s6-svstat", SERVICE])).stdout, /^up \(pid [0-9]+/);
  const ended = await container.stop(20);
  equal(ended.code, 0, ended.stderr);
  match(ended.stdout, /\[s6-finish\] sending all processes the KILL signal and exiting\.\n$/);
  equal(ended.stderr, "");
}

if (import.meta.main) {
  const [base, tarball] = parseArgs({ allowPositionals: true }).positionals;
  if (base === undefined || tarball === undefined) throw new Error("usage: smoke.ts IMAGE TARBALL");
  const engine = chooseEngine();
  await smoke(engine, base, tarball);
  console.log(`smoke: ${base} under ${engine.name}: all is well`);
}
