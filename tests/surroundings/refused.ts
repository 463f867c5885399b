// A container in which system calls are refused, as by an old kernel or an old engine's filter: its root, which does a little of
// everything, and how one tells that all of it was done.

import { ok } from "node:assert/strict";
import { output } from "../../scripts/command.ts";
import { RUNTIME_CALLS } from "../../scripts/refused_calls.ts";
import { SYS } from "../../lib/os/syscall_numbers.ts";
import type { ContainerEnd } from "../../scripts/engine.ts";
import type { Given } from "../rows/harness.ts";
import { type Root, root } from "./quick.ts";

const script = (...lines: string[]): Given => ({ content: `#!/bin/sh\n${lines.join("\n")}\n`, mode: 0o755 });

const FILES: Readonly<Record<string, Given>> = {
  "etc/cont-init.d/1": script("s6-echo script", "s6-hiercopy /etc/services.d /tmp/copy$$"),
  "etc/fix-attrs.d/1": "/var/log true nobody 0640 0750\n",
  "etc/services.d/a/run": script("echo service", "exec sleep 1000"),
  "etc/services.d/a/log/run": script("exec s6-log n3 /tmp/log"),
  "command.sh": script(
    "s6-svwait -t 20000 -u /run/s6/services/a && echo up",
    "s6-svc -wD -T 10000 -d /run/s6/services/a && echo down",
    // These start a runtime of their own.
    '[ "$(id -u)" != 0 ] || s6-setsid s6-applyuidgid -u 82 -g 82 s6-echo cold',
    "s6-chmod 600 /nothing; echo $?",
  ),
};

const column = Deno.build.arch === "aarch64" ? 1 : 0;

/** Calls that only the runtime and the C library make, and have something to stand in for: their numbers on both architectures. */
const THEIRS: Readonly<Record<string, readonly [number, number]>> = {
  clone3: [435, 435],
  close_range: [436, 436],
  rseq: [334, 293],
  membarrier: [324, 283],
  pkey_alloc: [330, 289],
  execveat: [322, 281],
  copy_file_range: [326, 285],
  preadv2: [327, 286],
  set_robust_list: [273, 99],
  mlock2: [325, 284],
  madvise: [28, 233],
  mremap: [25, 216],
  brk: [12, 214],
  futex: [202, 98],
  sigaltstack: [131, 132],
  sched_getaffinity: [204, 123],
  set_tid_address: [218, 96],
  gettid: [186, 178],
  tgkill: [234, 131],
  statfs: [137, 43],
  fstatfs: [138, 44],
  capget: [125, 90],
  capset: [126, 91],
  clock_nanosleep: [230, 115],
  gettimeofday: [96, 169],
  recvfrom: [45, 207],
  eventfd2: [290, 19],
  getrusage: [98, 165],
};

/** The numbers of all system calls that the overlay makes. */
export const NUMBERS: Readonly<Record<string, number>> = {
  ...SYS,
  ...Object.fromEntries(
    Object.entries({ ...THEIRS, ...RUNTIME_CALLS }).flatMap(([name, numbers]) => {
      const number = numbers[column];
      return number === undefined ? [] : [[name, number]];
    }),
  ),
};

export const REFUSAL_ERRORS = { EPERM: 1, ENOSYS: 38 } as const;

export type CallRefusal = keyof typeof REFUSAL_ERRORS;

/** A root with the program that refuses calls. */
export async function refusingRoot(): Promise<Root> {
  const made = await root(FILES);
  await output(["gcc", "-static", "-O1", "-o", `${made.path}/refuse`, "tests/surroundings/refuse.c"]);
  return made;
}

/** Containers that share the root have no files in common. */
const OWN_TMP = 'mount -t tmpfs -o mode=1777 tmp /tmp; exec "$@"';

/** @param from calls from this number on are refused as well: what came to the kernel after some version of it */
export function refusedTo(
  calls: readonly string[],
  refusal: CallRefusal,
  command: readonly string[] = ["/init", "/command.sh"],
  from?: number,
): readonly string[] {
  const numbers = calls.map((call) => NUMBERS[call] ?? NaN);
  ok(!numbers.includes(NaN), `unknown among ${calls}`);
  const words = [...numbers.map(String), ...(from === undefined ? [] : [`${from}+`])];
  return ["/bin/sh", "-c", OWN_TMP, "sh", "/refuse", `${REFUSAL_ERRORS[refusal]}`, words.join(","), ...command];
}

/** What a container of it prints that does all that it should. */
const SHOWN = ["script", "up", "down", "111"];
const AS_ROOT = "cold";

/** What is missing; nothing where all is well. */
export function missingIn({ code, stdout }: ContainerEnd, user: "root" | "another" = "root"): string[] {
  const lines = stdout.split("\n");
  const missing = [...SHOWN, ...(user === "root" ? [AS_ROOT] : [])].filter((line) => !lines.includes(line));
  if (!stdout.includes("sending all processes the KILL signal and exiting.")) missing.push("the end");
  return code === 0 ? missing : [...missing, `exit code 0 and not ${code}`];
}
