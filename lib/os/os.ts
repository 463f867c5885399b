// The system as the rest of the program sees it: one interface, so that a domain can name the few ports it uses
// (Pick<Os, "open" | "read">) and a test can stand in for them. lib/os/linux.ts implements it; nothing else does.
// Paths and other text are byte strings. Every method throws OsError when the call fails, unless it says otherwise.

import type { ByteString } from "../bytes.ts";
import type { OsError } from "../report.ts";
import type { WaitStatus } from "../wait_status.ts";
import type { WritingDoor } from "./door_port.ts";
import type { FileStatus } from "./file_status.ts";
import type { Operation } from "./operation.ts";
import type { Credentials, Limits, OpenFlag, Resource } from "./operands.ts";

export type { Door, Reach, WritingDoor } from "./door_port.ts";
export type { FileStatus } from "./file_status.ts";

/** A point of the system clock: whole seconds since 1970 and nanoseconds (0 to 999999999). */
export interface Instant {
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** One descriptor change, done in order. */
export type DescriptorAction =
  | { readonly do: "dup2"; readonly from: number; readonly to: number }
  | { readonly do: "close"; readonly fd: number };

/** A child to start: what it is to do to itself, down to the program that it becomes. */
export interface Plan {
  readonly operations: readonly Operation[];
  /**
   * What fails before the operation "running", or the program's exec, is reported only: the process that starts it
   * prints it.
   */
  readonly quiet: boolean;
  /** In a new pid namespace, as its process 1. */
  readonly newPidNamespace?: boolean | undefined;
}

/** A child that plays a plan. */
export interface Started {
  readonly pid: number;
  /** The descriptor it reports on, which does not block: for readReport(), and to be closed. */
  readonly report: number;
  /** The whole plan, to be given to readReport(). */
  readonly operations: readonly Operation[];
}

/** What a player tells. */
export type PlayerReport =
  /** Its program would run now: what fails from here on is the program's own failure. */
  | { readonly kind: "running" }
  /** It will exit 111, 126 or 127 without having run its program. */
  | { readonly kind: "failed"; readonly operation: Operation; readonly error: OsError }
  /** It has become its program, or has died. */
  | { readonly kind: "over" };

/** A child that ended. */
export interface Death {
  readonly pid: number;
  readonly status: WaitStatus;
}

/** Names in a directory, and for each of them where to go on reading behind it. */
export interface Entries {
  readonly names: readonly ByteString[];
  readonly positions: BigUint64Array<ArrayBuffer>;
}

export interface Files {
  /** The state directory is this one, for all that go by its usual names from now on: we, and the plans that we make. */
  moveState(to: ByteString): void;
  /** The path by which other programs find what lies at this one. */
  actualPath(path: ByteString): ByteString;
  /** Stands for the working directory where a descriptor of a directory is asked for. */
  readonly here: number;
  /** A new descriptor, close-on-exec. `mode` is used with "create" (default 0666, less the umask). */
  open(path: ByteString, flags: readonly OpenFlag[], mode?: number): number;
  /** As open, the path relative to the directory of a descriptor: it stays the same one when it is renamed. */
  openAt(directory: number, path: ByteString, flags: readonly OpenFlag[], mode?: number): number;
  close(fd: number): void;
  /** Bytes read; 0 at the end of the file. Throws EAGAIN on an empty non-blocking descriptor. */
  read(fd: number, into: Uint8Array<ArrayBuffer>): number;
  /** Bytes written, maybe fewer than given. */
  write(fd: number, from: Uint8Array<ArrayBuffer>): number;
  /** Writes all of it, however many calls it takes, waiting if the descriptor is non-blocking. */
  writeAll(fd: number, from: Uint8Array<ArrayBuffer>): void;
  /** The whole file as a byte string. */
  readFile(path: ByteString): ByteString;
  /** Creates or truncates the file and writes all of it. The umask applies to `mode` (default 0666). */
  writeFile(path: ByteString, content: ByteString, mode?: number): void;
  /** Writes PATH.new and renames it onto PATH, so that a reader sees the old or the new content, never a part. */
  replaceFile(path: ByteString, content: ByteString, mode?: number): void;
  /** Following links. */
  stat(path: ByteString): FileStatus;
  lstat(path: ByteString): FileStatus;
  lstatAt(directory: number, path: ByteString): FileStatus;
  fstat(fd: number): FileStatus;
  /** As stat, but undefined where nothing is (ENOENT, ENOTDIR). */
  find(path: ByteString): FileStatus | undefined;
  /** Names without "." and "..", in the directory's order. */
  listDirectory(path: ByteString): ByteString[];
  /** Some more names from a descriptor of a directory, so that a large one is never held whole; undefined at its end. */
  readEntries(fd: number): Entries | undefined;
  /** Goes on in a file or directory at a position, as it is or from here or the end on; returns it. */
  seek(fd: number, position: number | bigint, from?: "start" | "here" | "end"): number;
  /** Tells a file from all others, even from one that gets the same inode later. */
  identity(fd: number): string;
  /** What those who are not root may still write to the file system of a descriptor, and make in it: statfs(2). */
  freeSpace(fd: number): FreeSpace;
  makeDirectory(path: ByteString, mode?: number): void;
  removeDirectory(path: ByteString): void;
  unlink(path: ByteString): void;
  makeDirectoryAt(directory: number, name: ByteString, mode: number): void;
  makeFifoAt(directory: number, name: ByteString, mode: number): void;
  symlinkAt(target: ByteString, directory: number, name: ByteString): void;
  readLinkAt(directory: number, name: ByteString): ByteString;
  /** Removes an entry of the directory of a descriptor: a directory, which must be empty, or anything else. */
  removeAt(directory: number, name: ByteString, kind: "directory" | "other"): void;
  rename(from: ByteString, to: ByteString): void;
  link(existing: ByteString, path: ByteString): void;
  symlink(target: ByteString, path: ByteString): void;
  readLink(path: ByteString): ByteString;
  makeFifo(path: ByteString, mode?: number): void;
  chmod(path: ByteString, mode: number): void;
  fchmod(fd: number, mode: number): void;
  /** Following links; -1 leaves an id alone. */
  chown(path: ByteString, uid: number, gid: number): void;
  fchown(fd: number, uid: number, gid: number): void;
  /** Sets the times of last access and change to now. */
  touch(fd: number): void;
  fsync(fd: number): void;
  truncate(fd: number, size: number): void;
  /** True if our effective ids may execute the file. */
  mayExecute(path: ByteString): boolean;
  mayRead(path: ByteString): boolean;
  mayWrite(path: ByteString): boolean;
  sync(): void;
}

export interface FreeSpace {
  readonly bytes: number;
  /** Infinity where files are not counted. */
  readonly files: number;
}

/** A lock is exclusive, and not waited for, unless a wish says otherwise. */
export interface LockWish {
  readonly shared?: boolean;
  readonly wait?: boolean;
}

export interface Descriptors {
  /** Both ends close-on-exec. */
  pipe(): { readonly read: number; readonly write: number };
  /** False if there would soon be no descriptors left: too few to start a child with, once this new one is kept. */
  leavesRoom(newest: number): boolean;
  /** A copy at `least` or above, close-on-exec. */
  duplicate(fd: number, least?: number): number;
  /** Makes `to` a copy of `from`, not close-on-exec; the same number twice only takes close-on-exec away. */
  duplicateOnto(from: number, to: number): void;
  setCloseOnExec(fd: number, on: boolean): void;
  setNonBlocking(fd: number, on: boolean): void;
  /** Ends one direction of a socket, whatever other process has it. */
  shutDown(fd: number, direction: "read" | "write"): void;
  isOpen(fd: number): boolean;
  /** Open, and left to programs that replace this one: given to us by our caller, not made by us. */
  isInherited(fd: number): boolean;
  isTerminal(fd: number): boolean;
  /** How wide a terminal is; undefined for what is none, or does not know. */
  terminalColumns(fd: number): number | undefined;
  /** True if a write of up to 4096 bytes would not have to wait; files always can. */
  isWritable(fd: number): boolean;
  /** Takes a record lock on the whole file; false if another process holds one against it. */
  lock(fd: number, wish?: LockWish): boolean;
  /** The pid that holds a conflicting record lock, or undefined. */
  lockOwner(fd: number): number | undefined;
}

export interface Processes {
  readonly pid: number;
  parentPid(): number;
  /** Starts a child and waits for nothing. Throws OsError if the system has no process, memory or descriptors to give. */
  play(plan: Plan): Started;
  /** The next news of a player; undefined if there is none yet and the descriptor does not block. */
  readReport(started: Started): PlayerReport | undefined;
  /** Replaces this process. Only returns by throwing. */
  execute(path: ByteString, argv: readonly ByteString[], env: readonly ByteString[]): never;
  /** Ends this process. */
  exit(code: number): never;
  /** A dead child, or undefined if none is dead (or there is none at all). `pid` -1 is any child. */
  reap(pid?: number): Death | undefined;
  /** True while we have this child, dead or alive; -1 is any. */
  hasChild(pid: number): boolean;
  /** Waits until this child is dead. */
  wait(pid: number): WaitStatus;
  /** pid < 0 is a process group, -1 all processes. False if there is no such process. */
  kill(pid: number, signal: number): boolean;
  /**
   * A descriptor, close-on-exec, that can be read when the process has ended; undefined if there is no such process.
   * Throws ENOSYS where the kernel has none (before 5.3), EPERM where a sandbox forbids it.
   */
  openProcess(pid: number): number | undefined;
  /** True while the process, or a zombie of it, exists. */
  exists(pid: number): boolean;
  setUmask(mask: number): number;
  changeDirectory(path: ByteString): void;
  currentDirectory(): ByteString;
  credentials(): Credentials;
  /** Sets supplementary groups, gid and uid of this process for good; all ids become those given. */
  becomeUser(credentials: Credentials): void;
  newSession(): void;
  setProcessGroup(pid: number, group: number): void;
  /** Makes our process group the foreground group of the terminal on this descriptor. */
  setForeground(fd: number): void;
  changeRoot(path: ByteString): void;
  /** Adds to the nice value of this process. */
  addNice(increment: number): void;
  /** As our caller has them, not as the runtime does. */
  limits(resource: Resource): Limits;
  setLimits(resource: Resource, limits: Limits): void;
  /** This many bytes that cannot be guessed; the engine's own repeat in all processes that go on from a checkpoint. */
  randomBytes(size: number): Uint8Array<ArrayBuffer>;
  /** Orphaned descendants become our children. */
  becomeSubreaper(): void;
}

export interface Clocks {
  now(): Instant;
  /** The time of day in whole milliseconds, as the engine has it: cheaper than now(). */
  timeOfDay(): number;
  /** Sets the system's clock. */
  setTime(instant: Instant): void;
  /** Milliseconds that only move forward, with fractions. */
  monotonic(): number;
  /** Blocks for the given number of milliseconds. */
  sleep(milliseconds: number): void;
}

export interface Os extends Files, Descriptors, Processes, Clocks {
  /** How process 1 reads files that others may have a hand in, and how it changes them. */
  readonly door: WritingDoor;
}

/** Undoes a watch, a timer or a signal subscription. Calling it again does nothing. */
export type Cancel = () => void;

/** One epoll, one signalfd, one list of deadlines. Callbacks run one after another on the main thread. */
export interface Reactor {
  /** Calls back each time the descriptor can be read (or is at its end), or written. One watch a descriptor and direction. */
  watch(fd: number, direction: "read" | "write", callback: () => void): Cancel;
  /** Calls back once, when the monotonic clock (milliseconds) has reached the deadline. */
  at(deadline: number, callback: () => void): Cancel;
  /** Calls back once, after the given number of milliseconds. */
  after(milliseconds: number, callback: () => void): Cancel;
  /** Calls back for each arrival of the signal (number). The signal's default action no longer happens. */
  onSignal(signal: number, callback: (signal: number) => void): Cancel;
  /**
   * Calls back after turns in which there was something to do, at most once in the given number of milliseconds: never
   * if idle.
   */
  afterWork(every: number, callback: () => void): Cancel;
  /**
   * From now on an error that a callback throws goes here, and the loop goes on. The watch it came from stays: it rests
   * for a while, longer if it fails again. The same error is reported once a minute at most.
   */
  survive(onError: (error: unknown) => void): void;
  /** Runs until stop() is called; not at all if that has happened since the last run. No promise settles meanwhile. */
  run(): void;
  /** Ends the run: what else is due by now, besides signals, is due in the next one. */
  stop(): void;
}
