// Old kernels and old container engines: system calls that the one does not have (ENOSYS) and the other's filter refuses
// (EPERM), as engines before 20.10.10 refuse clone3 and statx. Containers boot all the same, or one line says why not.

import { equal, match, ok } from "node:assert/strict";
import { canIsolate } from "../surroundings/namespace.ts";
import { inParallel, limited, quickly, start } from "../surroundings/quick.ts";
import { type CallRefusal, missingIn, REFUSAL_ERRORS, refusedTo, refusingRoot } from "../surroundings/refused.ts";

/** What came to the kernel after Linux 3.17 has these numbers. */
const AFTER_3_17 = Deno.build.arch === "aarch64" ? 280 : 321;

/** Some together, most of which came to the kernel at about one time. */
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

const REFUSALS = Object.keys(REFUSAL_ERRORS) as CallRefusal[];

/** As root, and as a user whose state directory is elsewhere, as /run belongs to root. */
const COMMANDS = {
  root: ["/init", "/command.sh"],
  another: ["/command/s6-setuidgid", "www", "/init", "/command.sh"],
} as const;

const WHOSE = { root: "root's", another: "another user's" } as const;

for (const user of ["root", "another"] as const) {
  Deno.test({
    name: `${
      WHOSE[user]
    } container boots, and stops in order, where a kernel lacks system calls or an engine refuses them`,
    ignore: !canIsolate,
    fn: async () => {
      await using made = await refusingRoot();
      const cases = [...SURVIVED.map((calls) => ({ calls })), { calls: [], from: AFTER_3_17 }]
        .flatMap((each) => REFUSALS.map((refusal) => ({ from: undefined, ...each, refusal })));
      const faults = await inParallel(cases, async ({ calls, from, refusal }) => {
        const argv = refusedTo(calls, refusal, COMMANDS[user], from);
        const ended = await limited(start(made, { argv }), TIME_LIMIT);
        const missing = missingIn(ended, user);
        return missing.length === 0
          ? ""
          : `${calls} ${from} (${refusal}): without ${missing}\n${ended.stderr}${ended.stdout}`;
      });
      ok(faults.every((fault) => fault === ""), faults.join(""));
    },
  });
}

Deno.test({
  name: "where nothing can work without a system call that is refused, one line names it and what is needed",
  ignore: !canIsolate,
  fn: async () => {
    await using made = await refusingRoot();
    for (const refusal of REFUSALS) {
      const { code, stderr } = await quickly(made, { argv: refusedTo(["memfd_create"], refusal) });
      equal(code, 111);
      match(stderr, /^s6-overlay: fatal: .*: memfd_create is refused \(Linux 3.17 or later is needed, .*\)\n$/);
    }
    for (const refusal of REFUSALS) {
      const { code, stderr } = await quickly(made, { argv: refusedTo(["prlimit64"], refusal) });
      equal(code, 126);
      match(stderr, /^s6-overlay: fatal: .*: prlimit64 is refused \(Linux 2.6.36 or later is needed, .*\)\n$/);
    }
  },
});

Deno.test({
  name: "a service that cannot be started for want of a system call is reported by that call",
  ignore: !canIsolate,
  fn: async () => {
    await using made = await refusingRoot();
    const argv = refusedTo(["setsid"], "EPERM", ["/init", "/bin/sleep", "1"]);
    const { stderr } = await limited(start(made, { argv }), TIME_LIMIT);
    match(stderr, /^s6-supervise .*unable to spawn .*: unable to start a session: Operation not permitted$/m);
    ok(!stderr.includes("internal error"), stderr);
  },
});
