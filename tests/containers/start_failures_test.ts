// What fails on the way to a service's program: before run itself could run it is not a start at all, behind that it is
// the failure of a program that ran. The lines are those of the programs of a chain, wherever it was computed.

import { equal, match, ok } from "node:assert/strict";
import { boot, type Booted } from "../surroundings/container.ts";
import type { Given } from "../rows/harness.ts";

const chain = (...lines: string[]): string => `#!/command/execlineb -P\n${lines.join("\n")}\n`;
const FINISH = "#!/bin/sh\necho finish of $3: $1 $2\n";

/** Together with another one more than the kernel lets a program with a little stack have. */
const LONG = "x".repeat(100_000);

interface Failing {
  readonly run: Given;
  /** What the finish script is called with; undefined if it does not run. */
  readonly finish: string | undefined;
  readonly line: RegExp;
  readonly more?: Readonly<Record<string, Given>>;
}

const SERVICES: Readonly<Record<string, Failing>> = {
  "opens a file that is missing": {
    run: chain("redirfd -r 0 /no/such", "sleep 1000"),
    finish: "111 0",
    line: /^redirfd: fatal: unable to open \/no\/such: No such file or directory$/m,
  },
  "enters a directory of another user": {
    run: chain("s6-setuidgid nobody", "cd /root/private", "sleep 1000"),
    finish: "111 0",
    line: /^cd: fatal: unable to chdir to \/root\/private: Permission denied$/m,
  },
  "runs a program that is missing": {
    run: chain("umask 077", "s6-setuidgid nobody", "nosuch"),
    finish: "127 0",
    line: /^s6-setuidgid: fatal: unable to exec nosuch: No such file or directory$/m,
  },
  "has no room for its variables": {
    run: chain(`export FIRST ${LONG}`, `export SECOND ${LONG}`, "s6-softlimit -s 65536", "sleep 1000"),
    finish: "126 0",
    line: /^s6-softlimit: fatal: unable to exec sleep: Argument list too long$/m,
  },
  // It runs until its user has two processes.
  "has as many processes as it may have": {
    run: chain("s6-softlimit -p 1", "s6-setuidgid www", "true"),
    finish: "126 0",
    line: /^s6-setuidgid: fatal: unable to exec true: Resource temporarily unavailable$/m,
  },
  "becomes root again": {
    run: chain("s6-setuidgid nobody", "s6-setuidgid root", "sleep 1000"),
    finish: "111 0",
    line: /^s6-setuidgid: fatal: unable to set .*Operation not permitted$/m,
  },
  "has an interpreter that is missing": {
    run: "#!/no/such\n",
    finish: undefined,
    line: /unable to spawn \.\/run - waiting 10 seconds: interpreter \/no\/such does not exist$/m,
  },
  "tries another program": {
    run: chain("tryexec { nosuch }", 'sh -c "echo the other one runs >&2; exec sleep 1000"'),
    finish: undefined,
    line: /^the other one runs$/m,
  },
  "locks a file": {
    run: "#!/bin/sh\necho locked >&2\nexec sleep 1000\n",
    finish: undefined,
    line: /^locked$/m,
    more: { "lock-fd": "7\n", "supervise/service-lock": "" },
  },
};

function files(): Record<string, Given> {
  const all: Record<string, Given> = { "root/private/file": "" };
  for (const name of ["first", "second"]) {
    all[`etc/services.d/${name}/run`] = chain("s6-setuidgid www", "sleep 1000");
  }
  for (const [name, { run, more = {} }] of Object.entries(SERVICES)) {
    const directory = `etc/services.d/${name.replaceAll(" ", "-")}`;
    all[`${directory}/run`] = run;
    all[`${directory}/finish`] = FINISH;
    for (const [file, content] of Object.entries(more)) all[`${directory}/${file}`] = content;
  }
  return all;
}

async function finishes(container: Booted, name: string, finish: string | undefined): Promise<void> {
  const line = `finish of ${name.replaceAll(" ", "-")}: `;
  if (finish !== undefined) await container.printed(line + finish);
  else equal(container.stdout.includes(line), false, `finish of a service that ${name}`);
}

Deno.test("what fails on the way to a program is told by the program of the chain that failed", async () => {
  await using container = await boot({ files: files(), prepare: "chmod 700 /root/private" });
  await container.printed("[services.d] done.");
  for (const [name, { finish }] of Object.entries(SERVICES)) if (finish) await finishes(container, name, finish);
  await container.printed("the other one runs");
  for (const [name, { finish }] of Object.entries(SERVICES)) await finishes(container, name, finish);
  const { stdout } = await container.exec([
    "/command/s6-svstat",
    "/run/s6/services/has-an-interpreter-that-is-missing",
  ]);
  ok(stdout.startsWith("down"), stdout);
  const { code, stderr } = await container.stop(20);
  equal(code, 0);
  // All of it has been read by now: the two streams come apart.
  for (const [name, { line }] of Object.entries(SERVICES)) match(stderr, line, name);
});
