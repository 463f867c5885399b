// The real system, put together.

import { type Caller, executedWith, readCaller } from "./caller.ts";
import { isKept, stopForCheckpoint } from "./checkpoint.ts";
import { clocks } from "./clock.ts";
import { descriptors } from "./descriptor.ts";
import { files } from "./file.ts";
import type { Os, WritingDoor } from "./os.ts";
import { processes } from "./process.ts";
import { syscall } from "./libc.ts";
import { OsError } from "../report.ts";
import { closeRuntimeCopies } from "./runtime_copies.ts";
import { SYS } from "./syscall_numbers.ts";

export interface System {
  readonly caller: Caller;
  readonly os: Os;
}

/** Reads what the launcher left and returns the system of this process. From here on it has a caller. */
export function openSystem(): System {
  const caller = readCaller(isKept() ? stopForCheckpoint() : executedWith());
  if (!isKept()) closeRuntimeCopies();
  return systemOf(caller);
}

/** Ends this process at once: the runtime's own leave-taking would wait for threads that a kept process had. */
export function leave(code: number): void {
  syscall(SYS.exit_group, code);
}

/** The system of a process that was called so. */
export function systemOf(caller: Caller): System {
  const os = { ...files, ...descriptors, ...clocks, ...processes(caller) };
  const whole = caller.closed.length === 0 ? os : withClosed(os, caller.closed);
  return { caller, os: Object.defineProperty(whole, "door", { get: openDoor, enumerable: true }) as Os };
}

/**
 * The door is for the programs that stay, and few others: all that start without it start 0.3 ms earlier. The loader of
 * the bundle (cli/load.ts) runs a chunk at once, so that it is there as soon as import() returns.
 */
function openDoor(): WritingDoor {
  if (opened === undefined) import("./door.ts").then(({ door }) => opened = door);
  if (opened === undefined) throw new Error("only the loader of the bundle loads the door in time");
  return opened;
}

let opened: WritingDoor | undefined;

/**
 * The system of a process whose caller had these descriptors closed. The runtime has put /dev/null there: neither we nor
 * the programs after us may take that for something open, until something else is put in its place.
 */
function withClosed(os: Omit<Os, "door">, closed: readonly number[]): Omit<Os, "door"> {
  for (const fd of closed) os.setCloseOnExec(fd, true);
  const check = (action: string, fd: number): void => {
    if (closed.includes(fd) && !os.isInherited(fd)) throw new OsError(action, "", "EBADF", "Bad file descriptor");
  };
  const checked =
    <Rest extends unknown[], Result>(action: string, call: (fd: number, ...rest: Rest) => Result) =>
    (fd: number, ...rest: Rest): Result => {
      check(action, fd);
      return call(fd, ...rest);
    };
  return {
    ...os,
    read: checked("read", os.read),
    write: checked("write", os.write),
    writeAll: checked("write", os.writeAll),
  };
}
