// System calls for which nothing can stand in, where a kernel does not have them or an engine's filter refuses them. All others
// that the overlay makes may be refused: tests/containers/refused_one_by_one_test.ts tries each.

import { CALL_NUMBERS } from "../lib/os/syscall_numbers.ts";
import type { Architecture } from "./base.ts";

/** What then is, for people. */
const CONSEQUENCES = {
  start: "Process 1 does not start: exit code 126, and one line that names the call.",
  boot: "Process 1 ends at once: exit code 111, and one line that says what it could not do.",
  services: "Process 1 lives, and says of each service why it cannot be started.",
  program: "The container lives. What asks for it fails, and says so.",
  nothing: "No program can start, end, print or take a signal, and so none can say that.",
} as const;

export type Consequence = keyof typeof CONSEQUENCES;

type Numbers = readonly [x86_64: number, aarch64: number | undefined];

/** Those that only the runtime and the C library make. */
export const RUNTIME_CALLS: Readonly<Record<string, Numbers>> = {
  fstat: [5, 80],
  mmap: [9, 222],
  mprotect: [10, 226],
  munmap: [11, 215],
  dup2: [33, undefined],
  clone: [56, 220],
  arch_prctl: [158, undefined],
};

/** The calls, by what is without them. */
export const WITHOUT_SUBSTITUTE = {
  start: [
    ...["read", "close", "pread64", "openat", "newfstatat", "fstat", "getdents64", "fcntl", "dup2", "dup3", "pipe2"],
    ...["mkdirat", "symlinkat", "readlinkat", "renameat", "unlinkat", "fchmod", "chdir", "fchdir", "getcwd"],
    ...["getpid", "getuid", "geteuid", "getgid", "getegid", "setpgid", "wait4", "rt_sigprocmask", "clock_gettime"],
    ...["mmap", "mprotect", "munmap", "arch_prctl", "prlimit64"],
  ],
  // Filters of engines look at what clone is given, and umask takes everything: the launcher cannot try them.
  boot: ["memfd_create", "clone", "mknodat", "epoll_create1", "umask"],
  services: ["setsid"],
  program: ["kill", "setgroups", "setresuid", "setresgid"],
  nothing: ["execve", "exit_group", "rt_sigreturn", "write"],
} as const satisfies Readonly<Record<Consequence, readonly string[]>>;

/** The launcher's own code has a line for it. */
const TRIED_ANYWAY = "prlimit64";

/** It would wait for children with 0. */
const THIRD_ARGUMENT: Readonly<Record<string, number>> = { wait4: -1 };

/** What the launcher tries, for C: number, name and third argument. The first is -1, all others are 0. */
export function triedCalls(architecture: Architecture): string {
  const column = architecture === "aarch64" ? 1 : 0;
  const numbers: Readonly<Record<string, Numbers>> = { ...CALL_NUMBERS, ...RUNTIME_CALLS };
  return WITHOUT_SUBSTITUTE.start.flatMap((name) => {
    const number = numbers[name]?.[column];
    const isTried = number !== undefined && name !== TRIED_ANYWAY;
    return isTried ? [`X(${number}, "${name}", ${THIRD_ARGUMENT[name] ?? 0})`] : [];
  }).join(" ");
}

/** The rows of a table for people: the calls, and what is without them. */
export function refusedCallRows(): string[][] {
  return Object.entries(CONSEQUENCES).map(([consequence, meaning]) => [
    WITHOUT_SUBSTITUTE[consequence as Consequence].map((name) => `\`${name}\``).join(", "),
    meaning,
  ]);
}
