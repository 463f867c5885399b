// A conversation between a caller and process 1 that breaks off at each of its steps: the caller goes on by itself, and does
// what is left to do once; or it is killed, and leaves nothing behind in process 1; or it is stopped, and goes on later.

import { deepEqual, equal, ok } from "node:assert/strict";
import { collect } from "../../scripts/container_process.ts";
import { shell } from "../rows/harness.ts";
import { heldByProcessOne, untilNoMoreHeld } from "../surroundings/descriptors.ts";
import { type Inside, insideOf } from "../surroundings/inside.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { limited, root, start } from "../surroundings/quick.ts";

/** Runs commands in all the ways that a course has. */
const COURSE =
  "foreground { /once } heredoc 0 text foreground { s6-cat } backtick -E v { s6-echo b } if { s6-true } background -d { s6-true } " +
  'forbacktickx -E i { printf "1\\n2\\n" } s6-echo ${v}${i}';
const PRINTED = "textb1\nb2\n";
const DONE = "a\n";

/** More than it has. */
const STEPS = 18;

/** What breaks off at a step, as strace has it happen. */
const BROKEN: readonly string[] = [
  "connect:error=ECONNREFUSED",
  "connect:error=EAGAIN",
  "sendmsg:error=EPIPE",
  "ppoll:retval=0",
  "recvfrom:retval=0",
  "recvfrom:error=ECONNRESET",
];
/** The calls in which a conversation can be left. */
const CALLS = ["connect", "sendmsg", "ppoll", "recvfrom", "wait4", "clone"];

interface Broken {
  readonly code: number;
  readonly stdout: string;
  /** It came to this step. */
  readonly happened: boolean;
}

/** The course, called by a process in which something happens at the given call of its kind. */
async function courseWith(inside: Inside, injected: string, step: number, trace: string): Promise<Broken> {
  const [name = ""] = injected.split(":");
  // nsenter starts it as a child. What it runs itself has no second step.
  const strace = ["strace", "-f", "-qq", "-e", `trace=${name}`, "-e", `inject=${injected}:when=${step}`, "-o", trace];
  const { code, stdout } = await collect([...strace, ...inside.entering(["/command/execlineb", "-Pc", COURSE])]);
  const text = await Deno.readTextFile(trace);
  return { code, stdout, happened: /INJECTED|killed by SIGKILL/.test(text) };
}

/** Has it happen at each step. @returns how often it did */
async function atEachStep(
  inside: Inside,
  injected: string,
  judge: (broken: Broken, step: number) => void | Promise<void>,
): Promise<number> {
  const trace = await Deno.makeTempFile();
  let count = 0;
  for (let step = 1; step <= STEPS; step++) {
    const broken = await courseWith(inside, injected, step, trace);
    if (!broken.happened) break;
    count++;
    await judge(broken, step);
  }
  await Deno.remove(trace);
  return count;
}

async function within(work: (inside: Inside) => Promise<void>): Promise<void> {
  await using made = await root({ "once": shell("echo a >>/tmp/done"), "stop": shell("kill -STOP $PPID", "printf x") });
  const container = start(made, { argv: ["/init", "/bin/sh", "-c", "echo the command runs; exec sleep 1000"] });
  const ended = limited(container, 200_000);
  const inside = await insideOf(container);
  await container.printed("the command runs\n");
  try {
    await work(inside);
  } finally {
    Deno.kill(inside.pid, "SIGTERM");
    await ended;
  }
}

const taken = async (inside: Inside): Promise<string> => (await inside.sh("cat /tmp/done; rm /tmp/done")).stdout;

for (const injected of BROKEN) {
  Deno.test({
    name: `a caller goes on by itself wherever the conversation breaks off: ${injected}`,
    ignore: !canIsolate,
    fn: () =>
      within(async (inside) => {
        const count = await atEachStep(inside, injected, async ({ code, stdout }, step) => {
          deepEqual([code, stdout, await taken(inside)], [0, PRINTED, DONE], `at step ${step}`);
        });
        ok(count > 0, "nothing has happened at any step");
      }),
  });
}

Deno.test({
  name: "a caller that is killed at any step leaves nothing in process 1",
  ignore: !canIsolate,
  fn: () =>
    within(async (inside) => {
      // What process 1 answers comes after the end of what it held to start the command.
      equal((await inside.sh(`execlineb -Pc '${COURSE}'; rm /tmp/done`)).stdout, PRINTED);
      const before = await heldByProcessOne(inside);
      for (const name of CALLS) {
        // Where an answer comes late it has gone on by itself by then, and a child of its own is killed.
        let killed = 0;
        await atEachStep(inside, `${name}:signal=KILL`, ({ code }) => {
          if (code === 137) killed++;
        });
        ok(killed > 0, `it was not killed at ${name}`);
      }
      await untilNoMoreHeld(inside, before);
      equal((await inside.sh("s6-echo hi")).stdout, "hi\n");
    }),
});

/** Has its parent stopped, which is the caller, waits until another process continues it, and goes on. */
const STOPPING =
  "foreground { redirfd -w 1 /dev/null /stop } backtick -E v { /stop } if { redirfd -w 1 /dev/null /stop } forbacktickx -E i { s6-echo 1 } s6-echo ${v}${i}";

Deno.test({
  name: "a caller that is stopped in a conversation goes on when it is continued, and holds nothing up",
  ignore: !canIsolate,
  fn: () =>
    within(async (inside) => {
      const { stdout } = await inside.sh([
        `execlineb -Pc '${STOPPING}' & pid=$!`,
        // A process that was continued is no longer stopped when kill ends: it is if it has stopped again.
        "for stop in 1 2 3; do",
        "  until grep -q '^State:.T' /proc/$pid/status; do sleep 0.02; done",
        "  s6-echo answered; kill -CONT $pid",
        "done; wait $pid; echo $?",
      ].join("\n"));
      equal(stdout, "answered\nanswered\nanswered\nx1\n0\n");
    }),
});
