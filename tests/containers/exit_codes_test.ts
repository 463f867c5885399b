// The container's exit code, whatever decides it: every code and every signal of the command and of an essential
// service, and what scripts ask for.

import { deepEqual, equal, match } from "node:assert/strict";
import { SIGNAL, signalName } from "../../lib/signals.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { inParallel, quickly, type Root, root } from "../surroundings/quick.ts";

// Those with a meaning, and some between.
const CODES = [0, 1, 2, 42, 63, 64, 77, 99, 100, 111, 125, 126, 127, 128, 129, 137, 143, 200, 254, 255];
const STOPPING = new Set(["SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU"]);
/** Of no consequence where no process catches them. */
const HARMLESS = new Set(["SIGCHLD", "SIGCONT", "SIGURG", "SIGWINCH"]);
const DEADLY = Array.from({ length: 64 }, (_, at) => at + 1)
  .filter((signal) => !STOPPING.has(signalName(signal)) && !HARMLESS.has(signalName(signal)))
  // The C library keeps these two to itself, and the shell refuses to send them.
  .filter((signal) => signal !== 32 && signal !== 33);

/** Shell words that die of the signal. The shell itself cannot be killed by QUIT. */
function dieOf(signal: number): string {
  if (signal !== SIGNAL.QUIT) return `kill -${signal} $$; exit 77`;
  return `exec execlineb -Pc 'getpid P importas -u P P foreground { kill -QUIT $P } exit 77'`;
}

const ESSENTIAL = {
  "etc/services.d/main/run": script('#!/usr/bin/with-contenv sh\neval "$END"\n'),
  "etc/services.d/main/finish": script('#!/usr/bin/with-contenv sh\necho "finish $1 $2"\neval "$FINISH"\n'),
  "etc/services.d/main/essential": "",
  "etc/services.d/other/run": script("#!/bin/sh\nexec sleep 1000\n"),
};

function script(content: string): { content: string; mode: number } {
  return { content, mode: 0o755 };
}

function sweep(name: string, work: (root: Root) => Promise<void>): void {
  Deno.test({ name, ignore: !canIsolate, fn: () => withRoot(work) });
}

async function withRoot(work: (root: Root) => Promise<void>): Promise<void> {
  await using made = await root(ESSENTIAL);
  await work(made);
}

/** The end of a container whose command, or essential service, does this. */
async function endOf(root: Root, environment: Record<string, string>, ...command: string[]): Promise<string> {
  const { code, stdout, stderr } = await quickly(root, { environment, argv: ["/init", ...command] });
  const told = stderr.replace(/^s6-overlay: info: essential service main (?:exited|was killed by) .*\n/, "");
  const finish = /^finish .*$/m.exec(stdout.slice(0, stdout.indexOf("[cont-finish.d]")))?.[0];
  return [code, finish, told].filter((part) => part !== undefined && part !== "").join(" ");
}

const STAY = { END: "exec sleep 1000", FINISH: "" };

sweep("a command that exits n makes the container exit n, for many a code", async (root) => {
  const ends = await inParallel(CODES, (code) => endOf(root, STAY, "/bin/sh", "-c", `exit ${code}`));
  deepEqual(ends, CODES.map((code) => `${code}`));
});

sweep("a command that signal n kills makes the container exit 128 + n, for each signal", async (root) => {
  const ends = await inParallel(DEADLY, (signal) => endOf(root, STAY, "/bin/sh", "-c", dieOf(signal)));
  deepEqual(ends, DEADLY.map((signal) => `${128 + signal}`));
});

sweep("an essential service that exits n ends the container with n, for many a code", async (root) => {
  const ends = await inParallel(CODES, (code) => endOf(root, { END: `exit ${code}` }));
  deepEqual(ends, CODES.map((code) => `${code} finish ${code} 0`));
});

sweep("an essential service that signal n kills ends the container with 128 + n, for each signal", async (root) => {
  const ends = await inParallel(DEADLY, (signal) => endOf(root, { END: dieOf(signal) }));
  deepEqual(ends, DEADLY.map((signal) => `${128 + signal} finish 256 ${signal}`));
});

const RECORD = "/var/run/s6/env-stage3/S6_STAGE2_EXITED";
const RESULT = "/run/s6-linux-init-container-results/exitcode";

const SAYS: Readonly<Record<string, readonly [Record<string, string>, readonly string[], string]>> = {
  "finish of an essential service has the last word, in the manner of v2": [
    { END: "exit 3", FINISH: `printf 77 > ${RECORD}` },
    [],
    "77 finish 3 0",
  ],
  "finish of an essential service has the last word, in the manner of v3": [
    { END: "exit 3", FINISH: `echo 78 > ${RESULT}` },
    [],
    "78 finish 3 0",
  ],
  "an essential service that fails for good ends the container": [
    { END: "exit 3", FINISH: "exit 125" },
    [],
    "3 finish 3 0",
  ],
  "an essential service counts, whatever the command does then": [
    { END: "exit 3" },
    ["/bin/sleep", "1000"],
    "3 finish 3 0",
  ],
  "so does one whose directory has been moved out of the scan directory": [
    { END: "exec sleep 1000" },
    [
      "/bin/sh",
      "-c",
      `PATH=/command:$PATH; cd /run/service; up() { until s6-svstat -o pid $1 | grep -q '^[1-9]'; do sleep 0.01; done; }
      up main; mv main /run/main; s6-svscanctl -a .; up /run/main; kill $(s6-svstat -o pid /run/main); exec sleep 1000`,
    ],
    "143 finish 256 15",
  ],
  "the command's code counts if it ends first": [
    { END: "trap 'exit 4' TERM; while :; do sleep 0.01; done" },
    ["/bin/sh", "-c", "exit 9"],
    "9",
  ],
  "a number in the file of v3 counts more than the command": [
    STAY,
    ["/bin/sh", "-c", `echo 5 > ${RESULT}; exit 9`],
    "5",
  ],
  "256 + n stands for signal n, in the file of v3 too": [STAY, ["/bin/sh", "-c", `echo 265 > ${RESULT}`], "137"],
  "what is no number there is told, and does not count": [
    STAY,
    ["/bin/sh", "-c", `echo five > ${RESULT}; exit 9`],
    `9 s6-overlay: warning: ${RESULT} holds "five", which is no exit code\n`,
  ],
  "finish reads 0 there before it writes, and its code counts more than that of the command": [
    { END: "kill -9 $$", FINISH: `[ "$(cat ${RESULT})" = 0 ] && echo $((128 + $2)) >${RESULT}` },
    ["/bin/sleep", "1000"],
    "137 finish 256 9",
  ],
  "a 0 that finish writes there counts": [{ END: "exit 3", FINISH: `echo 0 >${RESULT}` }, [], "0 finish 3 0"],
  "an empty file there does not count": [STAY, ["/bin/sh", "-c", `: > ${RESULT}; exit 9`], "9"],
  "halt from inside ends the container with 0": [STAY, ["/bin/sh", "-c", "/command/halt; exec sleep 1000"], "0"],
  "halt of v3 from inside ends it with the code asked for": [
    STAY,
    ["/bin/sh", "-c", `echo 6 > ${RESULT}; /run/s6/basedir/bin/halt; exec sleep 1000`],
    "6",
  ],
};

for (const [name, [environment, command, end]] of Object.entries(SAYS)) {
  sweep(name, async (root) => {
    const ended = await endOf(root, environment, ...command);
    equal(end.includes("finish") ? ended : ended.replace(/ finish [0-9]+ [0-9]+/, ""), end);
  });
}

sweep("scripts find 0 from the boot on, and the command's code at the end", async (root) => {
  const last = `${root.path}/etc/cont-finish.d/last`;
  const show = `cd /var/run/s6; echo "$(cat ${RESULT} env-stage3/S6_STAGE2_EXITED 2>/dev/null | tr '\\n' '+')"`;
  await Deno.writeTextFile(last, `#!/bin/sh\n${show}\n`, { mode: 0o755 });
  for (const [behaviour, found] of [["0", "0"], ["1", "00"], ["2", "00"]] as const) {
    const environment = { ...STAY, S6_BEHAVIOUR_IF_STAGE2_FAILS: behaviour };
    const { code, stdout } = await quickly(root, {
      environment,
      argv: ["/init", "/bin/sh", "-c", `${show}; kill -9 $$`],
    });
    deepEqual([code, stdout.match(/^[0-9]+$/gm)], [137, [found, "137265"]]);
  }
});

sweep("an exit code that an earlier run has left does not count", async (root) => {
  const before = `mkdir -p \${1%/*} && echo 9 >$1 && exec /init true`;
  const { code, stderr } = await quickly(root, { environment: STAY, argv: ["/bin/sh", "-c", before, "sh", RESULT] });
  deepEqual([code, stderr], [0, ""]);
});

sweep("an essential service may be taken down and restarted", async (root) => {
  const service = "/var/run/s6/services/main";
  const steps = `s6-svwait -u ${service} && s6-svc -wd -T5000 -d ${service} && s6-svc -wu -T5000 -u ${service} &&
    s6-svc -wr -T5000 -r ${service} && s6-svc -wD -D ${service} && exit 42`;
  const { code, stdout } = await quickly(root, { environment: STAY, argv: ["/init", "/bin/sh", "-c", steps] });
  equal(code, 42);
  match(stdout, new RegExp(`^finish 256 ${SIGNAL.TERM}\nfinish 256 ${SIGNAL.TERM}\nfinish 256 ${SIGNAL.TERM}\n`, "m"));
});
