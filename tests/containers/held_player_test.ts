// A process that is about to become a service's program is held up right before its exec, as its user, by others,
// forever: process 1 goes on as if nothing were.

import { equal, match, ok } from "node:assert/strict";
import type { Given } from "../rows/harness.ts";
import { runTraced, type Traced } from "../surroundings/traced.ts";

const script = (...lines: string[]): Given => ({ content: `#!/bin/sh\n${lines.join("\n")}\n`, mode: 0o755 });

// Longer than the container lives, which strace does not leave before.
const HELD = ["-P", "/bin/held", "-e", "trace=execve", "-e", "inject=execve:delay_enter=12000000", "-e", "signal=none"];

function heldBy(chain: string, ...steps: string[]): Promise<Traced> {
  return runTraced(HELD, {
    "bin/held": script("echo it runs after all"),
    "etc/services.d/held/run": { content: `#!/command/execlineb -P\n${chain} held\n`, mode: 0o755 },
    "etc/services.d/held/finish": script("echo finish $1 $2"),
    "etc/services.d/other/run": script("exec sleep 1000"),
    "command.sh": script(
      "cd /run/s6/services; pid() { s6-svstat -o pid $1; }",
      "s6-svwait -u -t 20000 held other && echo up",
      ...steps,
      "before=$(pid other); s6-svc -r other",
      "until after=$(pid other); [ $after != -1 ] && [ $after != $before ]; do sleep 0.02; done; echo other goes on",
    ),
  });
}

function goesOn({ code, stdout, stderr }: Traced): void {
  equal(code, 0, stderr);
  match(stdout, /^up$/m);
  match(stdout, /^other goes on$/m);
  ok(!stdout.includes("it runs after all"));
}

const ignore = Deno.uid() !== 0;

Deno.test({
  name: "a process that is held before its exec is up, and ends with the container",
  ignore,
  fn: async () => goesOn(await heldBy("s6-setuidgid nobody")),
});

Deno.test({
  name: "a user who stops its process before the exec stops nobody else",
  ignore,
  fn: async () => goesOn(await heldBy("s6-setuidgid nobody", "s6-setuidgid nobody kill -STOP $(pid held)")),
});

Deno.test({
  name: "a process of root's is held no better",
  ignore,
  fn: async () => goesOn(await heldBy("umask 077", "s6-svc -d held")),
});
