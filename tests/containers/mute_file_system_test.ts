// A file system that never answers, where the user's files are: what reads them in process 1's place hangs where no
// signal reaches it, and the container is stopped in time all the same.

import { equal, match, ok } from "node:assert/strict";
import type { Given } from "../rows/harness.ts";
import { canMount, Mute } from "../surroundings/mute.ts";
import { firstProcess, limited, type Quick, root, start } from "../surroundings/quick.ts";

/** Docker's default, in milliseconds. */
const ENGINE_KILLS_AFTER = 10_000;

interface Hanging extends Quick {
  /** What is on such a file system. */
  readonly directory: string;
  /** What the boot has printed when it is told to stop; nothing, where nothing is printed before. */
  readonly until?: string;
  readonly files?: Readonly<Record<string, Given>>;
}

async function isStoppedInTime({ directory, until, files = {}, ...quick }: Hanging): Promise<void> {
  await using made = await root(files);
  await using server = await Mute.mount(`${made.path}/${directory}`);
  const container = start(made, quick);
  if (until !== undefined) await container.printed(until);
  await server.asked();
  Deno.kill(await firstProcess(container), "SIGTERM");
  const began = performance.now();
  await container.printed("[s6-finish] sending all processes the KILL signal and exiting.\n");
  const took = performance.now() - began;
  ok(took < ENGINE_KILLS_AFTER, `${took} ms`);
  // What hangs there is not gone, and the container neither, until its server is.
  server.end();
  const { code, stderr } = await limited(container);
  equal(code, 0);
  match(stderr, /^s6-finish: warning: still alive after 3 s: \d+ \S+$/m);
}

const CASES: Readonly<Record<string, Hanging>> = {
  "services.d": { directory: "etc/services.d", until: "correct perms..." },
  "cont-init.d": { directory: "etc/cont-init.d", until: "available at /var/run/s6/etc..." },
  "cont-finish.d": { directory: "etc/cont-finish.d", until: "available at /var/run/s6/etc..." },
  "a file that fix-attrs.d names": {
    directory: "srv",
    files: { "etc/fix-attrs.d/1": "/srv/data true root 0644 0755\n" },
    until: "fixes...\n",
  },
  "a program of the hook": {
    directory: "srv",
    environment: { S6_STAGE2_HOOK: "cat /srv/*" },
  },
  "the command": { directory: "srv", argv: ["/init", "/srv/program"], until: "[services.d] done.\n" },
};

for (const [name, hanging] of Object.entries(CASES)) {
  Deno.test({ name: `a boot that hangs in ${name} is stopped in time`, ignore: !canMount }, async () => {
    await isStoppedInTime(hanging);
  });
}
