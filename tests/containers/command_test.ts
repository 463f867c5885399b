// The container's command and what it is connected to: a terminal with input typed at it, a pipe, services that come
// and go beside it. Exit codes are in life_test.ts, commands that cannot be executed in bad_input_test.ts.

import { equal, match, ok } from "node:assert/strict";
import { boot, type Booted, runToEnd } from "../surroundings/container.ts";

const SERVICES = "/var/run/s6/services";
const CONTROL = { c: "\x03", d: "\x04", z: "\x1a" };

/** Waits until a program has the terminal: its process group is the one in the foreground. */
async function hasTerminal(container: Booted, program: string): Promise<void> {
  const script = `until pid=$(pidof ${program}) && set -- $(cat /proc/$pid/stat) && [ "$5" = "$8" ]; do ` +
    "usleep 10000; done";
  equal((await container.exec(["/bin/sh", "-c", script])).code, 0);
}

Deno.test("a shell at a terminal has job control, and the keys reach what is in the foreground, not process 1", async () => {
  await using container = await boot({ terminal: true, environment: { TERM: "vt100" }, arguments: ["/bin/sh"] });
  await container.printed("[services.d] done.");
  // What is typed is echoed: the answers have to look different.
  await container.type("echo term-$TERM-$((1+1)); test -t 0 -a -t 1 -a -t 2 && echo terminal-$((1+2))\n");
  await container.printed("term-vt100-2");
  await container.printed("terminal-3");
  await container.type("sleep 1000 &\njobs\n");
  await container.printed("Running");
  await container.type("fg\n");
  await hasTerminal(container, "sleep");
  await container.type(CONTROL.c);
  await container.type("echo after-$((4+4))\n");
  await container.printed("after-8");
  await container.type("sleep 2000\n");
  await hasTerminal(container, "sleep");
  await container.type(CONTROL.z);
  await container.printed("Stopped");
  await container.type("bg\njobs\n");
  await container.printed("Running", 2);
  await container.type("kill %1; echo killed-$((5+5))\n");
  await container.printed("killed-10");
  await container.type("exit 5\n");
  const { code, stdout } = await container.ended;
  equal(code, 5, stdout);
  match(stdout, /^\[cmd\] \/bin\/sh exited 5\r$/m);
  ok(!/job control|can't access|cache/.test(stdout), stdout);
});

Deno.test("the end of input ends a shell at a terminal", async () => {
  await using container = await boot({ terminal: true, arguments: ["/bin/sh"] });
  await container.printed("[services.d] done.");
  // Only a shell that waits for a line sees the key.
  await container.printed("/ # ");
  await container.type(CONTROL.d);
  equal((await container.ended).code, 0);
});

Deno.test("Ctrl-C at a terminal ends the command as signal 2 would", async () => {
  await using container = await boot({ terminal: true, arguments: ["/bin/sleep", "1000"] });
  await container.printed("[services.d] done.");
  await hasTerminal(container, "sleep");
  await container.type(CONTROL.c);
  const { code, stdout } = await container.ended;
  equal(code, 130, stdout);
  match(stdout, /\[cmd\] \/bin\/sleep exited 258 \(killed by signal 2\)\r\n\[cont-finish\.d\] exec/);
});

Deno.test("a terminal that gets another size tells the command", async () => {
  const script = "trap 'stty size; exit 6' WINCH; echo ready; while :; do usleep 10000; done";
  await using container = await boot({ terminal: true, arguments: ["/bin/sh", "-c", script] });
  await container.printed("ready\r\n");
  await container.resize(101, 41);
  await container.printed("41 101\r\n");
  equal((await container.ended).code, 6);
});

Deno.test("WINCH to process 1 does nothing at a terminal, but what a setting says", async () => {
  const script = "echo ready; read line; echo got $line; exit 6";
  await using container = await boot({ terminal: true, arguments: ["/bin/sh", "-c", script] });
  await container.printed("ready\r\n");
  await container.signal("WINCH");
  await container.type("a line\n");
  await container.printed("got a line\r\n");
  equal((await container.ended).code, 6);
  const environment = { S6_SIGNAL_WINCH: "stop" };
  await using stopped = await boot({ terminal: true, environment, arguments: ["/bin/sh", "-c", script] });
  await stopped.printed("ready\r\n");
  await stopped.signal("WINCH");
  equal((await stopped.ended).code, 0);
});

Deno.test("WINCH to process 1 stops the container where no terminal is, as images of httpd are stopped", async () => {
  await using container = await boot({ arguments: ["/bin/sh", "-c", "echo ready; exec sleep 1000"] });
  await container.printed("ready\n");
  await container.signal("WINCH");
  const { code, stdout } = await container.ended;
  equal(code, 0, stdout);
  match(stdout, /^\[cont-finish\.d\] executing/m);
  const trap = ["/bin/sh", "-c", "trap 'exit 6' WINCH; echo ready; while :; do usleep 10000; done"];
  await using forwarding = await boot({ environment: { S6_SIGNAL_WINCH: "forward" }, arguments: trap });
  await forwarding.printed("ready\n");
  await forwarding.signal("WINCH");
  equal((await forwarding.ended).code, 6);
});

for (const [what, size] of [["a line", 2], ["no byte", 0], ["many megabytes", 16 << 20]] as const) {
  Deno.test(`${what} from a pipe arrives whole, and then its end`, async () => {
    const { code, stdout, stderr } = await runToEnd({ stdin: "x\n".repeat(size / 2), arguments: ["/bin/wc", "-c"] });
    equal(code, 0, stderr);
    match(stdout, new RegExp(`^${size}\\n\\[cmd\\] /bin/wc exited 0$`, "m"));
  });
}

Deno.test("services do not take from the command's input, and scripts may", async () => {
  const files = {
    "etc/cont-init.d/01": "#!/bin/sh\nread line; echo script: $line\n",
    "etc/services.d/work/run": "#!/bin/sh\ncat >/dev/null; echo service: end of input\nexec sleep 1000\n",
  };
  const environment = { S6_CMD_WAIT_FOR_SERVICES: "1" };
  // A byte at a time, as a shell reads from a pipe.
  const { stdout } = await runToEnd({ files, environment, stdin: "first\nsecond\n", arguments: ["/bin/cat"] });
  match(stdout, /^script: first$/m);
  match(stdout, /^second$/m);
});

Deno.test("the command may end while services restart", async () => {
  const files = {
    "etc/services.d/fails/run": "#!/bin/sh\nexit 1\n",
    "etc/services.d/restarts/run": "#!/bin/sh\necho started\n",
    "etc/services.d/restarts/finish": "#!/bin/sh\nexec sleep 0.3\n",
    "etc/services.d/held/run": "#!/bin/sh\nexec sleep 1000\n",
  };
  const wait =
    `cd ${SERVICES}; until s6-svdt restarts | grep -q . && s6-svdt fails | grep -q .; do usleep 10000; done; ` +
    "s6-svc -r held; exit 9";
  const { code, stdout, stderr } = await runToEnd({ files, arguments: ["/bin/sh", "-c", wait] });
  equal(code, 9, stderr);
  match(stdout, /KILL signal and exiting\.\n$/);
});

Deno.test("a command that puts itself into the background ends the container, and what it left is told to end", async () => {
  const daemon = "trap '' HUP; trap 'echo daemon is told; exit' TERM; >/tmp/told; while :; do usleep 10000; done";
  const command = `setsid sh -c "${daemon}" & until test -e /tmp/told; do usleep 10000; done; exit 4`;
  const { code, stdout, stderr } = await runToEnd({ arguments: ["/bin/sh", "-c", command] });
  equal(code, 4, stderr);
  match(stdout, /\[cmd\] \/bin\/sh exited 4\n[^]*TERM signal\.\n[^]*daemon is told\n/);
  ok(!stderr.includes("still alive"), stderr);
});

const REFUSED: Readonly<Record<string, number>> = { "/etc": 126, "/etc/passwd": 126, "/no/such": 127, "no-such": 127 };

for (const [command, code] of Object.entries(REFUSED)) {
  Deno.test(`"${command}" as a command ends the container with ${code}`, async () => {
    const ended = await runToEnd({ arguments: [command, "word"] });
    equal(ended.code, code, ended.stderr);
    match(ended.stdout, new RegExp(`^\\[cmd\\] ${command} exited ${code}$`, "m"));
    match(ended.stderr, /^s6-overlay: fatal: unable to exec [^\n]*\n$/);
  });
}
