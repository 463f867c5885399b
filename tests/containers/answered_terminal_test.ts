// Programs whose calls process 1 answers, at a terminal: a conversation is stopped and goes on in the foreground, and ends
// with what is interrupted, as one program would.

import { deepEqual, equal } from "node:assert/strict";
import { boot, type Booted } from "../surroundings/container.ts";
import { WAITED } from "../surroundings/waiting_callers.ts";

const CONTROL = { c: "\x03", z: "\x1a" };
/** It has a child that stays; behind that, it says more. */
const LONG = "execlineb -Pc 'foreground { s6-echo begun } foreground { sleep 1000 } s6-echo over'\n";

/** Waits until a sleep has the terminal. */
async function sleeps(container: Booted): Promise<void> {
  const script = 'until pid=$(pidof sleep) && set -- $(cat /proc/$pid/stat) && [ "$5" = "$8" ] && [ $3 = S ]; do ' +
    "usleep 10000; done";
  equal((await container.exec(["/bin/sh", "-c", script])).code, 0);
}

/** Waits until the shell has the terminal again, and has printed all that it has to say. */
async function prompts(container: Booted): Promise<void> {
  const isWriting = "grep -q '^[0-9]* 0x[12] ' /proc/$pid/syscall";
  const script = "while :; do for pid in $(pidof sh); do set -- $(cat /proc/$pid/stat); " +
    `[ $7 = 0 ] || [ $5 != $8 ] || [ $3 != S ] || ${isWriting} || exit 0; done; usleep 10000; done`;
  equal((await container.exec(["/bin/sh", "-c", script])).code, 0);
}

/** What a shell says of the program at each key. */
async function told(answers: "0" | "1"): Promise<readonly string[]> {
  const environment = { TERM: "vt100", S6_ANSWER_CALLS: answers };
  await using container = await boot({ terminal: true, environment, arguments: ["/bin/sh"] });
  await container.printed("[services.d] done.");
  await container.type(LONG);
  await sleeps(container);
  await container.type(CONTROL.z);
  await container.printed("Stopped");
  await prompts(container);
  await container.type("echo code-$?; jobs; echo listed-$((1+1))\n");
  await container.printed("listed-2");
  await container.type("fg\n");
  await sleeps(container);
  await container.type(CONTROL.c);
  await prompts(container);
  await container.type("echo code-$?; echo again-$((1+2))\n");
  await container.printed("again-3");
  await container.type(LONG);
  await sleeps(container);
  await container.type(CONTROL.z);
  await container.printed("Stopped", 3);
  await prompts(container);
  await container.type("bg; kill $(pidof sleep); wait; echo waited-$((2+2))\n");
  await container.printed("waited-4");
  await container.type("exit 5\n");
  const { code, stdout } = await container.ended;
  equal(code, 5, stdout);
  // The echo of what is typed comes when it may.
  return stdout.replaceAll("^Z", "").match(/^(?:\[1\].*|(?:begun|over|[a-z]+-\d+))(?=\r$)/gm) ?? [];
}

Deno.test("job control of a shell is the same for programs that process 1 answers", async () => {
  for (const lines of await Promise.all([told("1"), told("0")])) {
    const stopped = lines.find((line) => line.includes("Stopped"));
    const more = ["begun", stopped, "code-148", stopped, "listed-2", "code-130", "again-3", "begun", stopped];
    deepEqual(lines.slice(0, more.length), more);
    // The shell's own notice comes before or behind.
    deepEqual(["over", "waited-4"].filter((line) => !lines.includes(line)), []);
  }
});

const IDLE = "/run/s6/services/idle";
/** Waits until the call has the terminal and waits, in a process of its own or for its answer. */
const WAITS = "until pid=$(pidof s6-svwait) && set -- $(cat /proc/$pid/stat) && [ $5 = $8 ] && " +
  `/waited 1 ${IDLE} && [ $3 = S ]; do usleep 10000; done`;

/** What a shell says of a wait at each key. */
async function toldOfWait(answers: "0" | "1"): Promise<readonly string[]> {
  const environment = { TERM: "vt100", S6_ANSWER_CALLS: answers };
  const files = {
    ...WAITED,
    "etc/services.d/idle/run": { content: "#!/bin/sh\nexec sleep 1000\n", mode: 0o755 },
    "etc/services.d/idle/down": "",
  };
  await using container = await boot({ terminal: true, environment, files, arguments: ["/bin/sh"] });
  const waits = async (): Promise<void> => equal((await container.exec(["/bin/sh", "-c", WAITS])).code, 0);
  await container.printed("[services.d] done.");
  await container.type(`s6-svwait -u ${IDLE}\n`);
  await waits();
  await container.type(CONTROL.z);
  await container.printed("Stopped");
  await prompts(container);
  await container.type("echo code-$?; fg\n");
  await waits();
  await container.type(CONTROL.c);
  await prompts(container);
  await container.type(`echo code-$?; s6-svwait -u ${IDLE}\n`);
  await waits();
  await container.type(CONTROL.z);
  await container.printed("Stopped", 2);
  await prompts(container);
  await container.type(`s6-svc -wu -u ${IDLE}; fg; echo code-$?; exit 5\n`);
  const { code, stdout } = await container.ended;
  equal(code, 5, stdout);
  return stdout.match(/^code-\d+(?=\r$)/gm) ?? [];
}

Deno.test("job control of a shell is the same for a wait that process 1 answers later", async () => {
  for (const codes of await Promise.all([toldOfWait("1"), toldOfWait("0")])) {
    deepEqual(codes, ["code-148", "code-130", "code-0"]);
  }
});
