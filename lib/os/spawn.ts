// posix_spawn with what it lacks: working directory, umask, open-file limit and other ids. In the kernel these belong
// to the calling thread or can be put back, so the main thread takes them on, spawns, and takes its own again; the
// other threads never change, and after the exec nothing of root is left in the child.

import type { ByteString } from "../bytes.ts";
import { Failure } from "../report.ts";
import type { Caller } from "./caller.ts";
import { check, osError } from "./errno.ts";
import { base, cString, keepAlive, none, PLACE, spawnCalls as c, stringArray, syscall, view } from "./libc.ts";
import type { Credentials, DescriptorAction, SpawnRequest } from "./os.ts";
import { getGroups, setGroups, setOpenFiles } from "./process.ts";
import { PIPE } from "./signal.ts";
import { SYS } from "./syscall_numbers.ts";

// Where things lie in the buffer: attributes (336 bytes), file actions (80), signal sets (128 each), pid.
const ATTRIBUTES = base + PLACE.buffer;
const ACTIONS = ATTRIBUTES + 512;
const MASK = ATTRIBUTES + 1024;
const DEFAULTS = ATTRIBUTES + 1280;
const PID = PLACE.buffer + 1536;
const FLAG = { processGroup: 2, defaults: 4, mask: 8, session: 0x80 };
const OPEN_FILES = 7; // RLIMIT_NOFILE
const UNCHANGED = 0xffffffff;
const DUMPABLE = { get: 3, set: 4 }; // PR_GET_DUMPABLE, PR_SET_DUMPABLE
const NEW_PIDS = 0x20000000; // CLONE_NEWPID
// Signals 32 and 33, which the C library uses among its threads and would leave ignored in a child.
const LIBRARY_SIGNALS = 3n << 31n;

type Undo = () => void;

function writeSet(place: number, bits: bigint): void {
  for (let at = 0; at < 128; at += 8) view.setBigUint64(place + at, 0n, true);
  view.setBigUint64(place, bits, true);
}

function setAttributes(request: SpawnRequest, caller: Caller): void {
  c.posix_spawnattr_init(ATTRIBUTES, none);
  writeSet(MASK - base, caller.blockedSignals);
  c.posix_spawnattr_setsigmask(ATTRIBUTES, MASK, none);
  let flags = FLAG.mask | FLAG.defaults;
  writeSet(DEFAULTS - base, LIBRARY_SIGNALS | (caller.pipeSignalIgnored ? 0n : 1n << BigInt(PIPE - 1)));
  c.posix_spawnattr_setsigdefault(ATTRIBUTES, DEFAULTS, none);
  if (request.processGroup !== undefined) {
    c.posix_spawnattr_setpgroup(ATTRIBUTES, request.processGroup, none);
    flags |= FLAG.processGroup;
  }
  if (request.newSession) flags |= FLAG.session;
  c.posix_spawnattr_setflags(ATTRIBUTES, flags, none);
}

function addAction(action: DescriptorAction): void {
  if (action.do === "dup2") {
    const errno = c.posix_spawn_file_actions_adddup2(ACTIONS, action.from, action.to, none);
    if (errno !== 0) throw osError("use descriptor", `${action.to}`, errno);
  } else if (action.do === "close") c.posix_spawn_file_actions_addclose(ACTIONS, action.fd, none);
  else c.posix_spawn_file_actions_addtcsetpgrp_np(ACTIONS, action.fd, none);
}

function addActions({ actions = [] }: SpawnRequest): void {
  c.posix_spawn_file_actions_init(ACTIONS, none);
  for (const action of actions) addAction(action);
}

/** Enters a directory for the time of the spawn. */
function enter(path: ByteString): Undo {
  const back = check(syscall(SYS.openat, -100, cString("."), 0o12000000), "open", "."); // O_PATH and close-on-exec
  const result = syscall(SYS.chdir, cString(path));
  const undo = (): void => {
    check(syscall(SYS.fchdir, back), "return to the working directory");
    syscall(SYS.close, back);
  };
  if (result < 0) {
    undo();
    throw osError("chdir to", path, -result);
  }
  return undo;
}

/** Has the next child be process 1 of new pids. Of this process only the calling thread is concerned. */
function separatePids(): Undo {
  const own = check(syscall(SYS.openat, -100, cString("/proc/self/ns/pid"), 0o2000000), "open", "/proc/self/ns/pid");
  const result = syscall(SYS.unshare, NEW_PIDS);
  const undo = (): void => {
    const restored = result < 0 ? 0 : syscall(SYS.setns, own, NEW_PIDS);
    syscall(SYS.close, own);
    // All children to come would be born into pids whose process 1 may be dead: none could be.
    if (restored !== 0) throw new Failure(111, "unable to return to the own pid namespace");
  };
  if (result < 0) undo();
  check(result, "make a pid namespace");
  return undo;
}

function wear({ uid, gid, groups }: Credentials): Undo {
  const own = { uid: syscall(SYS.getuid), gid: syscall(SYS.getgid), groups: getGroups() };
  const dumpable = syscall(SYS.prctl, DUMPABLE.get);
  const undo = (): void => {
    const restored = syscall(SYS.setresuid, own.uid, own.uid, own.uid) |
      syscall(SYS.setresgid, own.gid, own.gid, own.gid);
    // To go on with somebody else's ids would be worse than to end.
    if (restored !== 0) throw new Failure(111, "unable to take back own user and group ids");
    setGroups(own.groups);
    // A change of ids hides /proc/PID/fd, where scripts write to the container's output, from everybody.
    if (dumpable === 1) syscall(SYS.prctl, DUMPABLE.set, 1);
  };
  setGroups(groups);
  try {
    check(syscall(SYS.setresgid, gid, gid, UNCHANGED), "set group id", `${gid}`);
    check(syscall(SYS.setresuid, uid, uid, UNCHANGED), "set user id", `${uid}`);
  } catch (error) {
    undo();
    throw error;
  }
  return undo;
}

/** Our own open-file limit, if the runtime has changed it from what our caller gave us. */
function changedLimit(caller: Caller): { soft: bigint; hard: bigint } | undefined {
  syscall(SYS.prlimit64, 0, OPEN_FILES, 0, base + PLACE.result);
  const own = {
    soft: view.getBigUint64(PLACE.result, true),
    hard: view.getBigUint64(PLACE.result + 8, true),
  };
  return own.soft === caller.openFiles.soft ? undefined : own;
}

/** Spawns with the signal mask, SIGPIPE disposition and open-file limit that our caller gave us. */
export function spawner(caller: Caller): (request: SpawnRequest) => number {
  const ownLimit = changedLimit(caller);
  return (request) => {
    const undo: Undo[] = [];
    const argv = stringArray(request.argv);
    const env = stringArray(request.env);
    try {
      if (request.directory !== undefined) undo.push(enter(request.directory));
      if (request.umask !== undefined) {
        const own = syscall(SYS.umask, request.umask);
        undo.push(() => syscall(SYS.umask, own));
      }
      if (ownLimit !== undefined) {
        setOpenFiles(caller.openFiles);
        undo.push(() => setOpenFiles(ownLimit));
      }
      if (request.newPidNamespace) undo.push(separatePids());
      if (request.credentials !== undefined) undo.push(wear(request.credentials));
      setAttributes(request, caller);
      addActions(request);
      const path = cString(request.path);
      const errno = c.posix_spawn(base + PID, path, ACTIONS, ATTRIBUTES, argv.address, env.address, none);
      c.posix_spawn_file_actions_destroy(ACTIONS, none);
      keepAlive(argv, env);
      if (errno !== 0) throw osError("spawn", request.path, errno);
      return view.getInt32(PID, true);
    } finally {
      while (undo.length > 0) undo.pop()!();
    }
  };
}
