// Services of generation 3 start while a child of process 1 still lays the directories of others.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { canMount, Mute } from "../surroundings/mute.ts";
import { firstProcess, limited, quickly, root, start } from "../surroundings/quick.ts";
import { inOrder, longrunFiles, SOURCES, story, user } from "./generation_3.ts";

/** They need nothing: as many as are laid before process 1 is told. */
const EARLY = Array.from({ length: 64 }, (_, at) => `early${at}`);

/** One behind them, which another needs. */
const IMAGE = {
  ...Object.assign({}, ...EARLY.map((name) => longrunFiles(name, `echo "run ${name}"; exec sleep 1000`))),
  ...longrunFiles("late", "echo run late; exec sleep 1000", EARLY, { "env/NAME": { content: "value", mode: 0o600 } }),
  ...longrunFiles("last", "exec sleep 1000", ["late"]),
  ...user("last", ...EARLY),
};

const NO_LIMIT = { S6_CMD_WAIT_FOR_SERVICES_MAXTIME: "0" };

Deno.test({
  name: "what is there runs while the directory of another service cannot be read, and the stop does not wait for it",
  ignore: !canMount,
  fn: async () => {
    await using made = await root(IMAGE);
    await using server = await Mute.mount(`${made.path}/${SOURCES}/late/env`);
    const container = start(made, { environment: NO_LIMIT });
    for (const name of EARLY) await container.printed(`run ${name}\n`);
    await server.asked();
    await container.printed("s6-rc: info: service late: waiting for its service directory to be laid\n");
    Deno.kill(await firstProcess(container), "SIGTERM");
    await container.printed("s6-rc: info: service early63 successfully stopped\n");
    server.end();
    const { code, stdout, stderr } = await limited(container);
    deepEqual([code, stdout.includes("run late")], [0, false], stderr);
  },
});

const AS_ANOTHER = [
  "/bin/sh",
  "-c",
  'mount -t tmpfs -o mode=1777 run /run; exec /command/s6-setuidgid www /init /bin/sh -c "$0"',
];

story("a service whose directory cannot be laid fails alone, with what needs it", {
  ...IMAGE,
  ...longrunFiles("alone", "exec sleep 1000", ["early0"]),
  ...user("alone"),
}, async (made) => {
  const words = "PATH=/command:$PATH; for name in early0 early63 alone; do s6-svstat -o up /run/service/$name; done; " +
    "ls /run/service /run/s6/db/servicedirs; s6-overlay explain; s6-overlay healthy; s6-overlay healthy late; exit 5";
  const quick = { argv: [...AS_ANOTHER, words], environment: NO_LIMIT };
  const { code, stdout, stderr } = await quickly(made, quick);
  equal(code, 5, stderr);
  ok(inOrder(stdout, "true", "true", "true"), stdout + stderr);
  ok(!/^late$/m.test(stdout), stdout);
  const why = "unable to recursively copy .*late/env.*: Permission denied";
  match(stderr, new RegExp(`^s6-rc-compile: warning: service late has no service directory: ${why}$`, "m"));
  match(stdout, /^ {2}late has failed: no supervisor for late$/m);
  match(stdout, /^ {2}last was kept back by late$/m);
  const fault = "service late has not been started: it has failed: no supervisor for late";
  ok(inOrder(stdout, `not healthy: ${fault}, and 1 more`, `not healthy: ${fault}`), stdout);
});

story("where a service of s6-rc itself cannot be linked nothing is left that s6-rc would work on", {
  ...longrunFiles("web", "exec sleep 1000"),
  ...user("web"),
}, async (made) => {
  const environment = { S6_STAGE2_HOOK: "mkdir -p /run/service/s6rc-oneshot-runner" };
  const words = 'ls -d /run/s6-rc* /run/s6/db; ls /run/service; echo "=> $?"; exit 5';
  const { code, stdout, stderr } = await quickly(made, { argv: ["/init", "/bin/sh", "-c", words], environment });
  deepEqual([code, stdout.match(/^(?:.*s6-rc.*|.*\/db|web|s6rc-fdholder|=> \d)$/gm)], [5, ["=> 0"]], stdout + stderr);
  match(stderr, /^s6-rc-compile: fatal: .*s6rc-oneshot-runner: File exists$/m);
});
