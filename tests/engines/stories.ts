// The stories of the matrix: what people do with containers and what they put behind `docker run`, and what must be so then.

import { equal, match, notEqual, ok } from "node:assert/strict";
import { CollectedProcess } from "../../scripts/container_process.ts";
import { atTerminal } from "../../scripts/container_terminal.ts";
import { untilFits } from "../surroundings/inside.ts";
import { type EngineStory, printedBy, SECONDS, sh, stopsInOrder, whenHealthy } from "./story.ts";
import { CONFINED_STORIES } from "./confined_stories.ts";

/** The life of a container. */
const LIFE: readonly EngineStory[] = [
  {
    name: "a command",
    options: [],
    checks: "it runs once the services are up, and its exit code is the container's",
    play: async (start) => {
      await using subject = await start("sh", "-c", "echo hello; exit 3");
      const { code, stdout, stderr } = await subject.ended;
      match(`${stdout}${stderr}`, /web runs/);
      match(stdout, /^init script$[^]*^hello$[^]*^finish script$/m);
      equal(code, 3);
    },
  },
  {
    name: "stop",
    options: [],
    checks: "services and finish scripts end in order, long before the engine would kill, with code 0",
    play: async (start) => {
      await using subject = await start();
      await whenHealthy(subject);
      await stopsInOrder(subject);
    },
  },
  {
    name: "stop, of an image with another signal",
    options: ["--stop-signal", "SIGQUIT"],
    checks: "as with SIGTERM",
    play: async (start) => {
      await using subject = await start();
      await whenHealthy(subject);
      await stopsInOrder(subject);
    },
  },
  {
    name: "kill",
    options: [],
    checks: "the container ends at once, and nothing of it is left",
    play: async (start) => {
      await using subject = await start();
      await whenHealthy(subject);
      const web = await machinePid(await subject.pid());
      await subject.signal("KILL");
      // 137, but for unshare(1).
      notEqual((await subject.ended).code, 0);
      await untilFits(() => Promise.resolve(isAlive(web)), (alive) => !alive);
    },
  },
  {
    name: "restart",
    options: [],
    checks: "nothing of the first life is in the way of the second, which is healthy and stops in order",
    play: async (start) => {
      await using first = await start();
      await whenHealthy(first);
      await using second = await first.restart(SECONDS);
      await whenHealthy(second);
      await stopsInOrder(second);
    },
  },
  {
    name: "run detached, and logs",
    options: ["-d"],
    checks: "the engine has what scripts, services and the overlay print",
    play: async (start) => {
      await using subject = await start();
      await whenHealthy(subject);
      await stopsInOrder(subject);
      match(`${subject.stdout}${subject.stderr}`, /init script/);
    },
  },
  {
    name: "a restart policy",
    options: ["-d", "--restart", "on-failure:1"],
    checks: "the engine sees the failure of the command, and starts the container once more",
    play: async (start) => {
      await using subject = await start("sh", "-c", "echo a life; exit 3");
      await subject.restartedByEngine(1);
    },
  },
  {
    name: "pause and unpause",
    options: [],
    checks: "the container is healthy after it, and stops in order",
    play: async (start) => {
      await using subject = await start();
      await whenHealthy(subject);
      await subject.pause();
      await subject.unpause();
      await whenHealthy(subject);
      await stopsInOrder(subject);
    },
  },
  {
    name: "a health check",
    options: ["--health-cmd", "s6-overlay healthy web", "--health-interval", "1s", "--health-retries", "1"],
    checks: "healthy once the service is ready, unhealthy when it was stopped, and healthy again",
    play: async (start) => {
      await using subject = await start();
      const becomes = (wanted: string): Promise<string> => untilFits(() => subject.health(), (told) => told === wanted);
      await becomes("healthy");
      await printedBy(subject, "s6-svc -wD -d /run/s6/services/web");
      await becomes("unhealthy");
      await printedBy(subject, "s6-svc -wU -u /run/s6/services/web");
      await becomes("healthy");
    },
  },
];

/** The first child of the service's supervisor tree that is no part of the overlay, as the machine sees it. */
async function machinePid(init: number): Promise<number> {
  const children = await Deno.readTextFile(`/proc/${init}/task/${init}/children`);
  const pids = children.trim().split(" ").filter((pid) => /web\/?run|\.\/run/.test(commandLineOf(Number(pid))));
  ok(pids.length > 0, `no service among ${children}`);
  return Number(pids[0]);
}

function commandLineOf(pid: number): string {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/cmdline`).replaceAll("\0", " ");
  } catch {
    return "";
  }
}

function isAlive(pid: number): boolean {
  return commandLineOf(pid) !== "";
}

/** People at a container. */
const PEOPLE: readonly EngineStory[] = [
  {
    name: "exec",
    options: ["-e", "GREETING=hello"],
    checks: "a command in the container has the overlay's programs, and its exit code is told",
    play: async (start) => {
      await using subject = await start();
      await whenHealthy(subject);
      equal(await printedBy(subject, "s6-svstat -o up,ready /run/s6/services/web"), "true true");
      equal(await printedBy(subject, "with-contenv sh -c 'echo $GREETING'"), "hello");
      equal((await sh(subject, "exit 7")).code, 7);
    },
  },
  {
    name: "exec as another user",
    options: [],
    checks: "that user may not control the services of root",
    play: async (start) => {
      await using subject = await start();
      await whenHealthy(subject);
      const other = ["-u", "82:82"];
      equal(await printedBy(subject, "id -u", other), "82");
      notEqual((await sh(subject, "s6-svc -d /run/s6/services/web", other)).code, 0);
      await whenHealthy(subject);
    },
  },
  {
    name: "exec at a terminal",
    options: [],
    checks: "a shell there has job control's terminal and ends with its own code",
    play: async (start) => {
      await using subject = await start();
      await whenHealthy(subject);
      const shell = new CollectedProcess(atTerminal(await subject.entering(["sh"], ["-t", "-i"])), null);
      await shell.type("test -t 0 && echo at a ter''minal\n");
      await shell.printed("at a terminal");
      await shell.type("exit 5\n");
      equal((await shell.ended).code, 5);
      await stopsInOrder(subject);
    },
  },
  {
    name: "a shell at a terminal",
    options: ["-t", "-i"],
    checks: "it has the terminal, its size and control C, and its exit code is the container's",
    play: async (start) => {
      await using subject = await start("sh");
      await subject.printed("#");
      await subject.resize(101, 37);
      await subject.type("until stty size | grep -q '37 101'; do :; done; echo si''zed\n");
      await subject.printed("sized");
      await subject.type("sleep 1234\n");
      // The shell takes no signal between its start of a program and the moment in which the terminal is the program's.
      await printedBy(subject, "until ps | grep -q '[s]leep 1234'; do :; done");
      await subject.type("\x03");
      await subject.type("echo go''es on\n");
      await subject.printed("goes on");
      await subject.type("exit 4\n");
      equal((await subject.ended).code, 4);
    },
  },
  {
    name: "a terminal, and nobody at it",
    options: ["-t"],
    checks: "the command prints to it, and the container ends",
    play: async (start) => {
      await using subject = await start("sh", "-c", "test -t 1 && echo a terminal");
      const { code, stdout } = await subject.ended;
      match(stdout, /^a terminal\r$/m);
      equal(code, 0);
    },
  },
  {
    name: "standard input",
    options: ["-i"],
    checks: "the command reads it to its end",
    stdin: "one\ntwo\n",
    play: async (start) => {
      await using subject = await start("wc", "-l");
      const { code, stdout } = await subject.ended;
      match(stdout, /^2$/m);
      equal(code, 0);
    },
  },
  {
    name: "variables and a directory",
    options: ["-e", "GREETING=hello", "-w", "/home"],
    checks: "the command has them",
    play: async (start) => {
      await using subject = await start("sh", "-c", "echo $GREETING in $PWD");
      match((await subject.ended).stdout, /^hello in \/home$/m);
    },
  },
];

export const ENGINE_STORIES: readonly EngineStory[] = [...LIFE, ...PEOPLE, ...CONFINED_STORIES];
