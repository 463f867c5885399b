// The user of the container, and the owner of /run: users with and without an account, root among others, and what an
// earlier or a hostile hand has left in the state directory's place.

import { deepEqual, equal, match } from "node:assert/strict";
import { boot, runToEnd, type Setting } from "../surroundings/container.ts";

const STATE = "/run/s6";

/** A container in which all that stages do has something to do, whatever user it runs as. */
const WORK: Setting = {
  files: {
    "etc/fix-attrs.d/01": "/data true nobody 0600 0700\n",
    "etc/cont-init.d/01": "#!/usr/bin/with-contenv sh\necho init $(id -u) $GREETING\n",
    "etc/services.d/plain/run":
      "#!/usr/bin/with-contenv sh\necho plain $(id -u) $GREETING\necho >&3\nexec sleep 1000\n",
    "etc/services.d/plain/notification-fd": "3\n",
    // Not executable: the copy belongs to the user that runs it.
    "etc/services.d/copied/run": { content: "#!/bin/sh\necho copied\necho >&3\nexec sleep 1000\n", mode: 0o644 },
    "etc/services.d/copied/notification-fd": "3\n",
    "etc/services.d/logged/run": "#!/bin/sh\necho a line for the log\nexec sleep 1000\n",
    "etc/services.d/logged/log/run": "#!/bin/sh\nexec logutil-service /var/log/logged\n",
    "etc/cont-finish.d/01": "#!/bin/sh\necho finish $(id -u)\n",
  },
  environment: { GREETING: "hello", S6_CMD_WAIT_FOR_SERVICES: "1" },
  arguments: [
    "/bin/sh",
    "-c",
    "until grep -q 'a line' /var/log/logged/current 2>/dev/null; do usleep 10000; done; " +
    "echo command $(id -u) $(id -g); stat -c %u /var/log/logged/current; exit 7",
  ],
};

const MANY_FILES = "mkdir -p /data/sub && cd /data/sub && seq 1 300 | xargs touch";

interface User {
  readonly user: string;
  readonly prepare: string;
  /** What is said of the state directory. */
  readonly warning?: RegExp;
}

const LOG = "mkdir -m 777 /var/log/logged; chmod 777 /var/log/logged";
const ELSEWHERE =
  / \(\/run belongs to user 0 and group 0, mode 755\): the state directory is \/tmp\/s6-overlay-1000-\d+, /;

const USERS: Readonly<Record<string, User>> = {
  "with an account, whom the image gives the directory": {
    user: "1000:1000",
    prepare: `echo app:x:1000:1000::/home:/bin/sh >>/etc/passwd; mkdir -m 755 ${STATE} /var/log/logged; ` +
      `chown 1000:1000 ${STATE} /var/log/logged`,
  },
  "without an account, whose group the image lets in": {
    user: "123456:0",
    prepare: `mkdir ${STATE} /var/log/logged; chmod 2775 ${STATE} /var/log/logged`,
  },
  "without an account, where anybody may write to /run": {
    user: "123456:0",
    prepare: "chmod 1777 /run /var/log",
  },
  "to whom /run does not belong": {
    user: "1000:1000",
    prepare: LOG,
    warning: new RegExp(`^s6-init: warning: unable to mkdir /var/run/s6: Permission denied${ELSEWHERE.source}`),
  },
  "to whom the state directory does not belong": {
    user: "1000:1000",
    prepare: `mkdir ${STATE}; ${LOG}`,
    warning: new RegExp(`^s6-init: warning: unable to open /var/run/s6/.lock: Permission denied${ELSEWHERE.source}`),
  },
  "to whom another user's state directory does not belong": {
    user: "1000:1000",
    prepare: `mkdir ${STATE}; chown 2000 ${STATE}; ${LOG}`,
    warning: new RegExp(`^s6-init: warning: unable to write to /var/run/s6: Permission denied${ELSEWHERE.source}`),
  },
  "in whose group another user is, to whom the state directory belongs": {
    user: "123456:0",
    prepare: `mkdir ${STATE}; chmod 2775 ${STATE}; chown 100:0 ${STATE}; ${LOG}`,
    warning: /^s6-init: warning: \/var\/run\/s6 belongs to user 100, who can change what process 1 relies on$/,
  },
};

for (const [who, { user, prepare, warning }] of Object.entries(USERS)) {
  Deno.test(`a user ${who} boots, and is told once what only root can do`, async () => {
    const { code, stdout, stderr } = await runToEnd({ ...WORK, user, prepare: `${MANY_FILES}; ${prepare}` });
    equal(code, 7, stderr);
    const [uid, gid] = user.split(":");
    const printed = stdout.split("\n").filter((line) => !line.startsWith("[")).sort();
    const expected = ["", `command ${uid} ${gid}`, "copied", `finish ${uid}`, `init ${uid} hello`];
    deepEqual(printed, [...expected, `plain ${uid} hello`, uid].sort());
    const warned = stderr.replaceAll(/ \/data[^ :]*/g, " PATH").trimEnd().split("\n").sort();
    if (warning !== undefined) match(warned.pop() ?? "", warning);
    deepEqual(warned, [
      "fix-attrs: warning: 01: line 1: unable to chmod 301 more: Operation not permitted",
      "fix-attrs: warning: 01: line 1: unable to chmod PATH: Operation not permitted",
      "fix-attrs: warning: 01: line 1: unable to chown 301 more: Operation not permitted",
      "fix-attrs: warning: 01: line 1: unable to chown PATH: Operation not permitted",
    ]);
  });
}

const REFUSED: Readonly<Record<string, { readonly setting: Setting; readonly fatal: RegExp }>> = {
  "a link of somebody else's is in the state directory's place": {
    setting: { user: "1000", prepare: `chmod 1777 /run; ln -s /home ${STATE}; chown -h 2000 ${STATE}` },
    fatal: /\/var\/run\/s6 belongs to user 2000, /,
  },
};

for (const [where, { setting, fatal }] of Object.entries(REFUSED)) {
  Deno.test(`where ${where} one line says so and what to do`, async () => {
    const { code, stdout, stderr } = await runToEnd({ ...setting, arguments: ["/bin/true"] });
    deepEqual([code, stdout], [111, ""]);
    match(stderr, /^init: fatal: [^\n]*\n$/);
    match(stderr, fatal);
  });
}

interface Place {
  readonly prepare: string;
  /** Its owner and mode after the boot. */
  readonly run: string;
  /** The mode of our directories; 755 unless they inherit something. */
  readonly mode?: string;
  readonly warning?: RegExp;
}

/** What the image has for /run, and what root finds there when it has booted: owner, mode, what is left of others. */
const PLACES: Readonly<Record<string, Place>> = {
  "is to be elsewhere, where nothing is yet": { prepare: "ln -sfn ../elsewhere /var/run", run: "0 755" },
  "can be written by all": { prepare: "chmod 777 /run", run: "0 1777" },
  "can be written by all, and is sticky": { prepare: "chmod 1777 /run", run: "0 1777" },
  "is its group's, and set-gid": { prepare: "chmod 2775 /run", run: "0 3775", mode: "2755" },
  "is a user's": { prepare: "chown 1000 /run", run: "1000 755", warning: /^s6-init: warning: .* user 1000, who can/ },
  "has a state directory of a user's": {
    prepare: `mkdir -p ${STATE}/services/evil ${STATE}/env-stage2; echo x >${STATE}/env-stage2/LD_PRELOAD; ` +
      `chown -R 1000 ${STATE}`,
    run: "0 755",
  },
  "has a state directory that anybody could write to": {
    prepare: `mkdir -p ${STATE}/etc/cont-init.d; chmod -R 777 ${STATE}; touch ${STATE}/evil`,
    run: "0 755",
  },
  "has a user's link instead of a state directory": {
    prepare: `mkdir /home/trap; ln -s /home/trap ${STATE}; chown -h 1000 ${STATE}`,
    run: "0 755",
  },
  "has links to elsewhere in the state directory": {
    prepare: `mkdir ${STATE}; for name in env-stage1 container_environment services etc; do ` +
      `ln -s /home ${STATE}/$name; done; chown -Rh 1000 ${STATE}`,
    run: "0 755",
  },
};

for (const [how, { prepare, run, mode = "755", warning }] of Object.entries(PLACES)) {
  Deno.test(`root boots where /run ${how}, and nobody else has a hand in the state`, async () => {
    const show = "stat -L -c '%u %a' /var/run; stat -c '%u %a %F' /var/run/s6; cd /var/run/s6; " +
      "stat -c '%n %u %a %F' *; ls services; ls -A /home; echo ${LD_PRELOAD-no}";
    const { code, stdout, stderr } = await runToEnd({ prepare, arguments: ["/bin/sh", "-c", show] });
    equal(code, 0, stderr);
    if (warning) match(stderr, warning);
    else equal(stderr, "");
    const seen = stdout.slice(stdout.indexOf("[services.d] done.\n") + 19, stdout.indexOf("[cmd]")).trimEnd().split(
      "\n",
    );
    const directories = [
      "container_environment",
      "env-stage1",
      "env-stage2",
      "env-stage3",
      "etc",
      "services",
    ];
    const state = directories.map((name) => `${name} 0 ${mode} directory`);
    state.splice(
      -1,
      0,
      "legacy-services 0 777 symbolic link",
      `notify 0 ${mode.slice(0, -3)}711 directory`,
      "questions 0 600 socket",
    );
    const trap = how.startsWith("has a user's link") ? ["trap"] : [];
    deepEqual(seen, [
      run,
      `0 ${mode} directory`,
      "basedir 0 777 symbolic link",
      ...state,
      "s6-fdholderd",
      ...trap,
      "no",
    ]);
  });
}

Deno.test("a container that was started with a narrow umask gives it to programs, and its state to all", async () => {
  const files = { "etc/cont-init.d/01": "#!/bin/sh\numask\ns6-setuidgid nobody with-contenv sh -c 'echo $GREETING'\n" };
  const entrypoint = ["/bin/sh", "-c", 'umask 077; exec /init "$@"', "sh"];
  const environment = { GREETING: "hello" };
  await using container = await boot({ files, entrypoint, environment, arguments: ["/bin/sh", "-c", "umask"] });
  const { stdout, stderr } = await container.ended;
  equal(stderr, "");
  match(stdout, /^0077\nhello\n/m);
  match(stdout, /\n0077\n\[cmd\]/);
});
