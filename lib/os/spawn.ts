// Starting a child: the launcher, with a plan that it plays (player.c). Between the spawn and the exec of the launcher
// the child has our own ids, so no other user can stop it while posix_spawn waits; everything that takes on another
// user's ids, or may have to wait for something, is done by the player.

import { EXIT, Failure } from "../report.ts";
import type { Caller } from "./caller.ts";
import { checked, osError } from "./failed_call.ts";
import {
  addressOf,
  base,
  cString,
  keepAlive,
  none,
  PLACE,
  spawnCalls as c,
  stringArray,
  syscall,
  view,
} from "./libc.ts";
import { HERE, OPEN } from "./open_flags.ts";
import { attemptOf, type Operation } from "./operation.ts";
import type { Plan, PlayerReport, Started } from "./os.ts";
import { withPlan } from "./plan.ts";
import { PLAYER, TOLD } from "./player.ts";
import { ownDescriptorLimit } from "./resource.ts";
import { PIPE } from "./signal.ts";
import { SYS } from "./syscall_numbers.ts";
import { YOUNG_OBJECTS } from "./young_objects.ts";

// Where things lie in the buffer: attributes (336 bytes), file actions (80), signal sets (128 each), pid.
const ATTRIBUTES = base + PLACE.buffer;
const ACTIONS = ATTRIBUTES + 512;
const MASK = ATTRIBUTES + 1024;
const DEFAULTS = ATTRIBUTES + 1280;
const PID = PLACE.buffer + 1536;
const DEFAULTS_AND_MASK = 4 | 8; // POSIX_SPAWN_SETSIGDEF, POSIX_SPAWN_SETSIGMASK
const ALL_SIGNALS = (1n << 64n) - 1n;
// Signals 32 and 33, which the C library uses among its threads and would leave ignored in a child.
const LIBRARY_SIGNALS = 3n << 31n;
const NEW_PIDS = 0x20000000; // CLONE_NEWPID
const SEALABLE = 3; // MFD_CLOEXEC | MFD_ALLOW_SEALING
const ADD_SEALS = 1033; // F_ADD_SEALS
const ALL_SEALS = 15; // SEAL, SHRINK, GROW, WRITE
const GET_FLAGS = 1; // F_GETFD
/** Private numbers of the player begin here, out of the way of those that scripts use. */
const PRIVATE = 64;
const STANDARD = 3;

const NOTHING_YET = -11;

function writeSet(place: number, bits: bigint): void {
  for (let at = 0; at < 128; at += 8) view.setBigUint64(place + at, 0n, true);
  view.setBigUint64(place, bits, true);
}

/** All signals stay blocked until the player has a session of its own; then the plan sets the mask. */
function setAttributes(): void {
  c.posix_spawnattr_init(ATTRIBUTES, none);
  writeSet(MASK - base, ALL_SIGNALS);
  c.posix_spawnattr_setsigmask(ATTRIBUTES, MASK, none);
  writeSet(DEFAULTS - base, LIBRARY_SIGNALS | 1n << BigInt(PIPE - 1));
  c.posix_spawnattr_setsigdefault(ATTRIBUTES, DEFAULTS, none);
  c.posix_spawnattr_setflags(ATTRIBUTES, DEFAULTS_AND_MASK, none);
}

function openOwnPids(): number {
  const path = cString("/proc/self/ns/pid");
  return checked(syscall(SYS.openat, HERE, path, OPEN.closeOnExec), "open", "/proc/self/ns/pid");
}

/** New pid namespaces for children, of which this process is the parent. */
class PidNamespaces {
  /** Our own namespace, while children would still be born into another one. */
  private own: number | undefined;

  /** Has the next child be process 1 of new pids. Of this process only the calling thread is concerned. */
  separate(): void {
    const own = openOwnPids();
    try {
      // The way back must be open before it is needed: children of a namespace whose process 1 is dead cannot be.
      checked(syscall(SYS.setns, own, NEW_PIDS), "return to the own pid namespace");
      checked(syscall(SYS.unshare, NEW_PIDS), "make a pid namespace");
    } catch (error) {
      syscall(SYS.close, own);
      throw error;
    }
    this.own = own;
  }

  /** Children are born among our own pids again. One try for each child, so that a failure ends with its cause. */
  rejoin(): void {
    if (this.own === undefined) return;
    checked(syscall(SYS.setns, this.own, NEW_PIDS), "return to the own pid namespace");
    syscall(SYS.close, this.own);
    this.own = undefined;
  }
}

/** What the player gets under private numbers, one behind the other from the first on. */
interface Passing {
  readonly first: number;
  readonly descriptors: readonly number[];
}

function mentioned(operation: Operation): number[] {
  switch (operation.do) {
    case "copy":
    case "move":
      return [operation.from, operation.to];
    case "open":
    case "close":
    case "lock":
    case "foreground":
      return [operation.fd];
    default:
      return [];
  }
}

function isInherited(fd: number): boolean {
  return syscall(SYS.fcntl, fd, GET_FLAGS) === 0;
}

/** The first of a row of unused numbers: no operation, nothing that is passed on, nothing that is inherited. */
function firstPrivate(taken: ReadonlySet<number>, count: number, limit: number): number {
  for (const start of [PRIVATE, STANDARD]) {
    let first = start;
    for (let at = first; at < first + count && first + count <= limit; at++) {
      if (taken.has(at) || isInherited(at)) first = at + 1;
    }
    if (first + count <= limit) return first;
  }
  throw osError("find descriptors for a child", "", 24);
}

function addActions({ first, descriptors }: Passing): void {
  c.posix_spawn_file_actions_init(ACTIONS, none);
  descriptors.forEach((fd, index) => {
    // The library refuses numbers above the limit, as it is now.
    const errno = c.posix_spawn_file_actions_adddup2(ACTIONS, fd, first + index, none);
    if (errno !== 0) throw osError("pass on descriptor", `${fd}`, errno);
  });
}

function spawnPlayer(launcher: string, passing: Passing): number {
  const argv = stringArray([PLAYER, `${passing.first}`, `${passing.first + 1}`]);
  const env = stringArray([]);
  setAttributes();
  const path = cString(launcher);
  let errno = 0;
  try {
    addActions(passing);
    errno = c.posix_spawn(base + PID, path, ACTIONS, ATTRIBUTES, argv.address, env.address, none);
  } finally {
    c.posix_spawn_file_actions_destroy(ACTIONS, none);
  }
  keepAlive(argv, env);
  if (errno !== 0) throw osError("start", launcher, errno);
  return view.getInt32(PID, true);
}

/** A memory file with the plan, sealed against changes. */
function sealed(plan: Uint8Array<ArrayBuffer>): number {
  const fd = checked(syscall(SYS.memfd_create, cString("plan"), SEALABLE), "make a memory file");
  try {
    for (let at = 0; at < plan.length;) {
      const written = checked(syscall(SYS.write, fd, addressOf(plan) + at, plan.length - at), "write a plan");
      if (written === 0) throw new Failure(EXIT.system, "unable to write a plan");
      at += written;
    }
    checked(syscall(SYS.fcntl, fd, ADD_SEALS, ALL_SEALS), "seal a plan");
    return fd;
  } catch (error) {
    syscall(SYS.close, fd);
    throw error;
  }
}

/** Neither end blocks: what a player writes has room in any case. */
function makePipe(): { read: number; write: number } {
  checked(syscall(SYS.pipe2, base + PLACE.result, OPEN.closeOnExec | OPEN.nonblocking), "make a pipe");
  return { read: view.getInt32(PLACE.result, true), write: view.getInt32(PLACE.result + 4, true) };
}

/** The operations that every child begins with, behind those that need blocked signals. */
function withCallersState(
  operations: readonly Operation[],
  caller: Caller,
  limits: readonly Operation[],
): readonly Operation[] {
  const by = PLAYER;
  const early = operations.findIndex((operation) => !EARLY.has(operation.do));
  const place = early < 0 ? operations.length : early;
  return [
    ...operations.slice(0, place),
    { by, do: "openFiles", limits: caller.openFiles },
    { by, do: "signals", blocked: caller.blockedSignals, pipeIgnored: caller.pipeSignalIgnored },
    ...limits,
    ...operations.slice(place),
  ];
}

/** What cannot wait for anything: it is done before signals are let through. */
const EARLY: ReadonlySet<Operation["do"]> = new Set(["session", "group", "foreground", "oomScore"]);

/**
 * Starts players with the signal mask, SIGPIPE disposition and open-file limit that our caller gave us.
 * @param limits those that this process cannot have itself, as operations
 */
export function playerStarter(caller: Caller, limits: () => readonly Operation[]): (plan: Plan) => Started {
  const namespaces = new PidNamespaces();
  // A link to the launcher (scripts/launcher.ts).
  const launcher = `${caller.prefix}/${PLAYER}`;
  return ({ operations, quiet, newPidNamespace = false }) => {
    namespaces.rejoin();
    YOUNG_OBJECTS.started();
    const lent = operations.flatMap((each) =>
      (each.do === "copy" || each.do === "move") && each.lent ? [each.from] : []
    );
    const report = makePipe();
    let plan: number | undefined;
    try {
      const taken = new Set([...operations.flatMap(mentioned), ...lent, report.write]);
      const first = firstPrivate(taken, 2 + lent.length, ownDescriptorLimit());
      const numberOf = (descriptor: number): number => first + 2 + lent.indexOf(descriptor);
      const whole = withCallersState(operations, caller, limits());
      plan = withPlan(whole, quiet, { numberOf, first, count: 2 + lent.length }, sealed);
      if (newPidNamespace) namespaces.separate();
      const descriptors = [plan, report.write, ...lent];
      return { pid: spawnPlayer(launcher, { first, descriptors }), report: report.read, operations: whole };
    } catch (error) {
      syscall(SYS.close, report.read);
      throw error;
    } finally {
      if (newPidNamespace) rejoinOrLater(namespaces);
      syscall(SYS.close, report.write);
      if (plan !== undefined) syscall(SYS.close, plan);
    }
  };
}

/** What fails now is tried again before the next child is started. */
function rejoinOrLater(namespaces: PidNamespaces): void {
  try {
    namespaces.rejoin();
  } catch {
    return;
  }
}

/**
 * What a player has reported by now; undefined if nothing. The descriptor blocks, if it does, until something has come
 * or the player has become its program. What comes is not trusted.
 * @throws OsError if it cannot be read
 */
export function readReport({ report, operations }: Started): PlayerReport | undefined {
  const place = PLACE.buffer;
  const got = syscall(SYS.read, report, base + place, TOLD.size);
  if (got === NOTHING_YET) return undefined;
  if (checked(got, "read the report of a child") === 0) return { kind: "over" };
  if (view.getUint8(place) !== TOLD.failed || got !== TOLD.size) return { kind: "running" };
  const operation = operations[view.getUint32(place + 4, true)];
  if (operation === undefined) return { kind: "over" };
  return { kind: "failed", operation, error: osError(...attemptOf(operation), view.getUint32(place + 8, true)) };
}
