// Why a container has ended: its last line, for each row of README's table of exit codes, and the file in which
// Kubernetes looks for it. How much is said beside it, S6_VERBOSITY decides.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { ContainerEnd } from "../../scripts/engine.ts";
import type { Given } from "../rows/harness.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { firstProcess, limited, quickly, type Root, root, start } from "../surroundings/quick.ts";

const script = (content: string): Given => ({ content: `#!/usr/bin/with-contenv sh\n${content}\n`, mode: 0o755 });

const FILES: Readonly<Record<string, Given>> = {
  "etc/cont-init.d/10-first": script('eval "$FIRST"'),
  "etc/services.d/web/run": script('eval "$WEB"; exec sleep 1000'),
  "etc/services.d/web/essential": "",
  "etc/services.d/plain/run": script('eval "$PLAIN"; exec sleep 1000'),
  "etc/services.d/plain/finish": script('eval "$FINISH"'),
  "etc/fix-attrs.d/10-x": "/tmp false root 0777 0777\n",
  "etc/cont-finish.d/show": script('[ ! -e /dev/termination-log ] || echo "found: $(cat /dev/termination-log)"'),
};

interface Row {
  readonly environment?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  /** A signal for process 1, when the service runs. */
  readonly signal?: Deno.Signal;
  readonly code: number;
  readonly cause: string;
}

const ROWS: Readonly<Record<string, Row>> = {
  "the command exits": { command: ["sh", "-c", "exit 3"], code: 3, cause: "the command exited 3" },
  "the command succeeds": { command: ["true"], code: 0, cause: "the command exited 0" },
  "a signal kills the command": {
    command: ["sh", "-c", "kill -KILL $$"],
    code: 137,
    cause: "the command was killed by KILL",
  },
  "the command does not exist": { command: ["nope"], code: 127, cause: "the command exited 127" },
  "the command cannot be executed": { command: ["/etc/passwd"], code: 126, cause: "the command exited 126" },
  "an init script fails": {
    environment: { FIRST: "exit 4", S6_BEHAVIOUR_IF_STAGE2_FAILS: "2" },
    command: ["true"],
    code: 1,
    cause: "initialization failed: cont-init.d/10-first exited 4",
  },
  "an essential service exits": { environment: { WEB: "exit 5" }, code: 5, cause: "essential service web exited 5" },
  "a signal kills an essential service": {
    environment: { WEB: "kill -KILL $$" },
    code: 137,
    cause: "essential service web was killed by KILL",
  },
  "TERM comes": { signal: "SIGTERM", code: 0, cause: "TERM" },
  "QUIT comes": { signal: "SIGQUIT", code: 0, cause: "QUIT" },
  "ABRT comes": { signal: "SIGABRT", code: 0, cause: "ABRT" },
  "a setting makes USR1 a stop": {
    environment: { S6_SIGNAL_USR1: "stop" },
    signal: "SIGUSR1",
    code: 0,
    cause: "USR1",
  },
  "a script asks for it": {
    environment: { WEB: "s6-svscanctl -t /run/service" },
    code: 0,
    cause: "asked for by s6-svscanctl or halt",
  },
  "a finish asks for it": {
    environment: { PLAIN: "exit 6", FINISH: "s6-svscanctl -t /run/service" },
    code: 0,
    cause: "asked for by s6-svscanctl or halt, while finish ran of plain (run exited 6)",
  },
};

function inRoot(name: string, work: (made: Root) => Promise<void>): void {
  Deno.test({
    name,
    ignore: !canIsolate,
    fn: async () => {
      await using made = await root(FILES);
      await work(made);
    },
  });
}

/** To its end, by a signal that comes when the services run, if there is one. */
async function played(made: Root, { environment = {}, command = [], signal }: Omit<Row, "code" | "cause">): Promise<
  ContainerEnd
> {
  const started = signal === undefined ? "" : "echo it runs >&2; ";
  const WEB = `${started}${environment["WEB"] ?? ""}`;
  const container = start(made, { environment: { ...environment, WEB }, argv: ["/init", ...command] });
  const ended = limited(container);
  if (signal !== undefined) {
    await container.printed("it runs");
    Deno.kill(await firstProcess(container), signal);
  }
  return await ended;
}

for (const [situation, row] of Object.entries(ROWS)) {
  inRoot(`where ${situation}, the last line says so`, async (made) => {
    const { code, cause } = await played(made, row);
    deepEqual({ code, cause }, { code: row.code, cause: row.cause });
  });
}

inRoot("a container that is stopped while an init script runs names the signal", async (made) => {
  const environment = { FIRST: "echo it runs >&2; exec sleep 1000" };
  const { code, cause } = await played(made, { environment: { ...environment, WEB: "" }, signal: "SIGTERM" });
  deepEqual({ code, cause }, { code: 0, cause: "TERM" });
});

inRoot("the first cause counts, whatever follows", async (made) => {
  const environment = { WEB: "trap 'exit 9' TERM; touch /tmp/up; while :; do sleep 0.01; done" };
  const command = ["sh", "-c", "while [ ! -e /tmp/up ]; do sleep 0.01; done; exit 6"];
  const { code, cause } = await played(made, { environment, command });
  deepEqual({ code, cause }, { code: 6, cause: "the command exited 6" });
});

// The file of Kubernetes is on another file system than the container's root.
const MOUNT = `
  mkdir -p /mnt/message && mount -t tmpfs message /mnt/message && touch /mnt/message/log &&
  : > /dev/termination-log && mount --bind /mnt/message/log /dev/termination-log && exec "$@"`;

inRoot("Kubernetes finds the cause in /dev/termination-log, where it has put that file", async (made) => {
  const boot = `mount -t tmpfs dev /dev && mknod -m 666 /dev/null c 1 3 && ${MOUNT.trim()}`;
  const argv = ["/bin/sh", "-c", boot, "boot", "/init", "sh", "-c", "exit 3"];
  const { code, stdout } = await quickly(made, { argv });
  equal(code, 3);
  match(stdout, /^found: stopping: the command exited 3$/m);
});

inRoot("where there is no such file, none is made", async (made) => {
  const { stdout } = await quickly(made, {
    environment: { FIRST: "test -e /dev/termination-log && echo there" },
    argv: ["/init", "sh", "-c", "ls /dev/termination-log || echo none"],
  });
  match(stdout, /^none$/m);
});

/** What is printed at each verbosity, from the lowest on; each has all of those before. */
const PRINTED: readonly (readonly RegExp[])[] = [
  [/^s6-overlay: fatal: unable to exec nope: /m],
  [
    /^s6-overlay: warning: S6_KILL_GRACETIME="x": not a number; using the default, 3000$/m,
    /^s6-overlay: info: stopping: the command exited 127$/m,
  ],
  [/^\[cont-init\.d\] 10-first: exited 0\.$/m, /^\[fix-attrs\.d\] 10-x: exited 0\.$/m, /^\[cmd\] nope exited 127$/m],
  [/^web: info: up: pid \d+$/m, /^web: info: exited: killed by TERM$/m],
  [
    /^web: info: started: pid \d+$/m,
    /^cont-init\.d\/10-first: info: ended: exited 0$/m,
    /^container: info: state: running/m,
  ],
  [/^web: info: wanted down$/m],
];

for (const verbosity of PRINTED.keys()) {
  inRoot(`S6_VERBOSITY=${verbosity} prints what it says, and no more`, async (made) => {
    const container = start(made, {
      environment: { S6_VERBOSITY: `${verbosity}`, S6_KILL_GRACETIME: "x", FIRST: "echo first said", WEB: "" },
      argv: ["/init", "nope"],
    });
    await limited(container);
    const { stdout, stderr } = container;
    ok(stdout.includes("first said"), "what scripts print is printed");
    const all = `${stdout}${stderr}`;
    for (const [level, lines] of PRINTED.entries()) {
      for (const line of lines) equal(line.test(all), level <= verbosity, `${line} at ${level}: ${all}`);
    }
    if (verbosity === 0) deepEqual([stdout, stderr.split("\n").length], ["first said\n", 2]);
  });
}
