// Old kernels and old container engines: system calls that the one does not have (ENOSYS) and the other's filter refuses
// (EPERM), as engines before 20.10.10 refuse clone3 and statx. Containers boot all the same, or one line says why not.

import { equal, match, ok } from "node:assert/strict";
import { output } from "../../scripts/command.ts";
import { SYS } from "../../lib/os/syscall_numbers.ts";
import type { Given } from "../rows/harness.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { inParallel, limited, quickly, type Root, root, start } from "../surroundings/quick.ts";

const script = (...lines: string[]): Given => ({ content: `#!/bin/sh\n${lines.join("\n")}\n`, mode: 0o755 });

const FILES: Readonly<Record<string, Given>> = {
  "etc/cont-init.d/1": script("s6-echo script", "s6-hiercopy /etc/services.d /tmp/copy$$"),
  "etc/fix-attrs.d/1": "/var/log true nobody 0640 0750\n",
  "etc/services.d/a/run": script("echo service", "exec sleep 1000"),
  "etc/services.d/a/log/run": { content: "#!/bin/sh\nexec s6-log n3 /var/log/a\n", mode: 0o755 },
  "command.sh": script(
    "s6-svwait -t 20000 -u /run/s6/services/a && echo up",
    "s6-svc -wD -T 10000 -d /run/s6/services/a && echo down",
    // These start a runtime of their own.
    "s6-setsid s6-applyuidgid -u 82 -g 82 s6-echo cold",
    "s6-chmod 600 /nothing; echo $?",
  ),
};

const SHOWN = ["script", "up", "down", "cold", "111"];

const column = Deno.build.arch === "aarch64" ? 1 : 0;

/** Calls that only the runtime and the C library make: their numbers on both architectures. */
const THEIRS: Readonly<Record<string, readonly [number, number]>> = {
  clone3: [435, 435],
  close_range: [436, 436],
  rseq: [334, 293],
  membarrier: [324, 283],
  pkey_alloc: [330, 289],
  execveat: [322, 281],
  copy_file_range: [326, 285],
  preadv2: [327, 286],
  set_robust_list: [99 + 174, 99],
  mlock2: [325, 284],
};

const NUMBERS: Readonly<Record<string, number>> = {
  ...SYS,
  ...Object.fromEntries(Object.entries(THEIRS).map(([name, numbers]) => [name, numbers[column]!])),
};

/** Each alone, or some together that came to the kernel at about one time. */
const SURVIVED: readonly (readonly string[])[] = [
  ["clone3", "statx"],
  ["openat2", "faccessat2", "fchmodat2", "pidfd_open", "close_range", "clone3", "statx", "rseq", "pkey_alloc"],
  ["signalfd4"],
  ["getgroups"],
  ["renameat2", "execveat", "copy_file_range", "preadv2", "mlock2"],
  ["getrandom", "membarrier", "set_robust_list"],
  ["inotify_init1", "utimensat", "sysinfo", "waitid", "setns", "unshare", "setpriority", "getpriority"],
  ["socket"],
  ["accept4", "rt_sigtimedwait", "tee"],
  ["bind", "listen", "connect", "sendto", "sendmsg", "recvmsg", "shutdown", "socketpair", "setsockopt", "getsockopt"],
  ["mount", "umount2", "pivot_root", "chroot", "sethostname", "clock_settime", "swapon", "swapoff", "reboot", "sync"],
  ["ioctl", "uname", "getpgid", "nanosleep", "linkat", "ppoll", "splice", "fsync", "ftruncate", "inotify_add_watch"],
];

/** Milliseconds: many programs start here, several containers at a time. */
const TIME_LIMIT = 120_000;

const ERRORS = { EPERM: 1, ENOSYS: 38 } as const;

async function image(): Promise<Root> {
  const made = await root(FILES);
  await output(["gcc", "-static", "-O1", "-o", `${made.path}/refuse`, "tests/surroundings/refuse.c"]);
  return made;
}

const argvOf = (errno: number, calls: readonly string[]): readonly string[] => {
  const numbers = calls.map((call) => NUMBERS[call] ?? NaN);
  ok(!numbers.includes(NaN), `unknown among ${calls}`);
  return ["/refuse", `${errno}`, numbers.join(","), "/init", "/command.sh"];
};

Deno.test({
  name: "containers boot, and stop in order, where the kernel lacks system calls or the engine refuses them",
  ignore: !canIsolate,
  fn: async () => {
    await using made = await image();
    const cases = SURVIVED.flatMap((calls) => Object.entries(ERRORS).map(([name, errno]) => ({ calls, name, errno })));
    const faults = await inParallel(cases, async ({ calls, name, errno }) => {
      const { code, stdout, stderr } = await limited(start(made, { argv: argvOf(errno, calls) }), TIME_LIMIT);
      const missing = SHOWN.filter((line) => !stdout.split("\n").includes(line));
      const ends = stdout.includes("sending all processes the KILL signal and exiting.");
      if (code === 0 && missing.length === 0 && ends) return "";
      return `${calls} (${name}): exit code ${code}, without ${missing}\n${stderr}${stdout}`;
    });
    ok(faults.every((fault) => fault === ""), faults.join(""));
  },
});

Deno.test({
  name: "where nothing can work without a system call that is refused, one line names it and what is needed",
  ignore: !canIsolate,
  fn: async () => {
    await using made = await image();
    for (const errno of Object.values(ERRORS)) {
      const { code, stderr } = await quickly(made, { argv: argvOf(errno, ["memfd_create"]) });
      equal(code, 111);
      match(stderr, /^s6-overlay: fatal: .*: memfd_create is refused \(Linux 3.17 or later is needed, .*\)\n$/);
    }
    for (const errno of Object.values(ERRORS)) {
      const { code, stderr } = await quickly(made, { argv: argvOf(errno, ["prlimit64"]) });
      equal(code, 126);
      match(stderr, /^s6-overlay: fatal: .*: prlimit64 is refused \(Linux 2.6.36 or later is needed, .*\)\n$/);
    }
    const { stderr } = await quickly(made, { argv: argvOf(ERRORS.ENOSYS, ["symlinkat"]) });
    match(stderr, /unable to symlink .*: Function not implemented \(the kernel is older than Linux 3.17, or a sandbox/);
  },
});

Deno.test({
  name: "a service that cannot be started for want of a system call is reported by that call",
  ignore: !canIsolate,
  fn: async () => {
    await using made = await image();
    for (
      const [call, words] of [["chdir", "chdir to \\S+"], ["setsid", "start a session"], ["dup3", "\\w+ descriptor.*"]]
    ) {
      const argv = ["/refuse", `${ERRORS.EPERM}`, `${NUMBERS[call!]}`, "/init", "/bin/sleep", "1"];
      const { stderr } = await limited(start(made, { argv }), TIME_LIMIT);
      match(
        stderr,
        new RegExp(`^s6-supervise .*unable to spawn .*: unable to ${words}: Operation not permitted$`, "m"),
      );
      ok(!stderr.includes("internal error"), stderr);
    }
  },
});
