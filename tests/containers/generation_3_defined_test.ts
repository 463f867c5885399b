// What the commands for people say of oneshots and bundles of generation 3, which are no services that are supervised.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { Given } from "../rows/harness.ts";
import { quickly } from "../surroundings/quick.ts";
import { bundleFiles, inOrder, longrunFiles, oneshotFiles, story, user } from "./generation_3.ts";

const STAY = "exec sleep 1000";
const IMAGE = {
  ...oneshotFiles("first"),
  ...oneshotFiles("prepare", ["first"], { up: "test -e /run/prepared\n", down: "exit 7\n" }),
  ...longrunFiles("db", STAY, ["prepare"]),
  ...longrunFiles("web", STAY, ["db"]),
  ...oneshotFiles("off", [], { "data/overlay/enabled-if": "MIGRATE\n" }),
  ...bundleFiles("app", ["prepare", "db", "web"]),
  ...user("app", "off"),
};
const argv = (words: string): string[] => ["/init", "/bin/sh", "-c", `PATH=/command:$PATH; ${words}`];

story("explain tells of a oneshot whether it is up, what it did last and what it needs", IMAGE, async (root) => {
  const { stdout, stderr } = await quickly(root, {
    argv: argv(
      `s6-overlay explain prepare; echo "=> $?"; touch /run/prepared; s6-rc -u change web; s6-overlay explain prepare
      echo "=> $?"; s6-rc -d change prepare; s6-overlay explain prepare; echo "=> $?"; s6-overlay explain off first`,
    ),
  });
  const told = stdout.replaceAll(/\d+(?:\.\d+)? m?s ago/g, "some ms ago");
  ok(
    inOrder(
      told,
      "prepare is a oneshot of s6-rc, and is down, wanted up.",
      "  boot:   it has not started it: it exited 1",
      "  last:   its script exited 1 some ms ago",
      "  needs:  first (up)",
      "  for:    db, legacy-services",
      "  cure:   when the cause is repaired, s6-rc -u change prepare",
      "  output: the container's own output (docker logs, kubectl logs)",
      "=> 1",
      "prepare is a oneshot of s6-rc, and is up.",
      "  last:   its up exited 0 some ms ago",
      "=> 0",
      "prepare is a oneshot of s6-rc, and is up.",
      "  last:   its down exited 7 some ms ago",
      "=> 0",
      "  why:    it is disabled: MIGRATE is not set",
      "  for:    prepare",
    ),
    told + stderr,
  );
});

story("status, healthy and explain tell of a bundle its members", IMAGE, async (root) => {
  const { stdout, stderr } = await quickly(root, {
    argv: argv(`s6-overlay status app | tail -n 1; s6-overlay status app web >/dev/null; echo "=> $?"
      s6-overlay healthy app; s6-overlay healthy first; s6-overlay healthy prepare; s6-overlay healthy fisrt
      touch /run/prepared; s6-rc -u change app; s6-overlay status app prepare; echo "=> $?"; s6-overlay healthy app off web
      s6-overlay explain app; echo "=> $?"; s6-overlay status -j app | grep -o '"defined":.*'`),
  });
  const lines = stdout.split("\n").slice(1);
  deepEqual(lines.slice(0, 6), [
    "app: a bundle, down; db (down), web (down), prepare (down)",
    "=> 1",
    "not healthy: bundle app is down: db, web, prepare",
    "healthy",
    "not healthy: oneshot prepare is down: it exited 1",
    "not healthy: there is no service fisrt",
  ], stdout + stderr);
  match(lines[7]!, /^app: a bundle, up; db \(up\), web \(up\), prepare \(up\)$/);
  match(lines[8]!, /^prepare: a oneshot, up; its up exited 0 \d.* ago$/);
  ok(
    inOrder(
      stdout,
      "=> 0",
      "healthy",
      "app is a bundle of s6-rc, and is up.",
      "  has:    db (up), web (up), prepare (up)",
      "=> 0",
    ),
    stdout,
  );
  match(stdout, /^"defined":\[\{"name":"app","kind":"bundle","state":"up","asWanted":true,"notStarted":null,/m);
});

story("what is for services says what to call for a oneshot and a bundle", IMAGE, async (root) => {
  const words = "start prepare;stop prepare;restart app;reload first;signal HUP app;start prepar;logs prepare;logs app";
  const script = words.split(";").map((words) => `s6-overlay ${words} 2>&1; echo "=> $?"`).join("\n");
  const { stdout, stderr } = await quickly(root, { argv: argv(script) });
  const is = (kind: string): string => `is a ${kind} of s6-rc, and no service that is supervised`;
  const place = "has no logger: its output is the container's own (docker logs, kubectl logs)";
  const lines = stdout.trimEnd().split("\n").filter((line) => line !== "=> 100");
  deepEqual(lines.slice(1, -1), [
    `s6-overlay: fatal: prepare ${is("oneshot")}: s6-rc -u change prepare does that, in order`,
    `s6-overlay: fatal: prepare ${is("oneshot")}: s6-rc -d change prepare does that, in order`,
    `s6-overlay: fatal: app ${is("bundle")}: s6-rc -d change app, then s6-rc -u change app does that, in order`,
    `s6-overlay: fatal: first ${is("oneshot")}: s6-rc reload first does that, in order`,
    `s6-overlay: fatal: app ${is("bundle")}: name the services that are meant`,
    "s6-overlay: fatal: there is no service prepar; did you mean prepare?",
    `prepare ${place}; what s6-rc runs prints to its caller`,
    "=> 0",
    `prepare ${place}; what s6-rc runs prints to its caller`,
    `db ${place}`,
    `web ${place}`,
    "=> 0",
  ], stderr);
});

/** What is wrong with a program, and what explain says of the oneshot that has it. */
const PROGRAMS: Readonly<Record<string, readonly [file: Given, why: string, cure: string]>> = {
  plain: [{ content: "#!/bin/sh\n", mode: 0o644 }, "/opt/plain is not executable", "chmod +x /opt/plain"],
  foreign: [
    { content: "#!/bin/sh\r\ntrue\r\n", mode: 0o755 },
    "/opt/foreign has CRLF line ends",
    "convert it, for example with dos2unix",
  ],
  odd: [
    { content: "#!/bin/odd\n", mode: 0o755 },
    "the interpreter /bin/odd of /opt/odd does not exist",
    "install /bin/odd, or begin /opt/odd with an interpreter that the image has, such as #!/bin/sh",
  ],
};

story("explain says what keeps the program of a oneshot from being executed", {
  ...Object.assign({}, ...Object.keys(PROGRAMS).map((name) => oneshotFiles(name, [], { up: `/opt/${name} word\n` }))),
  ...oneshotFiles("absent", [], { up: "/opt/absent\n" }),
  ...Object.fromEntries(Object.entries(PROGRAMS).map(([name, [file]]) => [`opt/${name}`, file])),
  ...user(...Object.keys(PROGRAMS), "absent"),
}, async (root) => {
  const names = [...Object.keys(PROGRAMS), "absent"];
  const { stdout, stderr } = await quickly(root, {
    argv: argv(
      `s6-overlay explain ${names.join(" ")}; chmod +x /opt/plain; s6-rc -u change plain; s6-overlay explain plain`,
    ),
  });
  const told = {
    ...PROGRAMS,
    absent: [, "there is no /opt/absent, which its up names", "put it into the image, or name another file in up"],
  };
  for (const [name, [, why, cure]] of Object.entries(told)) {
    const lines = [`${name} is a oneshot of s6-rc, and is down, wanted up.`, `  why:    ${why}`];
    ok(inOrder(stdout, ...lines, `  cure:   ${cure}; then s6-rc -u change ${name}`), stdout + stderr);
  }
  ok(stdout.includes("plain is a oneshot of s6-rc, and is up.\n"), stdout + stderr);
});

story("all services are those that others need nothing of: what runs oneshots goes on", IMAGE, async (root) => {
  const { stdout, stderr } = await quickly(root, {
    argv: argv(
      `s6-overlay stop all; touch /run/prepared; s6-rc -u change prepare; echo "=> $?"; s6-overlay start all; s6-rc diff`,
    ),
  });
  ok(stdout.includes("=> 0\n") && !/^[-+]s6rc-/m.test(stdout), stdout + stderr);
});

story("a oneshot of the overlay's own, and what another database has taken over, are told of too", {
  ...IMAGE,
  "etc/cont-init.d/01-fails": "#!/bin/sh\nexit 3\n",
  "etc/cont-init.d/02-not": "#!/bin/sh\n",
}, async (root) => {
  const words = `s6-overlay explain legacy-cont-init; cp -r /run/s6/db/. /run/db; s6-rc-update /run/db; echo "=> $?"
    s6-overlay healthy; touch /run/prepared; s6-rc -u change db web; s6-overlay healthy`;
  const { stdout, stderr } = await quickly(root, { argv: argv(words) });
  match(stdout, /^legacy-cont-init is a oneshot of s6-rc, and is up\.\n {2}last: {3}its script exited 3 /m, stderr);
  const health = "not healthy: service db has not been started: it was kept back by prepare, and 1 more";
  ok(inOrder(stdout, "=> 0", health, "healthy"), stdout + stderr);
});

story("explain tells why a definition is down that nothing has the boot start", {
  ...longrunFiles("web", STAY, ["prepare"]),
  ...oneshotFiles("prepare"),
  ...longrunFiles("db", STAY),
  ...bundleFiles("spare", ["web"]),
  ...user("db"),
}, async (root) => {
  const words = "s6-overlay explain web prepare spare db; s6-rc -u change web; s6-overlay explain web";
  const { stdout, stderr } = await quickly(root, { argv: argv(words) });
  const why =
    "the boot does not start it: no bundle that the boot starts has it, and nothing that is started depends on it";
  const [first = "", afterwards = ""] = stdout.split("web is up");
  const told: readonly (readonly [name: string, label: string])[] = [["web", "why: "], ["prepare", "boot:"], [
    "spare",
    "boot:",
  ]];
  for (const [name, label] of told) {
    const paragraph = first.split("\n\n").find((text) => text.startsWith(`${name} is `)) ?? "";
    const place = `/etc/s6-overlay/user-bundles.d/user/contents.d/${name}`;
    const cure = `  cure:   for the next boot, an empty file ${place}; now, s6-rc -u change ${name}`;
    ok(inOrder(paragraph, `  ${label}   ${why}`, cure), stdout + stderr);
  }
  equal(first.split("does not start it").length, 4, "the service db is started");
  ok(!afterwards.includes("does not start it"), afterwards);
});

story("a logger of generation 3 that cannot write is told of with the cure, by itself and by explain", {
  ...longrunFiles("tick", "while echo tick; do sleep 0.1; done", [], { "producer-for": "tick-log\n" }),
  ...longrunFiles("tick-log", "exec logutil-service /var/log/tick", [], {
    "consumer-for": "tick\n",
    "pipeline-name": "ticks\n",
  }),
  ...user("ticks"),
}, async (root) => {
  const cure = "mkdir -p /var/log/tick && chown nobody /var/log/tick\n";
  const words = "until s6-overlay explain tick-log | grep chown; do sleep 0.1; done";
  const { stdout, stderr } = await quickly(root, { argv: argv(words) });
  match(
    stderr,
    /: the logger of service tick-log runs as user 65534 \(nobody\), which may not write there: make it in a oneshot /,
  );
  ok(stderr.includes(`that it depends on, ${cure}`), stderr);
  match(stdout, /cure: +the directory that it writes to .*, or a oneshot that it depends on, does mkdir -p DIRECTORY/);
});

story("a script in the place of a command line is warned of at the boot, and one that says the same is not", {
  ...oneshotFiles("shell", [], { up: "#!/bin/sh\necho one\necho two\n" }),
  ...oneshotFiles("line", [], { up: "#!/bin/sh\necho three\n" }),
  ...oneshotFiles("execline", [], { up: "#!/bin/execlineb -P\nforeground { echo four }\necho five\n" }),
  ...user("shell", "line", "execline"),
}, async (root) => {
  const { stdout, stderr } = await quickly(root, { argv: argv("true") });
  const lines = stderr.split("\n").filter((line) => line.includes("is not run by"));
  deepEqual(lines, [
    "s6-rc-compile: warning: /etc/s6-overlay/s6-rc.d/shell/up: it is not run by /bin/sh: its first line is a comment, and " +
    "all others together are one command line in execline: put the script into an executable file of its own, and have up " +
    "hold its path",
  ]);
  ok(stdout.includes("one echo two\n"), "it is what s6-rc makes of it");
});

story("explain tells where a oneshot has printed", {
  ...oneshotFiles("says", [], { up: "echo MARKER\n" }),
  ...bundleFiles("app", ["says"]),
  ...user("app"),
}, async (root) => {
  const look = "s6-overlay explain says app | grep output:; s6-overlay logs s6-svscan-log | grep -c MARKER";
  for (const S6_LOGGING of ["0", "1"]) {
    const { stdout, stderr } = await quickly(root, { argv: argv(look), environment: { S6_LOGGING } });
    const [place, ...others] = stdout.split("\n").filter((line) => /output:|^\d+$/.test(line));
    if (S6_LOGGING === "0") {
      equal(place, "  output: the container's own output (docker logs, kubectl logs)");
      match(stdout + stderr, /^MARKER$/m);
    } else {
      equal(
        place,
        "  output: the catch-all logger, in /var/log/s6-uncaught-logs: s6-overlay logs s6-svscan-log",
        stdout + stderr,
      );
      deepEqual(others, ["1"], stdout + stderr);
    }
  }
});
