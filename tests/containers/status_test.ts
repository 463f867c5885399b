// s6-overlay status, from inside containers: each state of a service, each exit code, its JSON, and who may ask.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { ServiceStatus, StatusReport } from "../../lib/overlay/status/status_report.ts";
import type { Given } from "../rows/harness.ts";
import { type Inside, insideOf, untilFits } from "../surroundings/inside.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { limited, root, start } from "../surroundings/quick.ts";
import { faultsOfDeclared } from "../scripts/declared_json.ts";

const ignore = !canIsolate;
const script = (...lines: string[]): Given => ({ content: `#!/bin/sh\n${lines.join("\n")}\n`, mode: 0o755 });
const SECRET = "marker-of-a-secret";

const STATES: Readonly<Record<string, Given>> = {
  "etc/group": "root:x:0:\nwatchers:x:4242:\n",
  "etc/services.d/down/run": script("exec sleep 1000"),
  "etc/services.d/down/down": "",
  "etc/services.d/failed/run": script("exit 4"),
  "etc/services.d/failed/finish": script("exit 125"),
  "etc/services.d/finishing/run": script("exit 5"),
  "etc/services.d/finishing/finish": script("exec sleep 1000"),
  "etc/services.d/finishing/timeout-finish": "0\n",
  "etc/services.d/logged/run": script("echo line", "exec sleep 1000"),
  "etc/services.d/logged/log/run": script("exec s6-log -b -- n3 /run/log"),
  "etc/services.d/looping/run": script("exit 6"),
  "etc/services.d/paused/run": script("exec sleep 1000"),
  "etc/services.d/plain/run": script(`exec sh -c 'sleep 1000; exit # ${SECRET}'`),
  "etc/services.d/plain/essential": "",
  "etc/services.d/ready/run": script("echo >&3", "exec sleep 1000"),
  "etc/services.d/ready/notification-fd": "3\n",
  "etc/services.d/starting/run": script("exec sleep 1000"),
  "etc/services.d/starting/down": "",
  "etc/services.d/starting/lock-fd": "4\n",
  "etc/services.d/unready/run": script("exec sleep 1000"),
  "etc/services.d/unready/notification-fd": "3\n",
  "etc/services.d/unstartable/run": { content: "#!/no/such/interpreter\n", mode: 0o755 },
};

const ENVIRONMENT = { S6_STATUS_GROUP: "watchers", SECRET, S6_SERVICES_GRACETIME: "100" };

async function reportOf(inside: Inside, ...names: string[]): Promise<StatusReport> {
  const { code, stdout, stderr } = await inside.sh(`s6-overlay status -j ${names.join(" ")}`);
  equal(stderr, "");
  const report = JSON.parse(stdout) as StatusReport;
  equal(code, report.asWanted ? 0 : 1);
  return report;
}

async function serviceOf(inside: Inside, name: string): Promise<ServiceStatus> {
  return (await reportOf(inside, name)).services[0]!;
}

/** What of a service tells its state. */
function standing({ state, wanted, ready, looping, failed, paused, lastExit }: ServiceStatus): unknown {
  return { state, wanted, ready, looping, failed, paused, exit: lastExit && (lastExit.code ?? lastExit.signal) };
}

const PLAIN = { state: "up", wanted: "up", ready: null, looping: false, failed: false, paused: false, exit: null };

/** Each service, what it becomes, and whether it is as wanted then. */
const EXPECTED: Readonly<Record<string, readonly [become: Partial<ServiceStatus>, told: object, asWanted: boolean]>> = {
  plain: [{ state: "up" }, PLAIN, true],
  logged: [{ state: "up" }, PLAIN, true],
  "logged/log": [{ state: "up" }, PLAIN, true],
  ready: [{ ready: true }, { ...PLAIN, ready: true }, true],
  unready: [{ ready: false }, { ...PLAIN, ready: false }, false],
  down: [{ state: "down" }, { ...PLAIN, state: "down", wanted: "down" }, true],
  finishing: [{ state: "finishing" }, { ...PLAIN, state: "finishing", exit: 5 }, false],
  failed: [{ failed: true }, { ...PLAIN, state: "down", wanted: "down", failed: true, exit: 4 }, false],
  paused: [{ paused: true }, { ...PLAIN, paused: true }, false],
};

/** Boots a container with a service in each state. */
async function withStates(work: (inside: Inside) => Promise<void>): Promise<void> {
  await using made = await root(STATES);
  const container = start(made, {
    environment: ENVIRONMENT,
    argv: ["/init", "sh", "-c", `exec sleep 1000 # ${SECRET}`],
  });
  const inside = await insideOf(container);
  await container.printed("[services.d] done.\n");
  await untilFits(
    () => reportOf(inside, "paused", "plain", "ready"),
    ({ services }) => services.every(({ state }) => state === "up"),
  );
  equal((await inside.sh("s6-svc -p /run/s6/services/paused")).code, 0);
  try {
    await work(inside);
  } finally {
    Deno.kill(inside.pid, "SIGTERM");
    await limited(container);
  }
}

Deno.test({
  name: "each state of a service is told, and decides the exit code",
  ignore,
  fn: () =>
    withStates(async (inside) => {
      for (const [name, [become, told, asWanted]] of Object.entries(EXPECTED)) {
        const [key, value] = Object.entries(become)[0]!;
        const service = await untilFits(() => serviceOf(inside, name), (found) => Reflect.get(found, key) === value);
        deepEqual([name, standing(service)], [name, told]);
        equal((await inside.sh(`s6-overlay status ${name}`)).code, asWanted ? 0 : 1, name);
      }
      const looping = await untilFits(() => serviceOf(inside, "looping"), (found) => found.looping);
      deepEqual([looping.lastExit?.code, looping.wanted, looping.restarts! >= 2], [6, "up", true]);
      const unstartable = await serviceOf(inside, "unstartable");
      deepEqual([unstartable.state, unstartable.wanted], ["down", "up"]);
      match(unstartable.trouble!, /^unable to spawn \.\/run - waiting 10 seconds: .*\/no\/such\/interpreter/);
      ok(unstartable.nextStart !== null);
    }),
});

Deno.test({
  name: "a service that waits for its lock is starting, for a second at most",
  ignore,
  fn: () =>
    withStates(async (inside) => {
      // Another process has the lock, and one that is told to stop while it starts is down again.
      const once =
        "cd /run/s6/services/starting; s6-overlay start --no-wait starting; s6-overlay status -j starting; " +
        "s6-overlay stop starting";
      const held = `s6-setlock /run/s6/services/starting/supervise/service-lock sh -c '${once}'`;
      const { state } = await untilFits(
        async () => (JSON.parse((await inside.sh(held)).stdout) as StatusReport).services[0]!,
        ({ state }) => state === "starting",
      );
      equal(state, "starting");
      equal((await serviceOf(inside, "starting")).state, "down");
    }),
});

Deno.test({
  name: "the JSON has the fields that are documented, and no secret of the environment or a command line",
  ignore,
  fn: () =>
    withStates(async (inside) => {
      const { stdout, code } = await inside.sh("s6-overlay status -j");
      const report = JSON.parse(stdout) as StatusReport;
      equal(code, 1);
      deepEqual(faultsOfDeclared("StatusReport", report), []);
      deepEqual([report.version, report.source, report.note, report.asWanted], [1, "process 1", null, false]);
      // Without the one that the overlay brings with it.
      equal(report.services.length, 12);
      const table = await inside.sh("s6-overlay status");
      ok(!`${stdout}${table.stdout}`.includes(SECRET));
      const [plain, logged] = ["plain", "logged"].map((name) => report.services.find((one) => one.name === name)!);
      deepEqual([plain!.essential, logged!.essential], [true, false]);
      deepEqual([plain!.logger, logged!.logger], [null, "logged/log"]);
      // A shell and its sleep, and a sleep alone.
      await untilFits(() => reportOf(inside, "plain", "ready"), ({ services: [two, one] }) =>
        two!.memory! > one!.memory! && one!.memory! > 0 && one!.cpu! >= 0);
      match(
        table.stdout,
        /^container: running its command, for [\d.]+ m?s\nSERVICE +STATE +FOR +PID +READY +RESTARTS +/,
      );
    }),
});

Deno.test({
  name: "without /proc there is no memory and no processor time, and all else",
  ignore,
  fn: () =>
    withStates(async (inside) => {
      const { stdout } = await inside.sh("umount -l /proc; s6-overlay status plain");
      match(stdout, /^plain +up +[\d.]+ m?s +\d+ +- +0 +- +- +- +-$/m);
    }),
});

const REFUSED: Readonly<Record<string, readonly [code: number, told: RegExp]>> = {
  "s6-overlay status readi": [100, /^s6-overlay: fatal: there is no service readi; did you mean ready\?\n$/],
  "s6-overlay status -x": [
    100,
    /^s6-overlay: usage: s6-overlay status \[ -j \| --watch \] \[ service\.\.\. \]\n$/,
  ],
  "s6-overlay status -j --watch": [100, /^s6-overlay: fatal: -j and --watch do not go together\n$/],
  "s6-overlay status --watch": [100, /^s6-overlay: fatal: --watch needs a terminal on standard input and output, /],
  "s6-applyuidgid -u 1000 -g 1000 -G '' s6-overlay status": [
    111,
    /^s6-overlay: fatal: only root and the user of process 1 may ask it: for others set S6_STATUS_GROUP to a group /,
  ],
  "s6-applyuidgid -u 1000 -g 1000 -G 4242 s6-overlay stop plain": [
    111,
    /^s6-overlay: fatal: only root and the user of process 1 may change services: ask as one of them\n$/,
  ],
};

Deno.test({
  name: "what cannot be answered is refused in one line, with a documented exit code",
  ignore,
  fn: () =>
    withStates(async (inside) => {
      for (const [line, [expected, told]] of Object.entries(REFUSED)) {
        const { code, stdout, stderr } = await inside.sh(line);
        deepEqual([line, code, stdout], [line, expected, ""]);
        match(stderr, told);
        equal(stderr.split("\n").length, 2, stderr);
      }
      const member = await inside.sh("s6-applyuidgid -u 1000 -g 1000 -G 4242 s6-overlay status plain");
      deepEqual([member.code, member.stderr], [0, ""]);
      match(member.stdout, /^plain +up /m);
    }),
});

Deno.test({
  name: "a container that stops says so, and nothing is started in it",
  ignore,
  fn: async () => {
    await using made = await root({
      "etc/services.d/off/run": script("exec sleep 1000"),
      "etc/services.d/off/down": "",
      "etc/services.d/last/run": script("exec sleep 1000"),
      "etc/services.d/last/finish": script("until [ -e /run/go ]; do sleep 0.05; done"),
      "etc/services.d/unready/run": script("exec sleep 1000"),
      "etc/services.d/unready/notification-fd": "3\n",
      "etc/services.d/unready/down": "",
    });
    const container = start(made, { environment: { S6_SERVICES_GRACETIME: "30000" } });
    const inside = await insideOf(container);
    await container.printed("[services.d] done.\n");
    const waiting = inside.sh("s6-overlay start unready");
    await untilFits(() => serviceOf(inside, "unready"), ({ state }) => state === "up");
    Deno.kill(inside.pid, "SIGTERM");
    const { stdout, code } = await untilFits(
      () => inside.sh("s6-overlay status"),
      ({ stdout }) => stdout.includes("cause"),
    );
    match(stdout, /^container: stopping its services, for [\d.]+ m?s; cause: TERM; it has [\d.]+ s left\n/);
    equal(code, 1);
    const started = await inside.sh("s6-overlay start off");
    const why = "the container is stopping: TERM\n";
    deepEqual([started.code, started.stderr], [1, `s6-overlay: fatal: nothing is started: ${why}`]);
    const ended = await waiting;
    deepEqual([ended.code, ended.stderr], [1, `s6-overlay: fatal: service unready is not started: ${why}`]);
    equal((await inside.sh("s6-overlay stop off")).code, 0);
    await inside.sh("touch /run/go");
    equal((await limited(container)).code, 0);
  },
});
