// This process and its children: becoming another program, user or group, and waiting.

import { type ByteString, byteString } from "../bytes.ts";
import { systemError } from "../errno.ts";
import type { WaitStatus } from "../wait_status.ts";
import type { Caller } from "./caller.ts";
import { checked, osError } from "./failed_call.ts";
import { addressOf, base, BUFFER_SIZE, cString, keepAlive, memory, PLACE, stringArray, syscall, view } from "./libc.ts";
import { HERE, OPEN } from "./open_flags.ts";
import type { Operation } from "./operation.ts";
import type { Credentials, Limits, Resource } from "./operands.ts";
import type { Death, Processes } from "./os.ts";
import { PIPE, setBlocked, setIgnored } from "./signal.ts";
import { RESOURCES } from "./resource.ts";
import type { Plan, PlayerReport, Started } from "./os.ts";
import { SYS } from "./syscall_numbers.ts";

const NO_HANG = 1;
const OPEN_FILES = 7; // RLIMIT_NOFILE
const SUBREAPER = 36; // PR_SET_CHILD_SUBREAPER
const TERMINAL_SET_GROUP = 0x5410; // TIOCSPGRP
const NO_SUCH_PROCESS = -3;
const INTERRUPTED = -4;
const INVALID_ARGUMENT = 22;
const NO_CHILD = -10;
const NO_DATA = 5; // EIO

/** Sets RLIMIT_NOFILE of this process; a limit that cannot be set is left as it is. */
function setOpenFiles(limit: { readonly soft: bigint; readonly hard: bigint }): void {
  view.setBigUint64(PLACE.result, limit.soft, true);
  view.setBigUint64(PLACE.result + 8, limit.hard, true);
  syscall(SYS.prlimit64, 0, OPEN_FILES, base + PLACE.result, 0);
}

function readLimits(resource: number): Limits {
  checked(syscall(SYS.prlimit64, 0, resource, 0, base + PLACE.result), "read limits");
  return { soft: view.getBigUint64(PLACE.result, true), hard: view.getBigUint64(PLACE.result + 8, true) };
}

function writeLimits(resource: number, { soft, hard }: Limits): void {
  view.setBigUint64(PLACE.result, soft, true);
  view.setBigUint64(PLACE.result + 8, hard, true);
  checked(syscall(SYS.prlimit64, 0, resource, base + PLACE.result, 0), "set limits");
}

function addNice(increment: number): void {
  // The system call answers 20 minus the nice value, so that no answer is negative.
  const now = 20 - checked(syscall(SYS.getpriority, 0, 0), "read the nice value");
  checked(syscall(SYS.setpriority, 0, 0, Math.max(-20, Math.min(19, now + increment))), "set the nice value");
}

/** Sets the supplementary groups of the calling thread. */
export function setGroups(groups: readonly number[]): void {
  groups.forEach((group, index) => view.setUint32(PLACE.buffer + 4 * index, group, true));
  checked(syscall(SYS.setgroups, groups.length, base + PLACE.buffer), "set supplementary groups");
}

const REFUSALS: ReadonlySet<number> = new Set([-1, -38]); // EPERM, ENOSYS

/** As /proc has them, for sandboxes that refuse the system call; undefined if it does not tell. */
function groupsOfProc(): number[] | undefined {
  const fd = syscall(SYS.openat, HERE, cString("/proc/self/status"), OPEN.closeOnExec);
  if (fd < 0) return undefined;
  const size = syscall(SYS.read, fd, base + PLACE.buffer, BUFFER_SIZE);
  syscall(SYS.close, fd);
  const text = byteString(memory.subarray(PLACE.buffer, PLACE.buffer + Math.max(size, 0)));
  const [, groups] = /^Groups:(.*)$/m.exec(text) ?? [];
  return groups?.split(" ").filter((word) => word.trim() !== "").map(Number);
}

function getGroups(): number[] {
  const count = syscall(SYS.getgroups, 4096, base + PLACE.buffer);
  const told = REFUSALS.has(count) ? groupsOfProc() : undefined;
  if (told !== undefined) return told;
  checked(count, "read supplementary groups");
  return Array.from({ length: count }, (_, index) => view.getUint32(PLACE.buffer + 4 * index, true));
}

function credentials(): Credentials {
  const uid = checked(syscall(SYS.geteuid), "read the user id");
  return { uid, gid: checked(syscall(SYS.getegid), "read the group id"), groups: getGroups() };
}

function waitFor(pid: number, options: number): Death | undefined {
  for (;;) {
    const result = syscall(SYS.wait4, pid, base + PLACE.result, options, 0);
    if (result === INTERRUPTED && (options & NO_HANG) === 0) continue;
    if (result === 0 || result === NO_CHILD) return undefined;
    checked(result, "wait for a child");
    return { pid: result, status: view.getInt32(PLACE.result, true) & 0xffff };
  }
}

/** Asks without taking the death away: WEXITED, WNOHANG, WNOWAIT. */
function hasChild(pid: number): boolean {
  const [anyone, oneProcess] = [0, 1];
  return syscall(SYS.waitid, pid < 0 ? anyone : oneProcess, Math.max(pid, 0), base + PLACE.result, 0x1000005) === 0;
}

function wait(pid: number): WaitStatus {
  const death = waitFor(pid, 0);
  if (death === undefined) throw osError("wait for process", `${pid}`, 10);
  return death.status;
}

function becomeUser({ uid, gid, groups }: Credentials): void {
  setGroups(groups);
  // The kernel takes this one for "unchanged".
  if ([uid, gid].includes(0xffffffff)) throw osError("set user or group id", "4294967295", INVALID_ARGUMENT);
  checked(syscall(SYS.setresgid, gid, gid, gid), "set group id", `${gid}`);
  checked(syscall(SYS.setresuid, uid, uid, uid), "set user id", `${uid}`);
}

function kill(pid: number, signal: number): boolean {
  const result = syscall(SYS.kill, pid, signal);
  if (result === NO_SUCH_PROCESS) return false;
  checked(result, "send a signal to", `${pid}`);
  return true;
}

function openProcess(pid: number): number | undefined {
  const result = syscall(SYS.pidfd_open, pid, 0);
  return result === NO_SUCH_PROCESS ? undefined : checked(result, "watch process", `${pid}`);
}

function currentDirectory(): ByteString {
  const length = checked(syscall(SYS.getcwd, base + PLACE.result, 4096), "find the current directory");
  return byteString(memory.subarray(PLACE.result, PLACE.result + length - 1));
}

function setForeground(fd: number): void {
  // A background group that asks for this is stopped by SIGTTOU unless the signal is blocked.
  const TTOU = 1n << 21n;
  view.setBigUint64(PLACE.result, TTOU, true);
  syscall(SYS.rt_sigprocmask, 0, base + PLACE.result, base + PLACE.result2, 8);
  view.setInt32(PLACE.result, syscall(SYS.getpgid, 0), true);
  const result = syscall(SYS.ioctl, fd, TERMINAL_SET_GROUP, base + PLACE.result);
  syscall(SYS.rt_sigprocmask, 2, base + PLACE.result2, 0, 8);
  checked(result, "take the terminal on descriptor", `${fd}`);
}

// Under low limits of these the runtime itself would end, at its next allocation.
const OF_MEMORY: ReadonlySet<Resource> = new Set(["addressSpace", "data", "stack"]);

/** The limits of the programs after us. Those that the runtime could not live under are set at the last moment, by apply(). */
class ProgramLimits {
  private readonly later: Map<Resource, Limits>;

  constructor(private readonly caller: Caller) {
    this.later = new Map(caller.lowLimits);
  }

  get(resource: Resource): Limits {
    if (resource === "openFiles") return this.caller.openFiles;
    return this.later.get(resource) ?? readLimits(RESOURCES[resource]);
  }

  set(resource: Resource, limits: Limits): void {
    if (OF_MEMORY.has(resource)) {
      requireLegal(resource, limits);
      this.later.set(resource, limits);
    } else {
      writeLimits(RESOURCES[resource], limits);
      this.later.delete(resource);
    }
    if (resource === "openFiles") this.caller.openFiles = limits;
  }

  /** Those that are still to be set, as operations of a child. */
  forChild(): Operation[] {
    return [...this.later].flatMap(([resource, { soft, hard }]) =>
      ([["soft", soft], ["hard", hard]] as const).map(([which, value]) => ({
        do: "limit" as const,
        by: "s6-softlimit",
        resource,
        which,
        value,
      }))
    );
  }

  apply(): void {
    for (const [resource, limits] of this.later) writeLimits(RESOURCES[resource], limits);
    this.later.clear();
  }

  /** The kernel checks this one at a change of user, and again at the exec. */
  applyProcesses(): void {
    const limits = this.later.get("processes");
    if (limits !== undefined) this.set("processes", limits);
  }
}

/** What the kernel would refuse later is refused now, by the program that asks for it. */
function requireLegal(resource: Resource, { soft, hard }: Limits): void {
  if (soft > hard) throw systemError("set limits", "", "EINVAL");
  const now = readLimits(RESOURCES[resource]);
  // Only that of a hard limit can be refused, and a higher one harms nobody here.
  if (hard > now.hard) writeLimits(RESOURCES[resource], { soft: now.soft, hard });
}

/** What starts children, loaded by the first start: most programs make none. The loader (cli/load.ts) calls back at once. */
class Players {
  private made: { play(plan: Plan): Started; readReport(started: Started): PlayerReport | undefined } | undefined;

  constructor(private readonly caller: Caller, private readonly limits: () => readonly Operation[]) {}

  play(plan: Plan): Started {
    const { caller, limits } = this;
    if (this.made === undefined) {
      import("./spawn.ts").then(({ playerStarter, readReport }) =>
        this.made = { play: playerStarter(caller, limits), readReport }
      );
    }
    return this.made!.play(plan);
  }

  /** There is a report only of what has been started. */
  readReport(started: Started): PlayerReport | undefined {
    return this.made!.readReport(started);
  }
}

function randomBytes(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(new ArrayBuffer(size));
  const address = addressOf(bytes);
  const { source, read } = randomSource();
  for (let at = 0; at < size;) {
    const got = checked(read(address + at, size - at), "read random bytes");
    // Where an image has a file in the device's place, it comes to an end.
    if (got === 0) throw osError("read", "/dev/urandom", NO_DATA);
    at += got;
  }
  if (source !== undefined) syscall(SYS.close, source);
  return bytes;
}

/** The device where the system call is refused, or is not there (Linux before 3.17). */
function randomSource(): { source: number | undefined; read: (address: number, size: number) => number } {
  if (!REFUSALS.has(syscall(SYS.getrandom, 0, 0, 0))) {
    return { source: undefined, read: (address, size) => syscall(SYS.getrandom, address, size, 0) };
  }
  const source = checked(syscall(SYS.openat, HERE, cString("/dev/urandom"), OPEN.closeOnExec), "open", "/dev/urandom");
  return { source, read: (address, size) => syscall(SYS.read, source, address, size) };
}

/** What is the same whatever the caller was. */
const others = { hasChild, kill, openProcess, randomBytes, wait } as const;

/** The calls of this process, which came from that caller. */
export function processes(caller: Caller): Processes {
  const limits = new ProgramLimits(caller);
  // Nothing but becomeUser() changes them.
  let own: Credentials | undefined;
  const players = new Players(caller, () => limits.forChild());
  const execute = (path: ByteString, argv: readonly ByteString[], env: readonly ByteString[]): never => {
    const words = stringArray(argv);
    const variables = stringArray(env);
    setIgnored(PIPE, caller.pipeSignalIgnored);
    setOpenFiles(caller.openFiles);
    setBlocked(caller.blockedSignals);
    const file = cString(path);
    limits.apply();
    const result = syscall(SYS.execve, file, words.address, variables.address);
    keepAlive(words, variables);
    throw osError("exec", path, -result);
  };
  return {
    pid: syscall(SYS.getpid),
    parentPid: () => syscall(SYS.getppid),
    play: (plan) => players.play(plan),
    readReport: (started) => players.readReport(started),
    execute,
    // Directly: everything we write is written at once, and the runtime's own leave-taking costs 2 ms.
    exit: (code) => {
      syscall(SYS.exit_group, code);
      throw new Error("unreachable");
    },
    ...others,
    reap: (pid = -1) => waitFor(pid, NO_HANG),
    exists: (pid) => syscall(SYS.kill, pid, 0) !== NO_SUCH_PROCESS,
    setUmask: (mask) => checked(syscall(SYS.umask, mask), "set the umask"),
    changeDirectory: (path) => void checked(syscall(SYS.chdir, cString(path)), "chdir to", path),
    currentDirectory,
    credentials: () => own ??= credentials(),
    becomeUser: (wanted) => {
      own = undefined;
      limits.applyProcesses();
      becomeUser(wanted);
    },
    newSession: () => void checked(syscall(SYS.setsid), "start a session"),
    setProcessGroup: (pid, group) => void checked(syscall(SYS.setpgid, pid, group), "set process group"),
    setForeground,
    changeRoot: (path) => void checked(syscall(SYS.chroot, cString(path)), "chroot to", path),
    addNice,
    limits: (resource) => limits.get(resource),
    setLimits: (resource, wanted) => limits.set(resource, wanted),
    becomeSubreaper: () => void checked(syscall(SYS.prctl, SUBREAPER, 1), "become a subreaper"),
  };
}
