// What process 1 touches while a container lives: a closed list (docs/security.md), told by the kernel. Its system calls are
// traced over a boot, a service's restart and a stop; services of another user have all that a chain may name.

import { deepEqual, equal, ok } from "node:assert/strict";
import type { Given } from "../rows/harness.ts";
import { runTraced } from "../surroundings/traced.ts";
import { longrunFiles, user } from "./generation_3.ts";

const run = (...lines: string[]): Given => ({ content: `#!/command/execlineb -P\n${lines.join("\n")}\n`, mode: 0o755 });
const script = (...lines: string[]): Given => ({ content: `#!/bin/sh\n${lines.join("\n")}\n`, mode: 0o755 });

const FILES: Readonly<Record<string, Given>> = {
  "etc/cont-init.d/1-shell": script("echo init"),
  "etc/cont-init.d/2-chain": run("with-contenv", "s6-setuidgid nobody", 'sh -c "echo chain"'),
  "etc/services.d/chain/run": run(
    "with-contenv",
    "cd /home/nobody/work",
    "s6-envdir /home/nobody/env",
    "redirfd -w 5 /home/nobody/out",
    "s6-setuidgid nobody",
    "umask 077",
    "sleep 1000",
  ),
  "etc/services.d/chain/finish": script("echo finished"),
  "etc/services.d/plain/run": script("exec sleep 1000"),
  "etc/services.d/logged/run": script("exec sleep 1000"),
  "etc/services.d/logged/log/run": script("exec cat"),
  "etc/cont-finish.d/last": script("echo last"),
  // Restarts a service by the kernel's means, waits until it is up again, and ends the container.
  "command.sh": script(
    "s6-svwait -u -t 20000 /run/s6/services/chain",
    "before=$(s6-svstat -o pid /run/s6/services/chain)",
    "s6-svc -r /run/s6/services/chain",
    "until pid=$(s6-svstat -o pid /run/s6/services/chain); [ $pid != -1 ] && [ $pid != $before ]; do sleep 0.02; done",
    "exit 0",
  ),
  "home/nobody/env/A": "a\n",
  "home/nobody/work/file": "",
};

/** Paths as process 1 names them, absolute or from a directory that it holds; what it holds has been opened by such a path. */
const TOUCHED: readonly RegExp[] = [
  /^(\/var)?\/run\/s6(\/|$)/,
  /^\/run\/s6-linux-init-container-results(\/|$)/,
  /^\/etc\/(fix-attrs\.d|cont-init\.d|cont-finish\.d|services\.d|s6)(\/|$)/,
  /^\/etc\/(passwd|group)$/,
  /^\/(command|usr\/lib\/s6-overlay)(\/|$)/,
  // Interpreters that the first lines of scripts name, and the places where our programs usually lie.
  /^\/bin\/sh$/,
  /^\/dev\/null$/,
  // Whether it is there; a child writes it.
  /^\/dev\/termination-log$/,
  /^\/proc\/self\//,
  /^\/proc\/[0-9]+\/stat$/,
  /^\/proc$/,
  /^\/sys\/fs\/cgroup(\/|$)/,
  // One entry of a directory that is held.
  /^[^/]*$/,
  /^(supervise|event|\.s6-svscan|log|data)\/[^/]*$/,
  // And of services.d: what must be able to run.
  /^(chain|logged|plain)\/(log\/)?(run|finish|data\/check)$/,
  // What is for the overlay in a service directory: by a path on which no link is followed.
  /^((chain|logged|plain)\/)?data\/overlay\/(enabled-if|notify-socket|kill-group)$/,
  /^\/proc\/meminfo$/,
];

/**
 * What scripts and users name, and is only inspected to learn whether it is for process 1 to read: on the root file
 * system.
 */
const LOOKED_AT: readonly string[] = ["/command.sh", "/home/nobody/env"];
const GUARDED = /^(openat2\(AT_FDCWD, .*RESOLVE_NO_XDEV|statx\()/;

const FORBIDDEN = /^(set(res|re|fs)?[ug]id|setgroups|unshare|setns|f?chdir|umask|chroot|capset)/;

const CALLS = "trace=%file,%creds,unshare,setns,chdir,fchdir,umask,capset,execve,write";

async function traced(calls: string, files: Readonly<Record<string, Given>>): Promise<readonly string[]> {
  const options = ["-s", "256", "-e", calls, "-e", "signal=none"];
  const { code, stderr, trace } = await runTraced(options, files, files === FILES ? ["/home/nobody"] : []);
  ok(code === 0, stderr);
  return trace;
}

/** The calls of process 1 from its first line on the console to its end, each as it stands behind the pid. */
function callsOfProcess1(lines: readonly string[], firstLine = "[s6-init] making user provided files"): string[] {
  const start = lines.find((line) => line.includes('execve("/init"'));
  const pid = start?.split(" ")[0];
  const own = lines.filter((line) => line.startsWith(`${pid} `)).map((line) => line.slice(`${pid} `.length).trim());
  const first = own.findIndex((line) => line.includes(firstLine));
  ok(first > 0, "the boot is in the trace");
  return own.slice(first).filter((line) => !line.startsWith("write("));
}

Deno.test({
  name: "process 1 touches only what is on the list, and changes neither ids nor directory nor umask",
  ignore: Deno.uid() !== 0,
  fn: async () => {
    const calls = callsOfProcess1(await traced(CALLS, FILES));
    ok(calls.length > 100, "the calls are in the trace");
    deepEqual(calls.filter((call) => FORBIDDEN.test(call)), []);
    const named = calls.filter((call) => LOOKED_AT.some((path) => call.includes(`"${path}`)));
    deepEqual(named.filter((call) => !GUARDED.test(call)), []);
    const paths = calls.filter((call) => !named.includes(call)).flatMap((call) =>
      [...call.matchAll(/"((?:[^"\\]|\\.)*)"/g)].slice(0, 1).map(([, path]) => path!)
    );
    deepEqual([...new Set(paths.filter((path) => !TOUCHED.some((allowed) => allowed.test(path))))], []);
    deepEqual(calls.filter((call) => call.startsWith("execve")), []);
  },
});

/** A pipeline; the command asks the holder of its pipes, as any program may, and restarts it and the services. */
const PIPELINE: Readonly<Record<string, Given>> = {
  ...longrunFiles("source", "while :; do echo a line; sleep 0.05; done", [], { "producer-for": "sink\n" }),
  ...longrunFiles("sink", "while read -r line; do echo through >/run/sunk; done", [], {
    "consumer-for": "source\n",
    "pipeline-name": "flow",
  }),
  ...user("flow"),
  "command.sh": script(
    "PATH=/command:$PATH; holder=/run/service/s6rc-fdholder",
    "flows() { rm -f /run/sunk; until test -s /run/sunk; do sleep 0.02; done; }",
    "flows; s6-svc -wD -r $holder; s6-svwait -U $holder; s6-fdholder-list $holder/s; s6-svc -wD -r $holder",
    "s6-svwait -U $holder; s6-svc -wr -r /run/service/sink; s6-svc -wr -r /run/service/source; flows; exit 0",
  ),
};

Deno.test({
  name: "process 1 holds the pipes of a pipeline, and reads nothing of what clients of the holder send",
  ignore: Deno.uid() !== 0,
  fn: async () => {
    const lines = await traced("trace=%creds,%net,unshare,setns,chdir,fchdir,execve,pipe2,write", PIPELINE);
    const calls = callsOfProcess1(lines, "s6rc-fdholder: starting");
    deepEqual(calls.filter((call) => /^(recvmsg|recvfrom|recvmmsg|setuid|setresuid|f?chdir|execve)\b/.test(call)), []);
    const bound = calls.filter((call) => call.startsWith("bind(")).map((call) => /"([^"]*)"/.exec(call)![1]!);
    deepEqual(bound.map((path) => path.replace(/[0-9]+/, "N")), Array.from({ length: 3 }, () => "/proc/self/fd/N/s"));
    // A connection is left to the holder; at the end of a socket it is looked whether one waits.
    const listeners = calls.flatMap((call) => /^listen\(([0-9]+),/.exec(call)?.slice(1) ?? []);
    equal(listeners.length, bound.length);
    const asked = calls.filter((call) => listeners.some((fd) => call.startsWith(`accept4(${fd},`)));
    ok(asked.length > 0 && asked.every((call) => /= -1 EAGAIN/.test(call)), asked.join("\n"));
  },
});
