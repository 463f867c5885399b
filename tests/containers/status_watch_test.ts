// s6-overlay status --watch at a terminal: what it draws, what its keys do, and that it leaves the terminal as it was.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { isInstalled } from "../../scripts/command.ts";
import type { Given } from "../rows/harness.ts";
import { type Inside, insideOf, untilFits } from "../surroundings/inside.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { limited, root, start } from "../surroundings/quick.ts";
import { TestTerminal } from "../surroundings/terminal.ts";

const ignore = !canIsolate || !isInstalled("tmux");
const script = (...lines: string[]): Given => ({ content: `#!/bin/sh\n${lines.join("\n")}\n`, mode: 0o755 });

const FILES: Readonly<Record<string, Given>> = {
  "etc/services.d/alpha/run": script("exec sleep 1000"),
  "etc/services.d/beta/run": script("echo a line of beta", "exec sleep 1000"),
  "etc/services.d/beta/log/run": script("exec s6-log -b -- n3 /run/log"),
  "etc/services.d/last/run": script("exec sleep 1000"),
  "etc/services.d/last/finish": script("[ ! -e /run/hold ] || until [ -e /run/go ]; do sleep 0.05; done"),
};

/** What a shell in the container does around it: how it ended, and whether the terminal is as before. */
const AROUND = 'trap : INT TERM HUP; before=$(stty -g); s6-overlay status --watch; echo "code $?"; ' +
  '[ "$(stty -g)" = "$before" ] && echo restored';
/** The terminal stays. */
const STAY = 'trap : INT; "$@"; exec cat';

function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
}

function watching({ entering }: Inside): string {
  return quoted(["sh", "-c", STAY, "sh", ...entering(["/bin/sh", "-c", AROUND])]);
}

async function atTerminal(work: (terminal: TestTerminal, inside: Inside) => Promise<void>): Promise<void> {
  await using made = await root(FILES);
  const container = start(made, { environment: { S6_SERVICES_GRACETIME: "20000" } });
  const inside = await insideOf(container);
  await container.printed("[services.d] done.\n");
  try {
    await using terminal = await TestTerminal.open(watching(inside), 100, 16);
    await terminal.shows(/^alpha +up .*\n(.*\n)*.*q quit$/m);
    await work(terminal, inside);
  } finally {
    await Deno.writeTextFile(`/proc/${inside.pid}/root/run/go`, "").catch(() => {});
    if (await isAlive(inside.pid)) Deno.kill(inside.pid, "SIGTERM");
    equal((await limited(container)).code, 0);
  }
}

async function isAlive(pid: number): Promise<boolean> {
  return await Deno.stat(`/proc/${pid}`).then(() => true, () => false);
}

function scene(name: string, work: (terminal: TestTerminal, inside: Inside) => Promise<void>): void {
  Deno.test({ name, ignore, fn: () => atTerminal(work) });
}

/** The process, as the machine outside sees it. */
async function watcherOf(inside: Inside): Promise<number> {
  const pattern = "s6-overlay.status.--watch";
  const found = await untilFits(
    async () => {
      const pids: number[] = [];
      for await (const { name } of Deno.readDir("/proc")) {
        const line = await Deno.readTextFile(`/proc/${name}/cmdline`).catch(() => "");
        const place = await Deno.readLink(`/proc/${name}/ns/pid`).catch(() => "");
        const isOurs = place === await Deno.readLink(`/proc/${inside.pid}/ns/pid`).catch(() => "none");
        if (isOurs && new RegExp(`^${pattern}`).test(line)) pids.push(Number(name));
      }
      return pids;
    },
    (pids) => pids.length === 1,
  );
  return found[0]!;
}

scene("services are selected, stopped, started and restarted by keys, and the table follows", async (terminal) => {
  match(
    await terminal.screen(),
    /^container: running without a command, for [\d.]+ m?s\n\nSERVICE +STATE .* CPU\nalpha /,
  );
  await terminal.press("s");
  await terminal.shows(/^alpha +down .*killed by TERM(.*\n)*stop alpha: told$/m);
  await terminal.press("u");
  await terminal.shows(/^alpha +up .*(.*\n)*start alpha: told$/m);
  await terminal.press("Down");
  await terminal.press("r");
  await terminal.shows(/^beta +up .* 1 +killed by TERM(.*\n)*restart beta: told$/m);
  await terminal.press("k", "s");
  await terminal.shows(/^alpha +down (.*\n)*stop alpha: told$/m);
  // A second later there is a load to tell.
  await terminal.shows(/^beta +up .* \d+ %$/m);
  await terminal.press("q");
  const screen = await terminal.shows(/restored/);
  deepEqual(screen.trim().split("\n").slice(-2), ["code 0", "restored"]);
});

scene("the last lines of a log are shown, or where the output goes", async (terminal) => {
  await terminal.press("l");
  await terminal.shows(
    /^alpha has no logger: its output is the container's own \(docker logs, kubectl logs\)\n(.*\n)*l back /,
  );
  await terminal.press("l");
  await terminal.shows(/^alpha +up /m);
  await terminal.press("j", "l");
  await terminal.shows(/^beta: \/run\/log\n\na line of beta\n/);
  // Keys that change something do nothing here.
  await terminal.press("s", "l");
  await terminal.shows(/^beta +up /m);
  await terminal.press("q");
  await terminal.shows(/code 0\nrestored/);
});

scene("a terminal that changes its size gets another table at once", async (terminal) => {
  await terminal.resize(44, 10);
  const narrow = await terminal.shows(/^SERVICE +STATE +FOR +PID(?!.*CPU)/m);
  ok(narrow.split("\n").every((line) => line.length <= 44), narrow);
  await terminal.resize(100, 16);
  await terminal.shows(/^SERVICE .* CPU$/m);
  await terminal.press("C-c");
  await terminal.shows(/code 0\nrestored/);
});

for (const [signal, code] of [["SIGTERM", 143], ["SIGHUP", 129], ["SIGQUIT", 131]] as const) {
  scene(`the terminal is as it was after ${signal}`, async (terminal, inside) => {
    Deno.kill(await watcherOf(inside), signal);
    await terminal.shows(new RegExp(`^code ${code}\nrestored$`, "m"));
  });
}

scene("where process 1 no longer listens it tells what is on disk, and a failure leaves the terminal as it was", async (
  terminal,
  inside,
) => {
  await inside.sh("rm /run/s6/questions");
  await terminal.shows(/^note: what is on disk: no overlay answers here: (.*\n)*alpha +up /m);
  await inside.sh("mv /run/s6/services /run/elsewhere");
  await terminal.shows(/^s6-overlay: fatal: no overlay answers here: .*\n(.*\n)?code 111\nrestored$/m);
  await inside.sh("mv /run/elsewhere /run/s6/services");
});

scene("it goes on while the container stops, and says why it ended", async (terminal, inside) => {
  await inside.sh("touch /run/hold");
  Deno.kill(inside.pid, "SIGTERM");
  await terminal.shows(/^container: stopping its services, for [\d.]+ m?s; cause: TERM; it has [\d.]+ s left$/m);
  await inside.sh("touch /run/go");
  await terminal.shows(/^s6-overlay: warning: the container is stopping: TERM\ncode (129|143)\nrestored$/m);
});
