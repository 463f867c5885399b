// s6-overlay logs in containers: real loggers, their rotations, services without one, and log directories in which a
// service's user has put what no logger writes.

import { deepEqual, equal, match } from "node:assert/strict";
import { CollectedProcess } from "../../scripts/container_process.ts";
import { childOf } from "../../scripts/container_terminal.ts";
import type { ContainerEnd } from "../../scripts/engine.ts";
import type { Given } from "../rows/harness.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { firstProcess, limited, type Quick, root, start } from "../surroundings/quick.ts";

const script = (...lines: string[]): Given => ({ content: `#!/bin/sh\n${lines.join("\n")}\n`, mode: 0o755 });

/** A service that prints what comes through a fifo, so that a test says when. */
const speaker = (name: string): Given => script(`exec cat <>/tmp/${name} 2>&1`);

interface Inside {
  /** Runs words of a shell in the container. */
  sh(line: string): Promise<ContainerEnd>;
  /** As sh, without waiting for its end. */
  begin(line: string): CollectedProcess;
  readonly container: CollectedProcess;
}

const READY = "everything is up\n";

function story(
  name: string,
  files: Readonly<Record<string, Given>>,
  work: (inside: Inside) => Promise<void>,
  quick: Quick = {},
): void {
  Deno.test({ name, ignore: !canIsolate, fn: () => play(files, work, quick) });
}

async function play(
  files: Readonly<Record<string, Given>>,
  work: (inside: Inside) => Promise<void>,
  quick: Quick,
): Promise<void> {
  await using made = await root(files);
  const wait = "s6-svwait -a -u -t 20000 $(for d in /run/s6/services/*; do [ -e $d/down ] || echo $d; done)";
  const command = `${wait}; printf '${READY}' >/proc/1/fd/1; exec sleep 1000`;
  const container = start(made, { argv: ["/init", "/bin/sh", "-c", command], ...quick });
  let over = false;
  container.ended.then(() => over = true);
  try {
    await container.printed(READY);
    const pid = await firstProcess(container);
    const enter = ["nsenter", "-t", `${pid}`, "-m", "-p", "-r", "-w", "/bin/env", "-i", "PATH=/command:/usr/bin:/bin"];
    const begin = (line: string, more: readonly string[] = []): CollectedProcess =>
      new CollectedProcess([...enter, ...more, "/bin/sh", "-c", line]);
    await work({ container, begin, sh: (line) => limited(begin(line, ["/bin/timeout", "20"])) });
  } finally {
    if (!over) Deno.kill(container.pid, "SIGKILL");
    await container.ended;
  }
}

/** Dates in the place of which a test has one word. */
const undated = (text: string): string => text.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{9}/g, "DATE");

const LOGGED: Readonly<Record<string, Given>> = {
  "etc/cont-init.d/10-logs": script(
    "mkdir -p /var/log/web /var/log/db",
    "chown nobody /var/log/web /var/log/db",
    "mkfifo /tmp/web /tmp/db",
  ),
  "etc/services.d/web/run": speaker("web"),
  "etc/services.d/web/log/run": script("exec logutil-service /var/log/web"),
  "etc/services.d/db/run": speaker("db"),
  "etc/services.d/db/log/run": script("exec s6-setuidgid nobody s6-log t n9 /var/log/db"),
  "etc/services.d/quiet/run": script("exec sleep 1000"),
};

/** Says something, and waits until the logger has it. */
const say = (service: string, text: string): string =>
  `printf '${text}\\n' >/tmp/${service}; until grep -q '${text}' /var/log/${service}/current; do s6-sleep -m 10; done; `;
/** Has a logger rotate, and waits until it has. */
const rotate = (service: string, times: number): string =>
  `s6-svc -a /run/s6/services/${service}/log; ` +
  `until [ $(ls /var/log/${service} | grep -c '^@.*s$') = ${times} ]; do s6-sleep -m 10; done; `;

story(
  "logs has archives and current of each service, in order of time and with the service's name",
  LOGGED,
  async ({ sh }) => {
    const prepared = say("web", "one") + rotate("web", 1) + say("db", "two") + say("web", "three") + say("db", "four");
    equal((await sh(prepared)).code, 0);
    const all = await sh("s6-overlay logs");
    equal(undated(all.stdout), "web: DATE  one\ndb: DATE two\nweb: DATE  three\ndb: DATE four\n");
    equal(
      all.stderr,
      "s6-overlay: info: quiet has no logger: its output is the container's own (docker logs, kubectl logs)\n",
    );
    equal(all.code, 0);
    equal(undated((await sh("s6-overlay logs web")).stdout), "DATE  one\nDATE  three\n");
    equal(undated((await sh("s6-overlay logs -n 1 web/log")).stdout), "DATE  three\n");
    equal(undated((await sh("s6-overlay logs db web -n1")).stdout), "web: DATE  three\ndb: DATE four\n");
    equal((await sh("s6-overlay logs web -n 0")).stdout, "");
    const without = await sh("s6-overlay logs quiet");
    deepEqual([without.code, without.stdout, without.stderr], [
      0,
      "quiet has no logger: its output is the container's own (docker logs, kubectl logs)\n",
      "",
    ]);
    const unknown = await sh("s6-overlay logs web nope");
    deepEqual([unknown.code, unknown.stdout, unknown.stderr], [
      100,
      "",
      "s6-overlay: fatal: there is no service nope; s6-overlay status lists them\n",
    ]);
    equal((await sh("s6-overlay logs -n x")).code, 100);
  },
);

story("stamps and dates are in the reader's time zone", LOGGED, async ({ sh }) => {
  equal((await sh(say("web", "one") + say("db", "two"))).code, 0);
  const at = async (zone: string): Promise<number[]> => {
    const { stdout } = await sh(`TZ=${zone} s6-overlay logs web db`);
    return stdout.trimEnd().split("\n").map((line) =>
      Date.parse(`${/\d{4}\S+ [\d:]{8}/.exec(line)![0].replace(" ", "T")}Z`)
    );
  };
  const [early, later] = [await at("UTC"), await at("XXX-3")];
  deepEqual(later, early.map((time) => time + 3 * 3600 * 1000));
});

story("logs -f goes on through rotations, until it is interrupted", LOGGED, async ({ sh, begin }) => {
  equal((await sh(say("web", "one"))).code, 0);
  const following = begin("exec s6-overlay logs -f -n 1 web db");
  await following.printed("one\n");
  for (const round of [1, 2, 3]) {
    equal((await sh(`${rotate("web", round)}${say("web", `round ${round}`)}${say("db", `beside ${round}`)}`)).code, 0);
    await following.printed(`round ${round}\n`);
    await following.printed(`beside ${round}\n`);
  }
  // Between us and it there is what has entered the namespaces.
  Deno.kill(await childOf(following.pid), "SIGINT");
  const { stdout } = await following.ended;
  deepEqual(undated(stdout).split("\n").filter((line) => line.startsWith("web")), [
    "web: DATE  one",
    "web: DATE  round 1",
    "web: DATE  round 2",
    "web: DATE  round 3",
  ]);
});

/** It keeps more files than the test fills, and rotates all the time. */
const FAST: Readonly<Record<string, Given>> = {
  ...LOGGED,
  "etc/services.d/web/log/run": script("exec s6-setuidgid nobody s6-log T n1000 s4096 /var/log/web"),
};
const MANY = 10_000;

story("logs -f keeps up with a log that grows fast, and tells of the others meanwhile", FAST, async ({ sh, begin }) => {
  const following = begin("exec s6-overlay logs -f web db");
  // It ends when all of it has come, and the line of the other with it.
  const writing = begin(`seq 1 ${MANY} >/tmp/web; echo last >/tmp/web`);
  equal((await sh(say("db", "beside"))).code, 0);
  await following.printed("beside\n");
  await following.printed("last\n");
  await writing.ended;
  Deno.kill(await childOf(following.pid), "SIGINT");
  const { stdout, stderr } = await following.ended;
  equal(stderr, "");
  const lines = undated(stdout).split("\n").filter((line) => line.startsWith("web: ") && !line.endsWith("last"));
  const wrong = lines.findIndex((line, at) => line !== `web: DATE  ${at + 1}`);
  deepEqual([lines.length, wrong < 0 ? [] : lines.slice(wrong, wrong + 2)], [MANY, []]);
});

story("logs -f ends when its reader has gone, and with the container", LOGGED, async ({ sh, begin, container }) => {
  equal((await sh(say("web", "one"))).code, 0);
  const read = await sh("s6-overlay logs -f web | head -n 1");
  deepEqual([undated(read.stdout), read.stderr], ["DATE  one\n", ""]);
  const following = begin("exec s6-overlay logs -f web");
  await following.printed("one\n");
  Deno.kill(await firstProcess(container), "SIGTERM");
  await limited(following);
  equal((await limited(container)).code, 0);
});

const HOSTILE: Readonly<Record<string, Given>> = {
  ...LOGGED,
  "etc/secret": { content: "a secret\n", mode: 0o600 },
};

const archive = (moment: number): string => `/var/log/web/@${`${moment}`.padStart(24, "0")}.s`;

story("in a log directory links, fifos and huge files harm nobody who reads it", HOSTILE, async ({ sh }) => {
  const attack = `cd /var/log/web; ln -s /etc/secret ${archive(1)}; mkfifo ${archive(2)}; ` +
    `ln -s /nowhere ${archive(3)}; truncate -s 100G ${archive(4)}`;
  equal((await sh(say("web", "one"))).code, 0);
  const attacked = await sh(`s6-setuidgid nobody sh -c '${attack}'`);
  deepEqual([attacked.code, attacked.stderr], [0, ""]);
  const last = await sh("s6-overlay logs -n 1 web");
  deepEqual([last.code, undated(last.stdout), last.stderr], [0, "DATE  one\n", ""]);
  const begin = await sh("s6-overlay logs web | head -c 1000 | tr '\\0' 0 | head -c 5");
  equal(begin.stdout, "00000");
  deepEqual(begin.stderr.split("\n").map((line) => line.replace(/^.*\.s is/, "is")), [
    "is not read: it is a link, not a file",
    "is not read: it is a fifo, not a file",
    "is not read: it is a link, not a file",
    "",
  ]);
});

const DOWN: Readonly<Record<string, Given>> = { ...HOSTILE, "etc/services.d/web/log/down": "" };

story("a log directory that has become a link is not followed", DOWN, async ({ sh }) => {
  const attack = "mkdir /var/log/web/elsewhere && mv /var/log/web /var/log/was && ln -s /etc /var/log/web && " +
    "chown -h nobody /var/log/web";
  equal((await sh(attack)).code, 0);
  const { code, stdout, stderr } = await sh("s6-overlay logs web");
  deepEqual([code, stdout], [111, ""]);
  match(stderr, /the log of web cannot be read: unable to open \/var\/log\/web: web is a link of user 65534, /);
});

story(
  "lines that are not UTF-8 go to a pipe as they are",
  LOGGED,
  async ({ sh }) => {
    equal(
      (await sh(
        "printf 'a\\033[31m\\377\\tb\\n' >/tmp/web; until [ -s /var/log/web/current ]; do s6-sleep -m 10; done",
      )).code,
      0,
    );
    equal(
      (await sh("s6-overlay logs web | tail -c 10 | od -An -tx1")).stdout.replaceAll(/\s+/g, " "),
      " 61 1b 5b 33 31 6d ff 09 62 0a ",
    );
  },
);

story("a user who may not ask process 1 is told so", LOGGED, async ({ sh }) => {
  const { code, stdout, stderr } = await sh("s6-setuidgid 12:12 s6-overlay logs web");
  deepEqual([code, stdout], [111, ""]);
  match(stderr, /only root and the user of process 1 may ask it/);
});

const WITH_GROUP: Readonly<Record<string, Given>> = {
  ...LOGGED,
  "etc/group": "root:x:0:\nnobody:x:65534:\nwatchers:x:12:\n",
};

story("members of the status group read what they may", WITH_GROUP, async ({ sh }) => {
  equal((await sh(`chmod 700 /var/log/web; chmod 755 /var/log/db; ${say("web", "one")}${say("db", "two")}`)).code, 0);
  const { code, stdout, stderr } = await sh("s6-setuidgid 12:12 s6-overlay logs web db");
  deepEqual([code, undated(stdout)], [111, "db: DATE two\n"], stderr);
  match(stderr, /the log of web cannot be read: unable to open \/var\/log\/web: Permission denied/);
}, { environment: { S6_STATUS_GROUP: "watchers" } });

story("the catch-all logger has a log too, and the services that print there say so", LOGGED, async ({ sh }) => {
  equal((await sh(say("web", "one"))).code, 0);
  const { stdout } = await sh("s6-overlay logs s6-svscan-log");
  match(stdout, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{9} {2}\[services\.d\] starting services$/m);
  match((await sh("s6-overlay logs")).stdout, /^s6-svscan-log: \d{4}.*\n(.*\n)*web: \d{4}.* {2}one$/m);
  equal(
    (await sh("s6-overlay logs quiet")).stdout,
    "quiet has no logger: its output goes to the catch-all logger, in /var/log/s6-uncaught-logs, as S6_LOGGING says: " +
      "see s6-overlay logs s6-svscan-log\n",
  );
}, { environment: { S6_LOGGING: "1" } });

Deno.test({
  name: "where no overlay runs, what the catch-all logger has left can be read, and nothing else",
  ignore: !canIsolate,
  fn: async () => {
    await using made = await root({
      "var/log/s6-uncaught-logs/current": "@400000006b0bff0609dfd0f8 left\n",
    });
    const argv = (line: string): Quick => ({ argv: ["/bin/sh", "-c", line], environment: { TZ: "UTC" } });
    const ended = await limited(start(made, argv("s6-overlay logs; s6-overlay logs web; echo $?")));
    equal(undated(ended.stdout), "DATE left\n111\n");
    match(
      ended.stderr,
      /^s6-overlay: info: no overlay answers here: .*; what follows is in \/var\/log\/s6-uncaught-logs\n/,
    );
    const nothing = await limited(start(made, argv("rm -r /var/log/s6-uncaught-logs; s6-overlay logs; echo $?")));
    equal(nothing.stdout, "111\n");
  },
});
