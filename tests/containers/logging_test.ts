// The catch-all logger and the loggers of services when a container ends and when it comes back, and what is said where
// there is no logging.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { boot, runToEnd } from "../surroundings/container.ts";

const PLAIN = { S6_LOGGING: "1", S6_LOGGING_SCRIPT: "n20 s16000000" };
const LINES = 10_000;
const STAY = "while :; do sleep 1000 & wait $!; done";
const say = (what: string): string => `n=0; while [ $n -lt ${LINES} ]; do n=$((n + 1)); echo "${what} $n"; done`;
const said = (what: string): string => Array.from({ length: LINES }, (_, line) => `${what} ${line + 1}\n`).join("");

/**
 * A service with a logger of its own in /logs/own, and one that has only the catch-all logger. HUP, which comes with the
 * last TERM, ends neither: where much else runs, that may come before they have begun to act on their first.
 */
function services(onTerm = ""): Record<string, string> {
  const run = (name: string): string =>
    `#!/bin/sh\ntrap '' HUP\ntrap '${onTerm}${
      say(`${name} run`)
    }; exit' TERM\necho ${name} is up >/proc/1/fd/1\n${STAY}\n`;
  const finish = (name: string): string => `#!/bin/sh\n${say(`${name} finish`)}\n`;
  return {
    "etc/cont-init.d/1": "#!/bin/sh\nmkdir -p /logs/own; chown nobody /logs/own\n",
    "etc/services.d/own/run": run("own"),
    "etc/services.d/own/finish": finish("own"),
    "etc/services.d/own/timeout-finish": "20000\n",
    "etc/services.d/own/log/run": "#!/bin/sh\nexec logutil-service /logs/own\n",
    "etc/services.d/plain/run": run("plain"),
    "etc/services.d/plain/finish": finish("plain"),
    "etc/services.d/plain/timeout-finish": "20000\n",
  };
}

/** Directories for the logs of both, which stay when the container has gone. */
async function logs(): Promise<{ volumes: string[]; caught: string; own: string } & AsyncDisposable> {
  const directory = await Deno.makeTempDir();
  await Deno.chmod(directory, 0o755);
  const [caught, own] = [`${directory}/caught`, `${directory}/own`];
  await Deno.mkdir(caught);
  return {
    volumes: [`${caught}:/var/log/s6-uncaught-logs`, `${directory}:/logs`],
    caught,
    own,
    [Symbol.asyncDispose]: () => Deno.remove(directory, { recursive: true }),
  };
}

const read = (directory: string): string => Deno.readTextFileSync(`${directory}/current`);
const mode = (path: string): number => Deno.statSync(path).mode! & 0o7777;
const only = (text: string, start: string): string => text.replace(new RegExp(`^(?!${start} ).*\n`, "gm"), "");

/** Nothing is missing, nothing had to be waited for until its time was over, and the loggers have ended as they should. */
function complete({ caught, own }: { caught: string; own: string }): void {
  equal(read(own), said("own run") + said("own finish"));
  const all = read(caught);
  equal(only(all, "plain"), said("plain run") + said("plain finish"));
  match(all, /\n\[s6-finish\] sending all processes the KILL signal and exiting\.\n$/);
  ok(!/timed out|still alive/.test(all), all.slice(-1000));
  deepEqual([mode(`${own}/current`), mode(`${caught}/current`)], [0o744, 0o744]);
}

Deno.test("what services say at their end is logged to the last line when the container is stopped", async () => {
  await using kept = await logs();
  await using container = await boot({ files: services(), environment: PLAIN, volumes: kept.volumes });
  for (const name of ["own", "plain"]) await container.printed(`${name} is up`);
  const { code, stderr } = await container.stop(50);
  deepEqual([code, stderr], [0, ""]);
  complete(kept);
});

Deno.test("what services say at their end is logged to the last line when the command has ended", async () => {
  await using kept = await logs();
  const command = "until [ -e /logs/go ]; do usleep 10000; done; exit 5";
  const environment = { ...PLAIN, S6_SERVICES_GRACETIME: "30000" };
  const setting = { files: services(), environment, volumes: kept.volumes, arguments: ["/bin/sh", "-c", command] };
  await using container = await boot(setting);
  for (const name of ["own", "plain"]) await container.printed(`${name} is up`);
  equal((await container.exec(["/command/s6-touch", "/logs/go"])).code, 0);
  const { code, stderr } = await container.ended;
  deepEqual([code, stderr], [5, ""]);
  complete(kept);
});

Deno.test("a logger that dies while its service ends comes up again, and nothing is lost", async () => {
  await using kept = await logs();
  // No process prints yet: the loggers have nothing in hand.
  const dead = (name: string): string =>
    `pid=$(s6-svstat -o pid ${name}); [ $pid -le 1 ] || kill -9 $pid; while [ -d /proc/$pid ]; do usleep 1000; done; `;
  const kill = dead("/var/run/s6/services/own/log") + dead("/var/run/s6/services/s6-svscan-log");
  const files = { ...services(), "etc/services.d/own/run": services(kill)["etc/services.d/own/run"]! };
  const environment = { ...PLAIN, S6_SERVICES_GRACETIME: "30000" };
  await using container = await boot({ files, environment, volumes: kept.volumes });
  for (const name of ["own", "plain"]) await container.printed(`${name} is up`);
  equal((await container.exec(["/command/s6-svc", "-wD", "-d", "/var/run/s6/services/plain"])).code, 0);
  const settled = `until grep -q "^plain finish ${LINES}$" /logs/caught/current; do usleep 10000; done`;
  equal((await container.exec(["/bin/sh", "-c", settled])).code, 0);
  const { code, stderr } = await container.stop(50);
  deepEqual([code, stderr], [0, ""]);
  equal(read(kept.own), said("own run") + said("own finish"));
  // The catch-all logger was killed, so that the files before and after are two.
  const archives = [...Deno.readDirSync(kept.caught)].map(({ name }) => name).filter((name) => name.endsWith(".u"));
  equal(archives.length, 1);
  const all = Deno.readTextFileSync(`${kept.caught}/${archives[0]}`) + read(kept.caught);
  equal(only(all, "plain"), said("plain run") + said("plain finish"));
  match(all, /KILL signal and exiting\.\n$/);
  ok(!/timed out|still alive/.test(all), all.slice(-1000));
});

Deno.test("a service that takes its time in the last seconds still has its logger", async () => {
  await using kept = await logs();
  // The line comes before the signal, which is not to end a process that prints by then.
  const waits = 'trap "" TERM; until grep -q the.TERM.signal /logs/caught/current; do usleep 10000; done; ';
  const files = services(waits);
  const environment = { ...PLAIN, S6_SERVICES_GRACETIME: "100", S6_KILL_GRACETIME: "30000" };
  await using container = await boot({ files, environment, volumes: kept.volumes });
  for (const name of ["own", "plain"]) await container.printed(`${name} is up`);
  equal((await container.stop(50)).code, 0);
  equal(read(kept.own), said("own run") + said("own finish"));
  equal(only(read(kept.caught), "plain"), said("plain run") + said("plain finish"));
});

Deno.test("what outlives the last TERM is named on the container's own standard error", async () => {
  const files = {
    "etc/services.d/work/run": "#!/bin/sh\ntrap '' TERM HUP\necho up >/proc/1/fd/1\nwhile :; do sleep 1; done\n",
  };
  const environment = { ...PLAIN, S6_SERVICES_GRACETIME: "200", S6_KILL_GRACETIME: "200" };
  await using container = await boot({ files, environment });
  await container.printed("up\n");
  const { code, stderr } = await container.stop(20);
  equal(code, 0);
  match(stderr, /^s6-finish: warning: still alive after 200 ms: [0-9]+ \S+ \(service work\)$/m);
  ok(!stderr.includes("logger"), stderr);
});

Deno.test("a logger that hangs, its fifo full, holds up neither process 1 nor the stop, and what it has not read is printed", async () => {
  const flood = "#!/bin/sh\nn=0; while :; do n=$((n + 1)); echo $n; [ $n != 5000 ] || echo full >/proc/1/fd/1; done\n";
  const files = { "etc/services.d/work/run": flood, "etc/services.d/work/down": "" };
  const environment = { ...PLAIN, S6_SERVICES_GRACETIME: "200", S6_KILL_GRACETIME: "200" };
  await using container = await boot({ files, environment });
  const [logger, work] = ["/var/run/s6/services/s6-svscan-log", "/var/run/s6/services/work"];
  while ((await container.exec(["/command/s6-svok", work])).code !== 0);
  await container.exec([
    "/bin/sh",
    "-c",
    `until [ "$(s6-svstat -o paused ${logger})" = true ]; do s6-svc -p ${logger}; done`,
  ]);
  equal((await container.exec(["/command/s6-svc", "-u", work])).code, 0);
  await container.printed("full");
  const { code, stderr } = await container.stop(20);
  equal(code, 0);
  match(
    stderr,
    /^s6-finish: warning: the catch-all logger has not ended in time\n.* has not read:\n(.*\n)*4999\n5000\n/m,
  );
});

Deno.test("the logs of an earlier run stay, also for another user, and also after a crash", async () => {
  await using kept = await logs();
  const run = (word: string, user?: string): Parameters<typeof boot>[0] => ({
    environment: { ...PLAIN, S6_LOGGING: "2", ...user === undefined ? {} : { S6_CATCHALL_USER: user } },
    volumes: kept.volumes,
    arguments: ["/bin/sh", "-c", `echo ${word}; ${word === "second" ? "exec sleep 1000" : ""}`],
  });
  await runToEnd(run("first"));
  deepEqual([mode(kept.caught), Deno.statSync(kept.caught).uid], [0o2700, 65534]);
  await using second = await boot(run("second", "daemon"));
  while ((await second.exec(["/bin/grep", "-qs", "second", "/logs/caught/current"])).code !== 0);
  const owner = (path: string): number | null => Deno.statSync(path).uid;
  deepEqual([kept.caught, `${kept.caught}/current`, `${kept.caught}/lock`].map(owner), [1, 1, 1]);
  await second.signal("KILL");
  await second.ended;
  equal((await runToEnd(run("third"))).stderr, "");
  const archives = [...Deno.readDirSync(kept.caught)].map(({ name }) => name).filter((name) => name.startsWith("@"));
  deepEqual(archives.map((name) => name.slice(25)), [".u"]);
  const words = (text: string): string[] => text.match(/^(first|second|third)$/gm) ?? [];
  deepEqual(words(Deno.readTextFileSync(`${kept.caught}/${archives[0]}`)), ["first", "second"]);
  deepEqual(words(read(kept.caught)), ["third"]);
});

const COMMAND = ["/bin/sh", "-c", "echo command with $S6_LOGGING"];
const WITHOUT = "s6-overlay: warning: no catch-all logger, so everything is printed here as with S6_LOGGING=0: ";

Deno.test("a directory that cannot be written is told, and everything is printed", async () => {
  const { code, stdout, stderr } = await runToEnd({
    environment: { S6_LOGGING: "1", S6_READ_ONLY_ROOT: "1" },
    readOnly: true,
    temporary: ["/run:rw,exec"],
    arguments: COMMAND,
  });
  equal(code, 0);
  match(stdout, /^\[s6-init\] .*\n(.*\n)*command with 1\n\[cmd\] \/bin\/sh exited 0\n/);
  const why =
    "unable to prepare /var/log/s6-uncaught-logs: Read-only file system; a volume or tmpfs there can be written to";
  equal(stderr, `${WITHOUT}${why}\n`);
});

Deno.test("a logger that does not start is told, and everything is printed", async () => {
  const environment = { S6_LOGGING: "2", S6_LOGGING_SCRIPT: "what" };
  const { code, stdout, stderr } = await runToEnd({ environment, arguments: COMMAND });
  equal(code, 0);
  match(stdout, /^command with 2\n\[cmd\] \/bin\/sh exited 0\n/m);
  equal(stderr, `s6-log: fatal: unrecognized directive: what\n${WITHOUT}it exited 100, as it says above\n`);
});

Deno.test("a user that does not exist is told, and nobody logs", async () => {
  const environment = { S6_LOGGING: "1", S6_CATCHALL_USER: "bob" };
  const look = ["/bin/stat", "-c", "%U %a", "/var/log/s6-uncaught-logs/current"];
  const { stdout, stderr } = await runToEnd({ environment, arguments: look });
  equal(stdout, "nobody 644\n");
  equal(
    stderr,
    's6-overlay: warning: S6_CATCHALL_USER="bob": no such account in /etc/passwd; using the default, nobody\n',
  );
});

Deno.test("where there is no account nobody, its place is taken by 32768", async () => {
  const files = { "etc/passwd": "root:x:0:0:root:/:/bin/sh\n", "etc/group": "root:x:0:\n" };
  const look = ["/bin/stat", "-c", "%u %g %a", "/var/log/s6-uncaught-logs", "/var/log/s6-uncaught-logs/current"];
  const { stdout, stderr } = await runToEnd({ files, environment: { S6_LOGGING: "1" }, arguments: look });
  deepEqual([stdout, stderr], ["32768 32768 2700\n32768 32768 644\n", ""]);
});

Deno.test("without root there is no catch-all logger, and logutil-service cannot become another user", async () => {
  const start = "mkdir -p /var/run/s6; chown nobody:nobody /var/run/s6; exec s6-setuidgid nobody /init sh -c " +
    "'echo line | logutil-service -u daemon /tmp'";
  const entrypoint = ["/bin/sh", "-c", start];
  const environment = { S6_LOGGING: "1", PATH: "/command:/bin" };
  const { stderr } = await runToEnd({ environment, entrypoint });
  match(stderr, new RegExp(`^${WITHOUT}only root can start it as nobody, and this is user 65534$`, "m"));
  match(stderr, /^logutil-service: fatal: only root can become daemon: as another user, log with s6-log itself$/m);
});

Deno.test("a program that makes its output non-blocking does so to nobody else", async () => {
  const files = {
    "etc/services.d/loud/run": "#!/command/execlineb -P\nfdblock -n 1\nredirfd -w 3 /run/set\nsleep 1000\n",
  };
  const flags = (process: string): string => `$(sed -n 's/^flags:[^0]*//p' /proc/${process}/fdinfo/1)`;
  const look = "until [ -e /run/set ]; do usleep 10000; done; pid=$(s6-svstat -o pid /run/service/loud); " +
    `[ $((${flags("$pid")} & 04000)) != 0 ] && [ $((${flags("self")} & 04000)) = 0 ] && exit 7`;
  const environment = { S6_LOGGING: "2" };
  const { code, stderr } = await runToEnd({ files, environment, arguments: ["/bin/sh", "-c", look] });
  deepEqual([code, stderr], [7, ""]);
});

Deno.test("the command's environment has what S6_LOGGING comes to", async () => {
  for (const [given, logging] of [[undefined, "0"], ["no", "0"], ["1", "1"]] as const) {
    for (const kept of ["0", "1"]) {
      const environment = { S6_KEEP_ENV: kept, ...given === undefined ? {} : { S6_LOGGING: given } };
      const { stdout, stderr } = await runToEnd({ environment, arguments: COMMAND });
      match(stdout, new RegExp(`^command with ${logging}$`, "m"));
      const warning = 's6-overlay: warning: S6_LOGGING="no": not a number; using the default, 0\n';
      equal(stderr, given === "no" ? warning : "");
    }
  }
});
