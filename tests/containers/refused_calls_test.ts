// Calls that the kernel refuses the program of the tarball for a while, or for good, from the moment on at which process 1
// begins: it goes on as if nothing had been, or ends what it cannot do and says why. strace refuses them to every process,
// but no other one makes as many.

import { ok } from "node:assert/strict";
import type { Given } from "../rows/harness.ts";
import { runTraced, type Traced } from "../surroundings/traced.ts";

const READY = "/run/s6/services/ready";
const script = (...lines: string[]): Given => ({ content: `#!/bin/sh\n${lines.join("\n")}\n`, mode: 0o755 });

const FILES: Readonly<Record<string, Given>> = {
  "etc/cont-init.d/1": script("echo first script"),
  "etc/services.d/ready/run": script("echo ready", "echo >&3", "exec sleep 1000"),
  "etc/services.d/ready/notification-fd": "3\n",
  "etc/cont-finish.d/1": script("echo last script"),
  "command.sh": script(
    `s6-svwait -U -t 5000 ${READY}`,
    'echo "up $?"',
    `s6-svc -wR -T 5000 -r ${READY}`,
    'echo "restarted $?"',
  ),
};

/** glibc starts children by one of these. */
const BIRTHS = ["clone3", "clone", "vfork"];
/** Made when it begins: refused from the first one on. */
const EARLY = ["signalfd4", "epoll_create1"];
const CALLS = ["openat2", "memfd_create", "pipe2", "wait4", "epoll_pwait", "epoll_ctl", ...EARLY, ...BIRTHS];

const REASONS = {
  EAGAIN: "Resource temporarily unavailable",
  EINTR: "Interrupted system call",
  EIO: "Input/output error",
  EMFILE: "Too many open files",
  ENOMEM: "Cannot allocate memory",
} as const;

/** How many calls fail. Without an end to it, a container whose children cannot be reaped has to be told to stop. */
const ROWS: readonly (readonly [call: string, errno: keyof typeof REASONS, many: number])[] = [
  ["openat2", "ENOMEM", 3],
  ["openat2", "EINTR", Infinity],
  ["memfd_create", "EMFILE", 1],
  ["memfd_create", "ENOMEM", Infinity],
  ["pipe2", "EMFILE", 1],
  ["pipe2", "EMFILE", Infinity],
  ["birth", "EAGAIN", 1],
  ["birth", "EAGAIN", Infinity],
  ["wait4", "EIO", 2],
  ["wait4", "EINTR", 50],
  ["epoll_pwait", "EINTR", 4],
  ["epoll_pwait", "ENOMEM", Infinity],
  ["epoll_ctl", "ENOMEM", Infinity],
  ["signalfd4", "EMFILE", Infinity],
];

interface Counted {
  /** How often process 1 makes a call before it prints its first line, and in all. */
  readonly before: ReadonlyMap<string, number>;
  readonly whole: ReadonlyMap<string, number>;
  readonly usual: Traced;
}

let counted: Promise<Counted> | undefined;

async function count(): Promise<Counted> {
  const usual = await runTraced(["-e", `trace=write,execve,${CALLS.join(",")}`, "-e", "signal=none"], FILES);
  ok(usual.code === 0, usual.stderr);
  const pid = usual.trace.find((line) => line.includes('execve("/init"'))!.split(" ")[0];
  const own = usual.trace.flatMap((line) => new RegExp(`^${pid} +(\\w+\\(.*)`).exec(line)?.[1] ?? []);
  const begin = own.findIndex((call) => call.includes("making user provided"));
  const times = (calls: readonly string[]): Map<string, number> =>
    new Map(CALLS.map((name) => [name, calls.filter((call) => call.startsWith(`${name}(`)).length]));
  return { before: times(own.slice(0, begin)), whole: times(own), usual };
}

/** The container's lines do not come in the same order each time. */
function lines(text: string): string {
  return text.split("\n").sort().join("\n");
}

function faultOf({ code, stdout, stderr }: Traced, usual: Traced, reason: string): string | undefined {
  if (/internal error|Uncaught|panicked|^ +at /m.test(stderr)) return "it shows its inside";
  const told = stderr.includes(reason);
  if (code !== 0 && !([111, 126, 127].includes(code) && told)) return `its exit code is ${code}`;
  if (lines(stdout) !== lines(usual.stdout) && !told) return "something is not done, and nothing says why";
  return undefined;
}

for (const [call, errno, many] of ROWS) {
  const often = many === Infinity ? "from the beginning on" : `${many} times`;
  Deno.test({
    name: `a container in which ${call} fails ${often} goes on, or says why not: ${REASONS[errno]}`,
    ignore: Deno.uid() !== 0,
    fn: async () => {
      const { before, whole, usual } = await (counted ??= count());
      const name = call === "birth" ? BIRTHS.find((each) => whole.get(each)! > before.get(each)!)! : call;
      // The first birth of all is that of process 1 itself, in unshare.
      const first = EARLY.includes(name) ? 1 : Math.max(before.get(name)! + 1, call === "birth" ? 2 : 1);
      const when = many === Infinity ? `${first}+` : `${first}..${first + many - 1}`;
      const options = ["-e", `trace=${name}`, "-e", `inject=${name}:error=${errno}:when=${when}`, "-e", "signal=none"];
      const traced = await runTraced(options, FILES);
      ok(traced.trace.some((line) => line.includes("(INJECTED)")), "no call has failed");
      const fault = faultOf(traced, usual, REASONS[errno]);
      ok(fault === undefined, `${fault}:\n${traced.stderr}${traced.stdout}${traced.code}`);
    },
  });
}
