// Services that the container lives as long as, and services that are started on conditions: in s6-rc.d and in services.d.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { quickly } from "../surroundings/quick.ts";
import { inOrder, longrunFiles, oneshotFiles, scriptFile, server, SOURCES, story, user } from "./generation_3.ts";

const LAST = { "etc/cont-finish.d/1": scriptFile("echo the last script") };
const FILE = "data/overlay/enabled-if";

story("the container lives as long as an essential longrun, and ends in order with its code", {
  ...oneshotFiles("first"),
  ...longrunFiles("main", "echo run main >&2; until [ -e /go ]; do sleep 0.02; done; exit 7", ["first"], {
    essential: "",
  }),
  ...server("web", ["main"]),
  ...oneshotFiles("last", ["web"], { up: "touch /go\n" }),
  ...user("last"),
  ...LAST,
}, async (root) => {
  const { code, stdout, stderr, cause } = await quickly(root, {});
  deepEqual([code, cause], [7, "essential service main exited 7"]);
  match(stderr, /^s6-overlay: info: essential service main exited 7: stopping the container$/m);
  ok(inOrder(stdout, "end web", "down first", "the last script"), stdout);
  // It does not begin anew while others go down.
  equal(stderr.split("run main\n").length, 2);
});

story("s6-svc -d and -r of an essential longrun do not end the container", {
  ...server("main", [], { essential: "" }),
  ...user("main"),
}, async (root) => {
  const words = "PATH=/command:$PATH; cd /run/service; s6-svc -wR -r main; s6-svc -wD -d main; echo alive; exit 3";
  const { code, stdout } = await quickly(root, { argv: ["/init", "/bin/sh", "-c", words] });
  deepEqual([code, stdout.includes("alive\n")], [3, true]);
});

const CONDITIONAL = {
  ...oneshotFiles("first"),
  ...server("database", ["first"], { [FILE]: "# only without another one\n!DB_HOST\nENGINE=sql\n" }),
  ...oneshotFiles("migrate", ["database"], { [FILE]: "MIGRATE\n" }),
  ...server("web", ["migrate"]),
  ...user("web"),
};
const UP = { argv: ["/init", "/bin/sh", "-c", "exit 3"] };

story(
  "services whose conditions do not hold are passed over, and what depends on them starts",
  CONDITIONAL,
  async (root) => {
    const { code, stdout, stderr } = await quickly(root, { ...UP, environment: { DB_HOST: "other", ENGINE: "sql" } });
    equal(code, 3, stderr);
    ok(inOrder(stdout, "up first", "run web", "end web", "down first"), stdout);
    ok(!/database|migrate/.test(stdout), stdout);
    equal(stderr.match(/^s6-rc: info: service database is disabled: DB_HOST is set$/gm)?.length, 1);
    equal(stderr.match(/^s6-rc: info: service migrate is disabled: MIGRATE is not set$/gm)?.length, 1);
    ok(!/(?:start|stop).*(?:database|migrate)|(?:database|migrate).*(?:start|stop)/.test(stderr), stderr);
  },
);

story("those whose conditions hold start and stop as all others", CONDITIONAL, async (root) => {
  const { stdout } = await quickly(root, { ...UP, environment: { ENGINE: "sql", MIGRATE: "1" } });
  ok(
    inOrder(stdout, "up first", "run database", "up migrate", "run web", "end web", "down migrate", "end database"),
    stdout,
  );
});

story("a condition is looked at when the service's turn has come: a oneshot before it may have set the variable", {
  ...oneshotFiles("decide", [], { up: "redirfd -w 1 /run/s6/container_environment/MODE echo big\n" }),
  ...oneshotFiles("big", ["decide"], { [FILE]: "MODE=big\n" }),
  ...oneshotFiles("small", ["decide"], { [FILE]: "MODE!=big\n" }),
  ...user("big", "small"),
}, async (root) => {
  const { stdout } = await quickly(root, { ...UP, environment: { MODE: "small" } });
  deepEqual([stdout.includes("up big\n"), stdout.includes("up small\n")], [true, false]);
});

story("the environment that is kept counts as well", CONDITIONAL, async (root) => {
  const environment = { S6_KEEP_ENV: "1", DB_HOST: "other", MIGRATE: "1" };
  const { stdout } = await quickly(root, { ...UP, environment });
  ok(!stdout.includes("database"), stdout);
  ok(inOrder(stdout, "up migrate", "run web"), stdout);
});

story(
  "what runs shows that a disabled longrun is down, and s6-rc starts it all the same where it is named",
  CONDITIONAL,
  async (root) => {
    const words =
      "PATH=/command:$PATH; s6-rc -a list; s6-overlay healthy; s6-rc -u change database; echo later; exit 3";
    const { stdout } = await quickly(root, { argv: ["/init", "/bin/sh", "-c", words], environment: { DB_HOST: "x" } });
    ok(inOrder(stdout, "healthy", "later"), stdout);
    ok(!/^database$/m.test(stdout), stdout);
    match(stdout, /^run database$/m);
    match(stdout, /^end database$/m);
  },
);

story("a line that is no condition is a definition that is wrong", {
  ...oneshotFiles("a", [], { [FILE]: "A == 1\n" }),
  ...user("a"),
}, async (root) => {
  const { code, stderr } = await quickly(root, { ...UP, environment: { S6_BEHAVIOUR_IF_STAGE2_FAILS: "2" } });
  equal(code, 1);
  match(stderr, new RegExp(`^s6-rc-compile: fatal: invalid /${SOURCES}/a/${FILE}: "A == 1"$`, "m"));
  match(stderr, /^s6-rc-compile: info: a condition is NAME, !NAME, NAME=value or NAME!=value$/m);
});

/** That it is ready tells that it has printed its line. */
const TELLING_WEB = {
  "etc/services.d/web/run": scriptFile("echo run web; echo >&3; exec sleep 1000"),
  "etc/services.d/web/notification-fd": "3\n",
};

const LEGACY = {
  ...TELLING_WEB,
  [`etc/services.d/web/${FILE}`]: "WEB=on\n",
  "etc/services.d/web/log/run": scriptFile("echo run logger >&2; exec cat"),
  "etc/services.d/cron/run": scriptFile("echo run cron; exec sleep 1000"),
  [`etc/services.d/cron/${FILE}`]: "!WEB\n",
  "etc/services.d/odd/run": scriptFile("echo run odd; exec sleep 1000"),
  [`etc/services.d/odd/${FILE}`]: "ODD ONE\n",
};
const GENERATIONS = { 2: {}, 3: { ...oneshotFiles("a"), ...user("a") } };

for (const [generation, more] of Object.entries(GENERATIONS)) {
  story(`services.d of generation ${generation} has the same conditions`, { ...LEGACY, ...more }, async (root) => {
    // The boot waits for services, and not for their loggers.
    const healthy = "until s6-overlay healthy | grep -x healthy; do sleep 0.02; done";
    const words = `PATH=/command:$PATH; s6-svstat -o wantedup,up /run/service/cron; ${healthy}; exit 3`;
    const { code, stdout, stderr } = await quickly(root, {
      argv: ["/init", "/bin/sh", "-c", words],
      environment: { WEB: "on", S6_CMD_WAIT_FOR_SERVICES: "1" },
    });
    equal(code, 3, stderr);
    // What web prints comes through its logger, whenever that gets to it.
    match(stdout, /^run web$/m);
    ok(inOrder(stdout, "false false", "healthy"), stdout);
    ok(!/run (?:cron|odd)/.test(stdout), stdout);
    equal(stderr.match(/^services\.d: info: cron is disabled: WEB is set$/gm)?.length, 1);
    match(stderr, /^services\.d: warning: odd is disabled: "ODD ONE" in data\/overlay\/enabled-if is none of NAME, /m);
    const off = await quickly(root, { argv: ["/init", "/bin/sh", "-c", "exit 3"], environment: { S6_VERBOSITY: "1" } });
    ok(!/run (?:web|logger)|disabled: [^"]/.test(off.stdout + off.stderr), off.stdout + off.stderr);
  });
}

const SECRET = { "etc/secret": { content: "the secret\n", mode: 0o600 } };

story("no link leads to conditions: what it leads to is not told", {
  ...SECRET,
  ...TELLING_WEB,
  [`etc/services.d/web/${FILE}`]: { link: "/etc/secret" },
  "etc/services.d/cron/run": scriptFile("echo run cron; echo >&3; exec sleep 1000"),
  "etc/services.d/cron/notification-fd": "3\n",
  "etc/services.d/cron/data/overlay": { link: "/etc/directory" },
  "etc/directory/enabled-if": "the secret\n",
}, async (root) => {
  const { stdout, stderr } = await quickly(root, { ...UP, environment: { S6_CMD_WAIT_FOR_SERVICES: "1" } });
  ok(inOrder(stdout, "run web") && inOrder(stdout, "run cron"), stdout);
  match(stderr, /^services\.d: warning: web: unable to read \S+enabled-if: /m);
  match(stderr, /^services\.d: warning: cron: unable to read \S+enabled-if: /m);
  ok(!/the secret/.test(stdout + stderr), stderr);
});

story("nor in s6-rc.d", {
  ...SECRET,
  ...oneshotFiles("a", [], { [FILE]: { link: "/etc/secret" } }),
  ...user("a"),
}, async (root) => {
  const { stdout, stderr } = await quickly(root, UP);
  match(stderr, /^s6-rc-compile: fatal: \S+enabled-if is no list of conditions$/m);
  ok(!/the secret/.test(stdout + stderr), stderr);
});
