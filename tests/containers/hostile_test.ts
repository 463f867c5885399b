// A service's user attacks process 1 with all that a user has: signals, stopped processes, fifos and leases where files are
// expected, full pipes. All other processes go on as if nothing were.

import { equal, match, ok } from "node:assert/strict";
import { output } from "../../scripts/command.ts";
import { boot, type Booted, type Setting } from "../surroundings/container.ts";
import { untilSupervised } from "../surroundings/supervised.ts";

const SOURCE = new URL("../hostile/attack.c", import.meta.url).pathname;
/** How often the other service is killed: at most once in 1.2 seconds. */
const RESTARTS = Number(Deno.env.get("HOSTILE_RESTARTS") ?? 12);
const GOOD = "/var/run/s6/services/good";
const MOST_GROWTH = 10_000; // KB

/** The directory with the attacking program. It is mounted: what lies on a volume is not for process 1 to read. */
async function attacker(): Promise<string> {
  const directory = await Deno.makeTempDir();
  await Deno.chmod(directory, 0o755);
  await output(["gcc", "-O2", "-static", "-o", `${directory}/attack`, SOURCE]);
  return directory;
}

const run = (...lines: string[]): string => `#!/command/execlineb -P\n${lines.join("\n")}\n`;

function setting(directory: string): Setting {
  return {
    timeLimit: 60_000 + 2000 * RESTARTS,
    volumes: [`${directory}:/hostile`],
    files: {
      // It comes back each second, so that there is always a player of its user's to be stopped.
      "etc/services.d/evil/run":
        "#!/bin/sh\ns6-setuidgid nobody /hostile/attack attack &\nexec s6-setuidgid nobody true\n",
      "etc/services.d/fast/run": run("s6-setuidgid nobody", "true"),
      "etc/services.d/flood/run": run("s6-setuidgid nobody", "/hostile/attack flood"),
      "etc/services.d/flood/notification-fd": "3\n",
      "etc/services.d/lease/run": run("s6-setuidgid nobody", "/hostile/attack lease /home/evil/leased/file"),
      "etc/services.d/leased/run": run("s6-envdir /home/evil/leased", "s6-setuidgid nobody", "true"),
      "etc/services.d/envdir/run": run("s6-envdir /home/evil/env", "s6-setuidgid nobody", "true"),
      "etc/services.d/waits/run": run("redirfd -w 1 /home/evil/waits", "s6-setuidgid nobody", "true"),
      "etc/services.d/good/run": run("/hostile/attack good"),
      "etc/services.d/good/notification-fd": "3\n",
    },
    // A reader of the fifo in env would let the process go that waits in the other, and its user may then hold it for
    // itself.
    prepare: "mkdir -p /home/evil/env /home/evil/leased /tmp && mkfifo /home/evil/env/fifo /home/evil/waits && " +
      "touch /home/evil/leased/file && chown -R 65534:65534 /home/evil && chmod 1777 /tmp",
  };
}

async function memoryOf(container: Booted): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${await container.pid()}/status`);
  return Number(/^VmRSS:\s+([0-9]+)/m.exec(status)![1]);
}

Deno.test("a hostile service user holds nobody else up, and TERM stops the container in time", async () => {
  const directory = await attacker();
  await using container = await boot(setting(directory));
  await container.printed("[services.d] done.");
  const untilGood = `${untilSupervised(GOOD)}; s6-svwait -U ${GOOD}`;
  equal((await container.exec(["/bin/sh", "-c", untilGood])).code, 0);
  const before = await memoryOf(container);

  const { code, stdout } = await container.exec(["/hostile/attack", "restart", `${RESTARTS}`]);
  equal(code, 0);
  match(stdout, new RegExp(`^${RESTARTS} restarts, the slowest after `));
  console.log(`  ${stdout.trim()}`);
  const growth = await memoryOf(container) - before;
  ok(growth < MOST_GROWTH, `process 1 has grown by ${growth} KB`);

  // A player that waits in a fifo, as root, is ended by the usual command.
  equal((await container.exec(["/command/s6-svc", "-wD", "-T", "5000", "-d", "/var/run/s6/services/waits"])).code, 0);

  const ended = await container.stop(20);
  equal(ended.code, 0, ended.stderr);
  await Deno.remove(directory, { recursive: true });
});
