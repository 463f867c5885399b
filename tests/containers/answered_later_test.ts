// Calls of s6-svwait that process 1 answers later: whatever becomes of the caller, of the service or of the container, it
// ends as it does where process 1 answers nothing; and who waits is the launcher and nothing more.

import { deepEqual, equal } from "node:assert/strict";
import type { Given } from "../rows/harness.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { limited, type Root, root, start } from "../surroundings/quick.ts";
import { untilWaited, WAITED } from "../surroundings/waiting_callers.ts";

const ignore = !canIsolate;
const script = (...lines: string[]): Given => ({ content: `#!/bin/sh\n${lines.join("\n")}\n`, mode: 0o755 });

const FILES: Readonly<Record<string, Given>> = {
  ...WAITED,
  "etc/services.d/web/run": script("exec sleep 1000"),
  "etc/services.d/idle/run": script("exec sleep 1000"),
  "etc/services.d/idle/down": "",
  // Fails for good once it is started.
  "etc/services.d/failing/run": script("exit 3"),
  "etc/services.d/failing/finish": script("exit 125"),
  "etc/services.d/failing/down": "",
  "etc/services.d/failing/notification-fd": "3\n",
  "srv/extra/run": script("exec sleep 1000"),
  "srv/extra/down": "",
};

const AT = "/run/s6/services";
const IDLE = `${AT}/idle`;
/** However slow the machine is, this is a wait that never ends. */
const LIMIT = 120_000;

async function printed(made: Root, answers: "0" | "1", ...lines: readonly string[]): Promise<string> {
  const environment = { S6_ANSWER_CALLS: answers, S6_VERBOSITY: "0" };
  const command = ["exec 2>&1", `s6-svwait -u -t 20000 ${AT}/web`, ...lines].join("\n");
  const container = start(made, { environment, argv: ["/init", "/bin/sh", "-c", command] });
  const { code, stdout, stderr } = await limited(container, LIMIT);
  return `${stdout}${stderr}exit code ${code}\n`;
}

/** `s6-svwait ARGUMENTS` in the background; the lines while $pid waits for the last service; then how it has ended. */
function during(args: string, ...lines: readonly string[]): readonly string[] {
  const service = args.slice(args.lastIndexOf(" ") + 1);
  return [`s6-svwait ${args} & pid=$!`, untilWaited(1, service), ...lines, "wait $pid; echo $?"];
}

const untilState = (letter: string): string =>
  `until grep -q '^State:.${letter}' /proc/$pid/status; do :; done 2>/dev/null`;
const DOWN_AGAIN = `s6-svc -wD -d ${IDLE}`;

/** What is done while a caller waits, and what comes of it. */
const STORIES: Readonly<Record<string, readonly [lines: readonly string[], prints: string]>> = {
  "it is ended by signals": [
    // The shell may say by what signal, or not.
    [
      "{",
      ...["TERM", "HUP", "KILL"].flatMap((signal) => during(`-u ${IDLE}`, `kill -${signal} $pid`)),
      "} 2>/dev/null",
    ],
    "143\n129\n137\n",
  ],
  "it is stopped, and goes on when its service is up": [
    [
      ...during(`-u ${IDLE}`, "kill -STOP $pid", untilState("T"), `s6-svc -wu -u ${IDLE}`, "kill -CONT $pid"),
      DOWN_AGAIN,
      ...during(
        `-u ${IDLE}`,
        "kill -STOP $pid",
        untilState("T"),
        "kill -CONT $pid",
        untilState("S"),
        `s6-svc -u ${IDLE}`,
      ),
      DOWN_AGAIN,
    ],
    "0\n0\n",
  ],
  "its time is over while it is stopped": [
    during(`-u -t 300 ${IDLE}`, "kill -STOP $pid", untilState("T"), "sleep 0.5", "kill -CONT $pid"),
    "s6-svwait: fatal: timed out\n99\n",
  ],
  "nobody reads what it complains of": [
    [
      `s6-svwait -u -t 10 ${IDLE} 2>&-; echo $?`,
      `s6-svwait -u -t 10 ${IDLE} 2>/dev/full; echo $?`,
      `s6-svwait -u -t 10 ${IDLE} <&- >&- 2>&-; echo $?`,
      `(s6-svwait -U ${AT}/failing 2>&1; echo $? >/tmp/code) | {`,
      "  exec </dev/null",
      `  ${untilWaited(1, `${AT}/failing`)}`,
      `  s6-svc -u ${AT}/failing`,
      "}; cat /tmp/code",
    ],
    "99\n99\n99\n141\n",
  ],
  "its service fails for good": [
    during(`-U ${AT}/failing`, `s6-svc -u ${AT}/failing`),
    "s6-svwait: fatal: some services reported permanent failure or their supervisor died\n1\n",
  ],
  "two of its services fail": [
    [
      ...during(`-U ${AT}/failing ${IDLE}`, `s6-svc -u ${AT}/failing`, `s6-svc -x ${IDLE}`),
      `until s6-svok ${IDLE}; do :; done`,
    ],
    "s6-svwait: fatal: some services reported permanent failure or their supervisor died\n2\n",
  ],
  "its service is taken out of the scan directory": [
    [
      // Where no other container has it too.
      `cp -r /srv/extra /run; ln -s /run/extra ${AT}; s6-svscanctl -a ${AT}; until s6-svok ${AT}/extra; do :; done`,
      ...during(`-u ${AT}/extra`, `rm ${AT}/extra`, `s6-svscanctl -an ${AT}`),
    ],
    "s6-svwait: fatal: some services reported permanent failure or their supervisor died\n1\n",
  ],
  "its supervisor ends and is replaced, and it waits for another one too": [
    [
      ...during(
        `-a -u ${IDLE} ${AT}/failing`,
        `s6-svc -x ${IDLE}`,
        `until s6-svc -wu -u ${IDLE} 2>/dev/null; do :; done`,
        `s6-svc -u ${AT}/failing`,
      ),
      DOWN_AGAIN,
    ],
    "s6-svwait: fatal: some services reported permanent failure or their supervisor died\n1\n",
  ],
  "s6-svc waits for what it has sent": [
    [
      `s6-svc -wu -u ${IDLE}; echo $?; s6-svc -wu -u ${IDLE}; echo $?; s6-svc -wr -r ${IDLE}; echo $?`,
      `s6-svc -wd -T 10 ${IDLE}; echo $?; s6-svc -wR -T 10 -p ${IDLE} 2>&1; echo $?`,
      `s6-svc -wD -cd ${IDLE}; echo $?; s6-svc -wu -T 10 ${IDLE}; echo $?; s6-svc -wD -a ${IDLE}; echo $?`,
      `s6-svc -wU -u ${AT}/failing; echo $?; mkdir /run/none; s6-svc -wu -u /run/none; echo $?; s6-svc -wu -u /nowhere; echo $?`,
      `s6-svc -wu -x ${IDLE}; echo $?; until s6-svok ${IDLE}; do :; done`,
      `s6-svc -wu -u ${IDLE} ${AT}/web; echo $?; s6-svc -wD -d ${IDLE} ${AT}/failing; echo $?`,
    ],
    [
      "0\n0\n0\n",
      "s6-svc: fatal: timed out\n99\n",
      `s6-svc: warning: ${IDLE}/notification-fd not present - ignoring request for readiness notification\n`,
      "s6-svc: fatal: timed out\n99\n",
      "0\ns6-svc: fatal: timed out\n99\n0\n",
      `s6-svc: fatal: ${AT}/failing failed permanently or its supervisor died\n1\n`,
      "s6-svc: fatal: unable to read status for /run/none: No such file or directory\n111\n",
      "s6-svc: fatal: unable to subscribe to events for /nowhere: No such file or directory\n111\n",
      `s6-svc: fatal: ${IDLE} failed permanently or its supervisor died\n1\n`,
      "0\n0\n",
    ].join(""),
  ],
  "s6-svc sends nothing where no supervisor reads": [
    [
      `mv ${IDLE}/supervise/control /run/control`,
      `s6-svc -wu -u ${IDLE}; echo $?; s6-svc -wu -u ${IDLE} <&- >&-; echo $?`,
      `mv /run/control ${IDLE}/supervise/control; s6-svc -wd -T 5000 ${IDLE}; echo $?`,
    ],
    `${`s6-svc: fatal: unable to control ${IDLE}: supervisor not listening\n102\n`.repeat(2)}0\n`,
  ],
  "a chain, a condition and a loop wait": [
    [
      `execlineb -Pc 'foreground { s6-svwait -u -t 10 ${IDLE} } importas -u ? ? s6-echo $?'`,
      `execlineb -Pc 'if { s6-svwait -u -t 10 ${IDLE} } s6-echo no'; echo $?`,
      `execlineb -Pc 'backtick -D none v { s6-svwait -u -t 10 ${IDLE} } importas -u v v s6-echo $v'`,
      `s6-softlimit -o 64 s6-svwait -u -t 10 ${IDLE}; echo $?`,
      `cd ${AT}; s6-svwait -u -t 10 idle; echo $?; s6-svwait -u -t 10 ./idle/; echo $?; cd /`,
      `s6-svwait -u -t 10 ${IDLE}///; echo $?`,
      `s6-setuidgid nobody s6-svwait -u -t 10 ${IDLE} 2>/dev/null; echo $?`,
    ],
    `${"s6-svwait: fatal: timed out\n99\n".repeat(2)}${"s6-svwait: fatal: timed out\n"}none\n${
      "s6-svwait: fatal: timed out\n99\n".repeat(4)
    }111\n`,
  ],
};

Deno.test({
  name: "whatever is done while a caller waits, it ends as one that waits by itself",
  ignore,
  fn: async () => {
    await using made = await root(FILES);
    const lines = Object.values(STORIES).flatMap(([steps]) => [...steps, "echo"]);
    const [answered, alone] = await Promise.all([printed(made, "1", ...lines), printed(made, "0", ...lines)]);
    for (const [at, [name, [, prints]]] of Object.entries(STORIES).entries()) {
      equal(`${name}:\n${alone.split("\n\n")[at]}\n`, `${name}:\n${prints}`);
    }
    equal(answered, alone);
  },
});

/** One that waits with $pid. A caller whose first answer comes too late waits by itself, on a busy machine. */
function heldByLauncher(service: string): readonly string[] {
  return [
    "tries=100",
    `while s6-svwait -u ${service} & pid=$!; ${untilWaited(1, service)}; [ "$(ls ${service}/event)" ]; do`,
    `  kill $pid; wait $pid; rm -f ${service}/event/*; [ $((tries -= 1)) -gt 0 ] || break`,
    "done 2>/dev/null",
  ];
}

Deno.test({
  name: "who waits for its answer is the launcher and holds little memory, and process 1 forgets it when it ends",
  ignore,
  fn: async () => {
    await using made = await root(FILES);
    // The one that listens, and one for each caller that is held.
    const untilSockets = (count: number): string =>
      `until [ $(for fd in /proc/1/fd/*; do readlink $fd; done | grep -c ^socket) -eq ${count} ]; do :; done`;
    const said = await printed(
      made,
      "1",
      ...heldByLauncher(IDLE),
      `${untilSockets(2)}; readlink /proc/$pid/exe; wc -w </proc/$pid/task/$pid/children`,
      "awk '/^Private/ { sum += $2 } END { print (sum < 200) }' /proc/$pid/smaps_rollup",
      `kill -9 $pid; ${untilSockets(1)}; s6-svc -wu -u ${IDLE}; echo $?`,
    );
    equal(said, "/usr/lib/s6-overlay/launcher\n0\n1\n0\nexit code 0\n");
  },
});

Deno.test({
  name: "two hundred wait at once, and each ends when the service is up",
  ignore,
  fn: async () => {
    await using made = await root(FILES);
    const said = await printed(
      made,
      "1",
      "ulimit -n 1024",
      `for i in $(s6-seq 200); do { s6-svwait -u ${IDLE}; echo $?; } & done`,
      untilWaited(200, IDLE),
      `s6-svstat -u ${IDLE}; s6-overlay healthy`,
      `s6-svc -u ${IDLE}`,
      "wait",
    );
    equal(said, `false\nhealthy\n${"0\n".repeat(200)}exit code 0\n`);
  },
});

Deno.test({
  name: "who waits for a service whose directory is removed learns of the end of its supervisor",
  ignore,
  fn: async () => {
    await using made = await root(FILES);
    const extra = `${AT}/extra`;
    const said = await printed(
      made,
      "1",
      `cp -r /srv/extra ${AT}; s6-svscanctl -a ${AT}; until s6-svok ${extra}; do :; done`,
      ...heldByLauncher(extra),
      `rm -r ${extra}; s6-svscanctl -an ${AT}; wait $pid; echo $?`,
    );
    equal(said, "1\nexit code 0\n");
  },
});

Deno.test({
  name: "a run script that waits is the launcher, and its service begins when the other is up",
  ignore,
  fn: async () => {
    await using made = await root({
      ...FILES,
      "etc/services.d/later/run": {
        content: `#!/command/execlineb -P\nif { s6-svwait -u ${IDLE} }\ntouch /run/begun\n`,
        mode: 0o755,
      },
      "etc/services.d/later/finish": script("exit 125"),
    });
    const said = await printed(
      made,
      "1",
      untilWaited(1, IDLE),
      "[ -e /run/begun ] || echo waits",
      `s6-svc -u ${IDLE}; until [ -e /run/begun ]; do :; done; echo begins`,
    );
    equal(said, "waits\nbegins\nexit code 0\n");
  },
});

Deno.test({
  name: "a container stops while callers wait: those for what goes down learn of it, and the others end with it",
  ignore,
  fn: async () => {
    await using made = await root({
      ...FILES,
      // Goes down at the stop, and waits for another one that does.
      "etc/services.d/first/run": script("exec sleep 1000"),
      "etc/services.d/first/finish": script(
        `s6-svwait -d -t 20000 ${AT}/second; echo "first: second is down: $?"`,
      ),
      "etc/services.d/second/run": script(
        `trap '${untilWaited(3, `${AT}/second`)}; exit 0' TERM`,
        "sleep 1000 & wait",
      ),
    });
    const lines = [
      `s6-svwait -u -t 20000 ${AT}/first ${AT}/second`,
      `s6-svwait -U ${AT}/second 2>/dev/null &`,
      `s6-svwait -D ${AT}/second &`,
      untilWaited(2, `${AT}/second`),
      "exit 7",
    ];
    const [answered, alone] = await Promise.all([printed(made, "1", ...lines), printed(made, "0", ...lines)]);
    deepEqual([answered, alone], Array.from({ length: 2 }, () => "first: second is down: 0\nexit code 7\n"));
  },
});
