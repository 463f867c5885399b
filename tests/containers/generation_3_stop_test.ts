// The stop of an image of generation 3: everything goes down in order, within the time that services have, whatever the boot was
// doing.

import { equal, match, ok } from "node:assert/strict";
import { firstProcess, limited, quickly, type Root, start } from "../surroundings/quick.ts";
import type { CollectedProcess } from "../../scripts/container_process.ts";
import { inOrder, longrunFiles, oneshotFiles, scriptFile, server, story, user } from "./generation_3.ts";

const LAST = { "etc/cont-finish.d/1": scriptFile("echo the last script") };

/** Ends the container by a signal once it has printed this. */
async function stopped(root: Root, said: string, quick: Parameters<typeof start>[1] = {}): ReturnType<typeof limited> {
  const container = start(root, quick);
  const pid = await firstProcess(container);
  await printed(container, said);
  Deno.kill(pid, "SIGTERM");
  return await limited(container);
}

async function printed(container: CollectedProcess, said: string): Promise<void> {
  let over = false;
  container.ended.then(() => over = true);
  while (!`${container.stdout}${container.stderr}`.includes(said)) {
    if (over) throw new Error(`ended before it said ${said}: ${container.stdout}${container.stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const CHAIN = {
  ...oneshotFiles("first"),
  ...server("database", ["first"]),
  ...oneshotFiles("migrate", ["database"]),
  ...server("web", ["migrate"]),
  ...user("web"),
  ...LAST,
};
const DOWN = ["end web", "down migrate", "end database", "down first"];

story(
  "a stop brings services down in the reverse order of their dependencies, then runs cont-finish.d",
  CHAIN,
  async (root) => {
    const { code, stdout, stderr } = await stopped(root, "run web");
    equal(code, 0, stderr);
    ok(inOrder(stdout, ...DOWN, "the last script"), stdout);
    ok(!/error|still alive/.test(stderr), stderr);
  },
);

story("so does the end of the command, whose code is the container's", CHAIN, async (root) => {
  const { code, stdout } = await quickly(root, { argv: ["/init", "/bin/sh", "-c", "exit 42"] });
  equal(code, 42);
  ok(inOrder(stdout, "run web", ...DOWN, "the last script"), stdout);
});

for (
  const program of [
    "/run/s6/basedir/bin/halt",
    "/run/s6/basedir/bin/shutdown -h now",
    "/command/s6-svscanctl -t /run/service",
  ]
) {
  story(`${program} stops in order, and the exit code file counts`, CHAIN, async (root) => {
    const words = `echo 9 >/run/s6-linux-init-container-results/exitcode; ${program}; sleep 1000`;
    const { code, stdout } = await quickly(root, { argv: ["/init", "/bin/sh", "-c", words] });
    equal(code, 9);
    ok(inOrder(stdout, "run web", ...DOWN, "the last script"), stdout);
  });
}

story("a longrun that ignores TERM has the services' time and no more", {
  ...oneshotFiles("first"),
  ...longrunFiles("deaf", "trap '' TERM; echo run deaf; while :; do sleep 0.02; done", ["first"]),
  ...user("deaf"),
  ...LAST,
}, async (root) => {
  const environment = { S6_SERVICES_GRACETIME: "400", S6_KILL_GRACETIME: "200" };
  const began = performance.now();
  const { code, stdout } = await stopped(root, "run deaf", { environment });
  equal(code, 0);
  match(stdout, /^the last script$/m);
  ok(performance.now() - began < 15_000);
});

story("a stop in the middle of the boot ends the boot: scripts get TERM, and what is up goes down", {
  ...oneshotFiles("first"),
  ...oneshotFiles("slow", ["first"], {
    up: "sh -c \"trap 'echo TERM has come; exit 3' TERM; echo slow begins; while :; do sleep 0.02; done\"\n",
  }),
  ...oneshotFiles("behind", ["slow"]),
  ...user("behind"),
  ...LAST,
}, async (root) => {
  const { code, stdout } = await stopped(root, "slow begins", { argv: ["/init", "/bin/echo", "command"] });
  equal(code, 0);
  ok(inOrder(stdout, "slow begins", "TERM has come", "down first", "the last script"), stdout);
  ok(!/^(?:command|up behind|down slow)$/m.test(stdout), stdout);
});

story("a longrun that is never ready does not hold a stop up", {
  ...longrunFiles("mute", "echo run mute; exec sleep 1000", [], { "notification-fd": "3\n" }),
  ...user("mute"),
  ...LAST,
}, async (root) => {
  const { code, stdout } = await stopped(root, "run mute", { argv: ["/init", "/bin/echo", "command"] });
  equal(code, 0);
  match(stdout, /^the last script$/m);
});

story("an essential service of s6-rc stays until all others are down", {
  ...server("base-server", [], { "flag-essential": "" }),
  ...server("web", ["base-server"]),
  ...user("web"),
}, async (root) => {
  const { code, stdout, stderr } = await stopped(root, "run web");
  equal(code, 0);
  ok(inOrder(stdout, "end web", "end base-server"), stdout);
  match(stderr, /^s6-rc: warning: service base-server is marked as essential, not stopping it$/m);
});

story("the stop prints on standard error, as generation 3 does, and nothing on the command's output", {
  ...CHAIN,
  "etc/cont-finish.d/2": scriptFile('echo "2 for $RC_NAME" >&2; exit 3'),
}, async (root) => {
  const { stdout, stderr } = await quickly(root, { argv: ["/init", "/bin/echo", "the command"] });
  ok(inOrder(stdout, "the command", ...DOWN, "the last script"), stdout);
  ok(!stdout.includes("["), stdout);
  ok(
    inOrder(
      stderr,
      "cont-finish: info: running /etc/cont-finish.d/1",
      "cont-finish: info: /etc/cont-finish.d/1 exited 0",
      "cont-finish: info: running /etc/cont-finish.d/2",
      "2 for legacy-cont-init",
      "cont-finish: info: /etc/cont-finish.d/2 exited 3",
    ),
    stderr,
  );
});
