// Stories of containers that are not process 1, of another user, that may do less than others, or more.

import { equal, match, notEqual } from "node:assert/strict";
import { CollectedProcess } from "../../scripts/container_process.ts";
import { BOUND } from "../surroundings/bound.ts";
import { type EngineStory, printedBy, stopsInOrder, whenHealthy } from "./story.ts";

/** A story in which the container with these options is healthy, something holds in it, and it stops in order. */
function lives(
  story: Omit<EngineStory, "play">,
  ...lines: readonly (readonly [line: string, says: RegExp])[]
): EngineStory {
  return {
    ...story,
    checks: `${story.checks}; it is healthy, and stops in order`,
    play: async (start) => {
      await using subject = await start();
      await whenHealthy(subject);
      for (const [line, says] of lines) match(await printedBy(subject, line), says);
      await stopsInOrder(subject);
    },
  };
}

const CAPABILITIES = "grep CapEff /proc/1/status";

/** Takes memory until it is killed. */
const GREEDY = "tail /dev/zero; echo ended with $?";
/** Starts more processes than there may be, and ends those that it got. */
const FERTILE =
  `(trap 'kill $all' EXIT; for at in $(seq 300); do sleep 1000 & all="$all $!"; done) 2>&1; echo lives on`;

/** Those of the command, and of a service. */
const LIMITS =
  "echo $(ulimit -Sn) $(ulimit -Hn); grep 'open files' /proc/$(s6-svstat -o pid /run/s6/services/web)/limits";

export const CONFINED_STORIES: readonly EngineStory[] = [
  lives(
    { name: "an init of the engine's", options: ["--init"], checks: "/init is not process 1" },
    ["cat /proc/1/comm", /^(docker-init|podman-init|init)$/],
    ["s6-overlay status -j | grep -c .", /^[1-9]/],
  ),
  {
    name: "the machine's processes",
    options: ["--pid", "host"],
    checks: "the container stops in order, and ends no process but its own",
    play: async (start) => {
      const bystander = new CollectedProcess([...BOUND, "sleep", "1000"]);
      await using subject = await start();
      await whenHealthy(subject);
      notEqual(await printedBy(subject, "cat /proc/1/comm"), "init");
      await stopsInOrder(subject);
      Deno.kill(bystander.pid, "SIGUSR1");
      equal((await bystander.ended).code, 128 + 10);
    },
  },
  lives(
    { name: "another user", options: ["--user", "82:82"], checks: "all of it runs as that user" },
    ["id -u", /^82$/],
    ["stat -c %u /proc/1", /^82$/],
  ),
  lives(
    {
      name: "another user, with a place for the state",
      options: ["--user", "82:82", "--tmpfs", "/run/s6:exec"],
      checks: "the state directory is at its usual place",
    },
    ["stat -c %u /run/s6/services/web/supervise", /^82$/],
  ),
  lives(
    {
      name: "a root that cannot be written to",
      options: ["--read-only"],
      checks: "the state directory is where it can be",
    },
    ["touch /etc/written 2>/dev/null || echo refused", /^refused$/],
  ),
  lives(
    {
      name: "such a root, with a tmpfs",
      options: ["--read-only", "--tmpfs", "/run"],
      checks: "the state directory is at its usual place",
    },
    ["ls /run/s6/services", /^web$/m],
  ),
  lives(
    { name: "no capability", options: ["--cap-drop", "all"], checks: "process 1 has none" },
    [CAPABILITIES, /\b0{16}$/],
  ),
  lives(
    { name: "no new privileges", options: ["--security-opt", "no-new-privileges"], checks: "the kernel says so" },
    ["grep NoNewPrivs /proc/1/status", /1$/],
  ),
  lives(
    {
      name: "as cautious as it gets",
      options: [
        ...["--user", "82:82", "--read-only", "--tmpfs", "/run/s6:exec", "--cap-drop", "all"],
        ...["--security-opt", "no-new-privileges", "--pids-limit", "100", "--memory", "128m"],
      ],
      checks: "all of that together",
    },
    [CAPABILITIES, /\b0{16}$/],
  ),
  lives(
    { name: "a privileged container", options: ["--privileged"], checks: "process 1 may do what root may" },
    [CAPABILITIES, /[1-9a-f]{6}$/],
  ),
  lives(
    {
      name: "users of its own",
      options: ["--uidmap", "0:100000:65536"],
      checks: "root is nobody in particular outside",
    },
    ["cat /proc/self/uid_map", /^\s*0\s+100000\s+65536$/],
  ),
  {
    name: "little memory",
    options: ["--memory", "64m"],
    checks: "a command that takes more is killed, and the container ends in order",
    play: async (start) => {
      await using subject = await start("sh", "-c", GREEDY);
      const { code, stdout } = await subject.ended;
      match(stdout, /^ended with 137$[^]*^finish script$/m);
      equal(code, 0);
    },
  },
  {
    name: "few processes",
    options: ["--pids-limit", "100"],
    checks: "a command that starts more fails, and the container ends in order",
    play: async (start) => {
      await using subject = await start("sh", "-c", FERTILE);
      const { code, stdout } = await subject.ended;
      match(stdout, /can't fork/);
      match(stdout, /^lives on$[^]*^finish script$/m);
      equal(code, 0);
    },
  },
  {
    name: "few open files",
    options: ["--ulimit", "nofile=300:400"],
    checks: "services and the command have these limits, and no others",
    play: async (start) => {
      await using subject = await start("sh", "-c", LIMITS);
      const { code, stdout } = await subject.ended;
      match(stdout, /^300 400$/m);
      match(stdout, /^Max open files +300 +400 /m);
      equal(code, 0);
    },
  },
];
