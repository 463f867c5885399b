// s6-overlay start, stop, restart, reload and signal: what they wait for, when they give up, and every exit code.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { StatusReport } from "../../lib/overlay/status/status_report.ts";
import type { ContainerEnd } from "../../scripts/engine.ts";
import type { Given } from "../rows/harness.ts";
import { type Inside, insideOf, untilFits } from "../surroundings/inside.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { limited, root, start } from "../surroundings/quick.ts";

const ignore = !canIsolate;
const script = (...lines: string[]): Given => ({ content: `#!/bin/sh\n${lines.join("\n")}\n`, mode: 0o755 });
/** Notes each signal, and goes on. */
const NOTES = "trap 'echo HUP >>/run/noted' HUP; trap 'echo USR1 >>/run/noted' USR1; echo on >>/run/noted; " +
  "while :; do sleep 0.02; done";

const FILES: Readonly<Record<string, Given>> = {
  "etc/services.d/deaf/run": script("trap '' TERM", "while :; do sleep 0.05; done"),
  "etc/services.d/deaf/timeout-kill": "100\n",
  "etc/services.d/essential/run": script("exec sleep 1000"),
  "etc/services.d/essential/essential": "",
  "etc/services.d/failing/run": script("exit 4"),
  "etc/services.d/failing/finish": script("exit 125"),
  "etc/services.d/failing/down": "",
  // It is not ready in the moment for which it is up.
  "etc/services.d/failing/notification-fd": "3\n",
  "etc/services.d/finishing/run": script("exec sleep 1000"),
  "etc/services.d/finishing/finish": script("echo finish >>/run/finished", "sleep 0.3"),
  "etc/services.d/logged/run": script("exec sleep 1000"),
  "etc/services.d/logged/log/run": script("exec s6-log -b -- n3 /run/log"),
  "etc/services.d/looping/run": script("exit 6"),
  "etc/services.d/looping/down": "",
  "etc/services.d/looping/notification-fd": "3\n",
  "etc/services.d/noting/run": script(NOTES),
  "etc/services.d/off/run": script("exec sleep 1000"),
  "etc/services.d/off/down": "",
  "etc/services.d/ready/run": script("sleep 0.3", "echo >&3", "exec sleep 1000"),
  "etc/services.d/ready/notification-fd": "3\n",
  // It fails at the restart, a moment after its start.
  "etc/services.d/later/run": script(
    "if [ -e /run/later ]; then sleep 0.1; exit 8; fi",
    ">/run/later",
    "exec sleep 1000",
  ),
  "etc/services.d/short/run": script("exit 7"),
  "etc/services.d/short/down": "",
  "etc/services.d/killed/run": script("kill -9 $$"),
  "etc/services.d/killed/down": "",
  "etc/services.d/unready/run": script("exec sleep 1000"),
  "etc/services.d/unready/notification-fd": "3\n",
  "etc/services.d/unstartable/run": { content: "#!/no/such/interpreter\n", mode: 0o755 },
  "etc/services.d/unstartable/down": "",
};

async function withServices(work: (inside: Inside) => Promise<void>): Promise<void> {
  await using made = await root(FILES);
  const container = start(made, { environment: { S6_SERVICES_GRACETIME: "100" } });
  const inside = await insideOf(container);
  await container.printed("[services.d] done.\n");
  await untilFits(() => statesOf(inside, "noting", "finishing", "essential"), (all) => all.every(isUp));
  try {
    await work(inside);
  } finally {
    Deno.kill(inside.pid, "SIGTERM");
    equal((await limited(container)).code, 0);
  }
}

type State = Pick<StatusReport["services"][number], "name" | "state" | "wanted" | "ready" | "starts" | "pid">;

async function statesOf({ sh }: Inside, ...names: string[]): Promise<readonly State[]> {
  return (JSON.parse((await sh(`s6-overlay status -j ${names.join(" ")}`)).stdout) as StatusReport).services;
}

function isUp({ state }: State): boolean {
  return state === "up";
}

async function stateOf(inside: Inside, name: string): Promise<State> {
  return (await statesOf(inside, name))[0]!;
}

function done({ code, stdout, stderr }: ContainerEnd): void {
  deepEqual([code, stdout, stderr], [0, "", ""]);
}

function scene(name: string, work: (inside: Inside) => Promise<void>): void {
  Deno.test({ name, ignore, fn: () => withServices(work) });
}

scene(
  "a start waits until services are up, and ready where they notify, a stop until finish has ended",
  async (inside) => {
    const { sh } = inside;
    done(await sh("s6-overlay start off ready"));
    const [off, ready] = await statesOf(inside, "off", "ready");
    deepEqual([off!.state, ready!.state, ready!.ready], ["up", "up", true]);
    done(await sh("s6-overlay stop off finishing"));
    // What finish takes is over.
    deepEqual((await statesOf(inside, "finishing", "off")).map(({ state }) => state), ["down", "down"]);
    done(await sh("s6-overlay stop off"));
    done(await sh("s6-overlay start off"));
  },
);

scene("a restart waits for the next life, whatever the service does when it is told", async (inside) => {
  const { sh } = inside;
  const pids = async (...names: string[]) => (await statesOf(inside, ...names)).map(({ pid }) => pid!);
  const names = ["deaf", "essential", "noting", "ready"];
  const before = await pids(...names);
  done(await sh(`s6-overlay restart ${names.join(" ")}`));
  const after = await pids(...names);
  ok(after.every((pid, at) => pid > 0 && pid !== before[at]), `${before} ${after}`);
  // One that is down is started.
  done(await sh("s6-overlay restart off"));
  equal((await stateOf(inside, "off")).state, "up");
  // One that is finishing is not told a second time.
  done(await sh("s6-overlay stop --no-wait finishing; s6-overlay restart finishing"));
  const { stdout } = await sh("cat /run/finished");
  equal(stdout, "finish\n");
  // One that is paused goes on to its end.
  done(await sh("s6-svc -p /run/s6/services/off; s6-overlay restart off"));
  // A logger is a service too.
  done(await sh("s6-overlay restart logged/log"));
});

scene("restarts at the same time, and of a service that has just been started, come to an end", async (inside) => {
  const line = "for i in 1 2 3; do s6-overlay restart finishing essential || exit; done";
  const ends = await Promise.all([1, 2, 3].map(() => inside.sh(line)));
  for (const end of ends) done(end);
  ok((await stateOf(inside, "finishing")).starts! >= 4);
  equal((await stateOf(inside, "essential")).state, "up");
});

const LOOPS = /^service looping (exited 6 before it was ready|ends by itself again and again; it exited 6)$/;

/** What fails, with its exit code and its one line. */
const FAILING: Readonly<Record<string, readonly [code: number, told: RegExp]>> = {
  "s6-overlay start failing": [1, /^service failing has failed for good; it exited 4$/],
  "s6-overlay start looping": [1, LOOPS],
  "s6-overlay restart looping": [1, LOOPS],
  "s6-overlay start short": [1, /^service short exited 7 as soon as it was started$/],
  "s6-overlay start killed": [1, /^service killed was killed by KILL as soon as it was started$/],
  "s6-overlay restart later": [1, /^service later exited 8 as soon as it was started$/],
  "s6-overlay start unstartable": [
    1,
    /^service unstartable is down: run could not be started: .*\/no\/such\/interpreter/,
  ],
  "s6-overlay restart off unstartable failing": [
    1,
    /^service failing has failed for good; it exited 4; service unstartable is down: run could not be started: .*$/,
  ],
  "s6-overlay start -t 100 unready": [99, /^not done within 100 ms: service unready is up, but not ready$/],
  "s6-overlay stop -t0 finishing": [99, /^not done within 0 ms: service finishing is (up|finishing)$/],
  "s6-overlay start reday": [100, /^there is no service reday; did you mean ready\?$/],
  "s6-overlay stop off nginx": [100, /^there is no service nginx; s6-overlay status lists them$/],
  "s6-overlay start --no-wait -t 5 off": [100, /^--no-wait and -t do not go together$/],
  "s6-overlay signal NOPE off": [100, /^there is no signal NOPE: it is a name such as HUP, or a number from 1 to 64$/],
  "s6-overlay signal HUP failing unstartable": [
    1,
    /^service failing has failed for good; service unstartable is down$/,
  ],
  "s6-overlay reload failing": [1, /^service failing has failed for good$/],
};

scene("what does not come about ends with one line that says why, and a documented exit code", async ({ sh }) => {
  for (const [line, [expected, told]] of Object.entries(FAILING)) {
    const { code, stdout, stderr } = await sh(line);
    deepEqual([line, code, stdout], [line, expected, ""]);
    const [first = "", ...rest] = stderr.split("\n");
    deepEqual(rest, [""], stderr);
    equal(first.startsWith("s6-overlay: fatal: "), true, first);
    // In the order in which they have failed.
    const parts = first.slice("s6-overlay: fatal: ".length).split(/; (?=service )/);
    match(parts.toSorted().join("; "), told);
  }
  for (const words of ["start", "stop -t x off", "restart --wait off", "reload -t 5 off", "signal HUP", "stop -t"]) {
    const { code, stdout, stderr } = await sh(`s6-overlay ${words}`);
    deepEqual([words, code, stdout], [words, 100, ""]);
    match(stderr, /^s6-overlay: usage: s6-overlay \w+ .*\n$/);
  }
});

scene("where one service is unknown none is told anything", async (inside) => {
  const { pid } = await stateOf(inside, "noting");
  equal((await inside.sh("s6-overlay stop noting nope")).code, 100);
  equal((await inside.sh("s6-overlay signal KILL noting nope")).code, 100);
  deepEqual([(await stateOf(inside, "noting")).pid, (await stateOf(inside, "noting")).wanted], [pid, "up"]);
});

scene("without waiting the command ends at once, and the services do it all the same", async (inside) => {
  done(await inside.sh("s6-overlay start --no-wait unready off"));
  done(await inside.sh("s6-overlay stop --no-wait finishing deaf"));
  await untilFits(() => statesOf(inside, "deaf", "finishing"), (all) => all.every(({ state }) => state === "down"));
  await untilFits(() => stateOf(inside, "off"), isUp);
});

scene("a service whose name is no UTF-8 is found, told and waited for as any other", async ({ sh }) => {
  const named = (line: string) => sh(`n=$(printf 'a\\377'); d=/run/s6/services; ${line}`);
  const laid =
    "mkdir $d/$n; printf '#!/bin/sh\\nexec sleep 1000\\n' >$d/$n/run; chmod +x $d/$n/run; s6-svscanctl -a $d; ";
  done(await named(`${laid} until s6-overlay healthy $n >/dev/null; do sleep 0.02; done`));
  for (const line of ["restart $n", "stop $n", "start $n", "signal CONT $n", "restart -t 9000 $n"]) {
    done(await named(`s6-overlay ${line}`));
  }
  const shown = ["status $n", "explain $n", "status -j $n", "explain -j $n"];
  for (const line of shown) equal((await named(`s6-overlay ${line}`)).code, 0, line);
  const { stdout } = await named("s6-overlay status -j $n");
  deepEqual((JSON.parse(stdout) as StatusReport).services.map(({ name }) => name), ["a\uefff"]);
});

scene("signals and reloads reach run, and are not waited for", async ({ sh }) => {
  await untilFits(() => sh("cat /run/noted"), ({ stdout }) => stdout === "on\n");
  done(await sh("s6-overlay signal usr1 noting"));
  await untilFits(() => sh("cat /run/noted"), ({ stdout }) => stdout === "on\nUSR1\n");
  done(await sh("s6-overlay reload noting"));
  await untilFits(() => sh("cat /run/noted"), ({ stdout }) => stdout === "on\nUSR1\nHUP\n");
  done(await sh("s6-overlay signal 10 noting"));
  await untilFits(() => sh("cat /run/noted"), ({ stdout }) => stdout === "on\nUSR1\nHUP\nUSR1\n");
});

scene("all is all services but loggers and the overlay's own", async (inside) => {
  done(await inside.sh("s6-overlay stop all"));
  const stopped = await statesOf(inside);
  deepEqual(stopped.filter(isUp).map(({ name }) => name), ["logged/log"]);
  done(await inside.sh("s6-overlay signal CONT all"));
  const { code, stderr } = await inside.sh("s6-overlay start -t 3000 all");
  deepEqual([code, stderr.includes("service unready"), stderr.includes("fdholderd")], [99, true, false]);
  const started = (await statesOf(inside)).filter(isUp).map(({ name }) => name);
  for (const name of ["deaf", "essential", "off", "ready", "unready"]) ok(started.includes(name), name);
});

Deno.test({
  name: "where no overlay runs nothing can be told",
  ignore,
  fn: async () => {
    await using made = await root({});
    const container = start(made, { argv: ["/bin/sh", "-c", "s6-overlay stop web; echo $?"] });
    const { stdout, stderr } = await limited(container);
    equal(stdout, "111\n");
    match(stderr, /^s6-overlay: fatal: no overlay answers here: .*\n$/);
  },
});
