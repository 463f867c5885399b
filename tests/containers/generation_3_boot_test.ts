// The boot of an image of generation 3: what starts, in which order and surroundings, and what is said of what does not.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { quickly } from "../surroundings/quick.ts";
import {
  bundleFiles,
  inOrder,
  longrunFiles,
  oneshotFiles,
  scriptFile,
  server,
  SOURCES,
  story,
  user,
} from "./generation_3.ts";

const COMMAND = ["/init", "/bin/sh", "-c", "echo command; exit 7"];

const WHOLE = {
  ...oneshotFiles("first"),
  ...oneshotFiles("second", ["first"], {
    up: "#!/command/execlineb -P\n# a comment\n/etc/s6-overlay/scripts/second\n",
  }),
  "etc/s6-overlay/scripts/second": scriptFile(
    'echo "up second as $RC_NAME in ${PWD##*/}, with $(env | wc -l) variables"',
  ),
  ...server("web", ["second"]),
  ...oneshotFiles("after", ["web", "base"]),
  ...longrunFiles("source", "while :; do echo a line; sleep 0.1; done", [], { "producer-for": "sink\n" }),
  ...longrunFiles("sink", 'read -r line; echo "sink has $line"; : >/run/sunk; exec cat >/dev/null', [], {
    "consumer-for": "source\n",
    "pipeline-name": "flow",
  }),
  ...bundleFiles("all", ["after", "flow"]),
  ...oneshotFiles("never"),
  ...user("all"),
  "etc/cont-init.d/10-a": scriptFile('echo "script of $RC_NAME"'),
  "etc/services.d/old/run": scriptFile("echo run old; echo >&3; exec sleep 1000"),
  "etc/services.d/old/notification-fd": "3\n",
  "etc/services.d/older/run": scriptFile("exec sleep 1000"),
};

story(
  "oneshots, longruns, bundles, pipelines and the steps of generation 2 come in the order of the graph",
  WHOLE,
  async (root) => {
    const wait =
      "until [ -s /run/service/sink/supervise/status ] && s6-svwait -t 9000 -u /run/service/sink; do sleep 0.02; done";
    const argv = ["/init", "/bin/sh", "-c", `${wait}; PATH=/command:$PATH; s6-svwait -U /run/service/old; exit 7`];
    const { code, stdout, stderr } = await quickly(root, { argv, environment: { S6_CMD_WAIT_FOR_SERVICES: "1" } });
    equal(code, 7, stderr);
    const second = "up second as second in s6rc-oneshot-runner, with 4 variables";
    ok(inOrder(stdout, "up first", second, "run web", "up after", "run old"), stdout);
    ok(inOrder(stdout, "script of legacy-cont-init", "up after"), stdout);
    ok(inOrder(stdout, "end web", "down second", "down first"), stdout);
    ok(!stdout.includes("never"), stdout);
    ok(
      inOrder(
        stderr,
        "s6-rc: info: service web: starting",
        "s6-rc: info: service second successfully started",
        "s6-rc: info: service web successfully started",
        "s6-rc: info: service legacy-services: starting",
        "services-up: info: copying legacy longrun old",
        "services-up: info: copying legacy longrun older (no readiness notification)",
        "s6-rc: info: service legacy-services successfully started",
      ),
      stderr,
    );
    ok(
      inOrder(
        stderr,
        "cont-init: info: running /etc/cont-init.d/10-a",
        "cont-init: info: /etc/cont-init.d/10-a exited 0",
      ),
      stderr,
    );
  },
);

story("what has been written to a pipe before its reader has begun is read", WHOLE, async (root) => {
  const argv = [
    "/init",
    "/bin/sh",
    "-c",
    "s6-svwait -U /run/service/s6rc-fdholder; until [ -e /run/sunk ]; do sleep 0.02; done",
  ];
  const { stdout } = await quickly(root, { argv });
  match(stdout, /^sink has a line$/m);
});

story("a oneshot that fails keeps back what needs it, and nothing else", {
  ...oneshotFiles("good"),
  ...oneshotFiles("bad", ["good"], { up: 'sh -c "exit 3"\n' }),
  ...oneshotFiles("behind", ["bad"]),
  ...server("web", ["behind"]),
  ...oneshotFiles("apart"),
  ...user("web", "apart"),
}, async (root) => {
  for (const [behaviour, wanted] of [["0", 7], ["1", 7], ["2", 1]] as const) {
    const { code, stdout, stderr } = await quickly(root, {
      argv: COMMAND,
      environment: { S6_BEHAVIOUR_IF_STAGE2_FAILS: behaviour },
    });
    equal(code, wanted, stderr);
    equal(stdout.includes("command\n"), wanted === 7);
    match(stdout, /^up apart$/m);
    ok(!/up behind|run web/.test(stdout), stdout);
    match(stderr, /^s6-rc: warning: unable to start service bad: command exited 3$/m);
    match(stderr, /^s6-rc: info: unable to start because of bad: web, behind.*$/m);
    equal(/^s6-rc: warning: failed to properly bring all the services up/m.test(stderr), behaviour !== "0");
  }
});

const WRONG: readonly (readonly [what: string, files: Parameters<typeof story>[1], text: RegExp])[] = [
  ["a type that is none", { [`${SOURCES}/a/type`]: "daemon\n", ...user("a") }, /invalid .*\/a\/type: must be oneshot/],
  [
    "a longrun without run",
    { [`${SOURCES}/a/type`]: "longrun\n", ...user("a") },
    /unable to find a run script in .*\/a\/run/,
  ],
  ["a dependency that nothing defines", { ...oneshotFiles("a", ["b"]), ...user("a") }, /undefined service name b/],
  ["a circle", { ...oneshotFiles("a", ["b"]), ...oneshotFiles("b", ["a"]), ...user("a") }, /cyclic service dependency/],
  [
    "a bundle of users that names nothing",
    { ...oneshotFiles("a"), ...user("b") },
    /resolution of bundle user: undefined service name b/,
  ],
];

for (const [what, files, text] of WRONG) {
  story(`a definition that is wrong is told with its cure, and fails the boot: ${what}`, files, async (root) => {
    for (const [behaviour, argv, wanted] of [["0", COMMAND, 7], ["2", COMMAND, 1], ["0", ["/init"], 1]] as const) {
      const { code, stderr } = await quickly(root, { argv, environment: { S6_BEHAVIOUR_IF_STAGE2_FAILS: behaviour } });
      equal(code, wanted, stderr);
      match(stderr, new RegExp(`^s6-rc-compile: fatal: .*${text.source}`, "m"));
      match(stderr, /^s6-rc-compile: info: ./m);
    }
  });
}

story("bundles of users in both places, types missing in the old one, start what both name", {
  ...oneshotFiles("a"),
  ...oneshotFiles("b"),
  [`${SOURCES}/user/contents.d/a`]: "",
  ...user("b"),
}, async (root) => {
  const { code, stdout } = await quickly(root, { argv: COMMAND });
  deepEqual([code, /^up a$/m.test(stdout), /^up b$/m.test(stdout)], [7, true, true]);
});

const HOOK = `mkdir -p /${SOURCES}/a /etc/s6-overlay/user-bundles.d/user/contents.d; cd /${SOURCES}/a; ` +
  "echo oneshot >type; echo echo up a >up; touch /etc/s6-overlay/user-bundles.d/user/contents.d/a";

story(
  "a hook that defines the first service makes the image one of generation 3",
  { "hook": scriptFile(HOOK) },
  async (root) => {
    const { code, stdout, stderr } = await quickly(root, { argv: COMMAND, environment: { S6_STAGE2_HOOK: "/hook" } });
    equal(code, 7, stderr);
    match(stdout, /^up a\n/m);
  },
);

story(
  "S6_OVERLAY_GENERATION says which generation an image is of",
  { ...oneshotFiles("a"), ...user("a") },
  async (root) => {
    const { stdout } = await quickly(root, { argv: COMMAND, environment: { S6_OVERLAY_GENERATION: "2" } });
    ok(!stdout.includes("up a") && stdout.includes("[s6-init]"), stdout);
  },
);

story("an empty bundle of users is no wish for generation 3", {
  "etc/s6-overlay/user-bundles.d/user/type": "bundle\n",
}, async (root) => {
  const { stdout } = await quickly(root, { argv: COMMAND });
  match(stdout, /^\[s6-init\]/);
});

story("a service that takes longer than its timeout-up fails, and one that is not told of for long gets a line", {
  ...oneshotFiles("slow", [], {
    up: "sh -c \"trap 'echo TERM has come; exit 0' TERM; while :; do sleep 0.02; done\"\n",
    "timeout-up": "300\n",
  }),
  ...longrunFiles("mute", "exec sleep 1000", [], { "notification-fd": "3\n", "timeout-up": "5500\n" }),
  ...user("slow", "mute"),
}, async (root) => {
  const { code, stdout, stderr } = await quickly(root, { argv: COMMAND });
  equal(code, 7);
  match(stdout, /^TERM has come$/m);
  match(stderr, /^s6-rc: warning: unable to start service slow: command exited 111$/m);
  match(stderr, /^s6-rc: info: service mute: waiting for it to tell that it is ready$/m);
  match(stderr, /^s6-rc: warning: unable to start service mute: command exited 99$/m);
});

story("the whole start has the time of S6_CMD_WAIT_FOR_SERVICES_MAXTIME", {
  ...longrunFiles("mute", "exec sleep 1000", [], { "notification-fd": "3\n" }),
  ...user("mute"),
}, async (root) => {
  for (const [behaviour, wanted] of [["0", 7], ["2", 2]] as const) {
    const environment = { S6_CMD_WAIT_FOR_SERVICES_MAXTIME: "300", S6_BEHAVIOUR_IF_STAGE2_FAILS: behaviour };
    const { code, stderr } = await quickly(root, { argv: COMMAND, environment });
    equal(code, wanted, stderr);
    match(stderr, /^s6-rc: fatal: timed out$/m);
  }
});
