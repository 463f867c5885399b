// What few programs need of the system. Each part is loaded when a program asks for it, so that all others start without.
// As in os.ts, paths are byte strings and a call that fails throws an OsError.

import type { ByteString } from "../bytes.ts";
import type { OsError } from "../report.ts";
import type { Os } from "./os.ts";
import type { Operation } from "./operation.ts";
import type { Attempted } from "./plan.ts";
import type { CallerPlace, Question } from "./question.ts";

/** A place datagrams come from or go to in the internet: 4 or 16 bytes in network order, and a port. */
export interface InternetAddress {
  readonly bytes: Uint8Array;
  readonly port: number;
}

export interface Datagram {
  /** Of the datagram, not of what is left of it in a buffer that is too small. */
  readonly length: number;
  /** Undefined for a sender on this machine. */
  readonly from: InternetAddress | undefined;
}

export interface Datagrams {
  /** A close-on-exec, non-blocking socket for datagrams that all users may send to, on a new file. */
  bindLocalDatagrams(path: ByteString): number;
  bindInternetDatagrams(address: InternetAddress): number;
  /** The next datagram; undefined if none has arrived. */
  receive(fd: number, into: Uint8Array<ArrayBuffer>): Datagram | undefined;
}

/**
 * What happened in a watched directory, and to which entry; no more than that is reported where it was too much to
 * keep.
 */
export interface DirectoryChange {
  readonly kind: "appeared" | "disappeared" | "changed" | "lost";
  readonly name: ByteString;
}

export interface DirectoryWatches {
  /** A close-on-exec descriptor that can be read when something has happened to an entry of the directory. */
  watchDirectory(path: ByteString): number;
  /** What has happened since the last call, in order. */
  readChanges(fd: number): DirectoryChange[];
}

/** What mount(2) may be asked for. */
export type MountFlag =
  | "readOnly"
  | "noSetId"
  | "noDevices"
  | "noExecution"
  | "synchronous"
  | "remount"
  | "mandatoryLocks"
  | "synchronousDirectories"
  | "followNoLinks"
  | "noAccessTimes"
  | "noDirectoryAccessTimes"
  | "bind"
  | "move"
  | "recursive"
  | "silent"
  | "unbindable"
  | "private"
  | "slave"
  | "shared"
  | "relativeAccessTimes"
  | "strictAccessTimes"
  | "lazyTimes";

export interface Mounts {
  /** `data` are the options that the file system itself understands. */
  mount(source: ByteString, target: ByteString, type: ByteString, flags: Iterable<MountFlag>, data: ByteString): void;
  unmount(target: ByteString): void;
  /** Changes the root of all processes of the mount namespace whose root is ours; the old one is mounted at a place. */
  pivotRoot(newRoot: ByteString, oldPlace: ByteString): void;
  swapOn(path: ByteString): void;
  swapOff(path: ByteString): void;
}

/** The machine as a whole. */
export interface Machine {
  /** Nanoseconds since it was started, those it slept through included. */
  upTime(): bigint;
  hostName(): ByteString;
  setHostName(name: ByteString): void;
  /** Frees the buffers of a block device. */
  flushBuffers(fd: number): void;
  /** At once, and without writing anything to the disks. Inside a pid namespace it is the namespace that ends. */
  end(how: "halt" | "power off" | "restart"): void;
  /** Random bytes; undefined if the generator is not ready yet and we are not to wait. */
  random(size: number, wait: boolean): Uint8Array<ArrayBuffer> | undefined;
  /** Feeds the random generator; `bits` is how much it may count on being unpredictable. */
  addRandom(bytes: Uint8Array<ArrayBuffer>, bits: number): void;
}

/** What a connection brings: a question of the launcher, or a request as JSON, as it came. */
export type Heard = Question | { readonly request: ByteString };

/** The socket on which process 1 is asked things: what a call comes down to, and for people, as JSON. Nothing waits. */
export interface Listening {
  /**
   * A listening descriptor, close-on-exec. Throws OsError EADDRINUSE where another process has left one, alive or not.
   */
  listen(): number;
  /** The next connection, close-on-exec; undefined if there is none. */
  accept(listener: number): number | undefined;
  /** Lets the group connect too. */
  openTo(gid: number): void;
  /** The effective uid of the process that has connected. */
  userOf(fd: number): number;
  /** What is asked; "nothing" for what is neither of the two, or where the other end has closed. */
  hear(fd: number): Heard | "nothing" | "nothing yet";
  /**
   * Sends the plan. A caller that does not take it goes on by itself, and so does one that gets none as it is too long.
   * @param more another plan comes later
   */
  answer(fd: number, operations: readonly Operation[], more: boolean): void;
  /** Sends one message; false if there is no room for it now. One that has nobody to go to counts as sent. */
  say(fd: number, message: Uint8Array<ArrayBuffer>): boolean;
  /** Where this process is. Throws OsError where that is unknown. */
  place(): CallerPlace;
  /** The effective capabilities of this process, a bit for each; all, where that is unknown. */
  capabilities(): bigint;
}

/** The process at the other end of a socket, as it was when the connection was made. */
export interface Peer {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}

/**
 * What came from a socket: this many bytes, and new descriptors (close-on-exec). No bytes: the other end has closed.
 */
export interface Received {
  readonly size: number;
  readonly descriptors: readonly number[];
}

/** Unix domain sockets. */
export interface Sockets {
  /** A new one, close-on-exec. "messages" is a connection that keeps the bounds of messages. */
  openSocket(kind: "stream" | "datagram" | "messages"): number;
  /** The umask applies to the socket file, of mode 0777. */
  bindSocket(fd: number, path: ByteString): void;
  /** A backlog left out is the most that the system allows. */
  listen(fd: number, backlog?: number): void;
  connect(fd: number, path: ByteString): void;
  /** The next connection, non-blocking and close-on-exec. */
  accept(fd: number): number;
  peerOf(fd: number): Peer;
  /** The path that an end of a connection is bound to, without a NUL at its end; empty if it has none. */
  nameOf(fd: number, end: "own" | "peer"): ByteString;
  /** How many milliseconds a call on a blocking socket may wait before it fails with EAGAIN; 0 is without limit. */
  setSocketTimeout(fd: number, milliseconds: number): void;
  /** Bytes sent, maybe fewer than given; the descriptors (253 at most) go with the first. No SIGPIPE. */
  send(fd: number, from: Uint8Array<ArrayBuffer>, descriptors?: readonly number[]): number;
  receive(fd: number, into: Uint8Array<ArrayBuffer>): Received;
}

/** A datagram of systemd's notify protocol, and the process that has sent it, as the system says. */
export interface Notice {
  /** Bytes of it that are in the buffer. */
  readonly size: number;
  /** The buffer was too small for it. */
  readonly isCut: boolean;
  /** Descriptors are in it: it has not been taken. */
  readonly carries: boolean;
  readonly sender: Peer | undefined;
}

/** Sockets of systemd's notify protocol. An address is a path or, with "@" before it, an abstract name. */
export interface Notices {
  /** A close-on-exec, non-blocking socket to receive on, at an abstract name that is no other socket's. */
  openNotices(): { readonly fd: number; readonly address: ByteString };
  /**
   * The same at a path in a directory that is ours: all users who know the name may send to it, and none can find it
   * who may not list the directory.
   */
  openNoticesAt(directory: ByteString, name: ByteString): { readonly fd: number; readonly address: ByteString };
  /** Nothing arrives any more. False where something has, and is left: the descriptor is open yet. Never throws. */
  closeNotices(fd: number, address: ByteString): boolean;
  /** The next datagram; undefined if none has arrived. One that carries descriptors stays the next. */
  receiveNotice(fd: number, into: Uint8Array<ArrayBuffer>): Notice | undefined;
  /** Takes the next datagram. What it carries is closed, which may take as long as its sender wants. */
  dropNotice(fd: number): void;
  sendNotice(address: ByteString, from: Uint8Array<ArrayBuffer>): void;
  /** The session of a process; undefined where there is no such process any more. */
  sessionOf(pid: number): number | undefined;
  /** The user of a process; undefined where that cannot be known. */
  ownerOf(pid: number): number | undefined;
}

/** The two ends of a pipe. */
export interface PipeEnds {
  readonly read: number;
  readonly write: number;
}

/**
 * Pipes, as places where bytes are kept: what is moved from one to the next is in one of them at any moment, whatever
 * becomes of the process that moves it. Nothing waits.
 */
export interface Pipes {
  /** Both ends of a connection that keeps the bounds of messages, close-on-exec and non-blocking. */
  openPair(): [number, number];
  /** An empty file in memory, close-on-exec: it has a position, which all have in common that share the descriptor. */
  openMark(): number;
  /** Makes a pipe this large, or less where the system does not grant it; returns its size. */
  enlarge(fd: number, size: number): number;
  /** Bytes moved; 0 at the end of a pipe. Throws EAGAIN where there is nothing to move, or no room for it. */
  move(from: number, to: number, most: number): number;
  /** Copies what a pipe holds, by way of an empty one of our own, and leaves it there. Returns and throws as move. */
  look(from: number, through: PipeEnds, into: Uint8Array<ArrayBuffer>): number;
  /** Writes pieces, each with a call of its own: these are the places where they end. They must have room. */
  writePieces(fd: number, from: Uint8Array<ArrayBuffer>, ends: readonly number[]): void;
  /** Bytes read of a file, from this place on. */
  readAt(fd: number, into: Uint8Array<ArrayBuffer>, place: number): number;
  /** How many bytes a pipe holds. */
  held(fd: number): number;
  /** A process has the writing end. */
  hasWriter(fd: number): boolean;
}

/** A way to write to a descriptor that others have too. It never waits, whatever they do to the descriptor. */
export interface Outlet {
  /** To be watched for room, where nothing was taken. */
  readonly fd: number;
  /**
   * Bytes taken; 0 if there is no room now. Throws OsError where writing fails, as when there is no reader any more.
   */
  write(from: Uint8Array<ArrayBuffer>): number;
}

export interface OwnMemory {
  /** In bytes: what of this process is in memory, and what of that is its own rather than of files; undefined if unknown. */
  sizes(): { readonly resident: number; readonly own: number } | undefined;
  /** The memory of the machine, in bytes; Infinity where it cannot be known. */
  ofMachine(): number;
  /** Gives back what is not used any more: takes some milliseconds. */
  collectGarbage(): void;
}

/** What a process needs that is to last. */
export interface Lasting {
  /** For as long as this process lives. Never throws: where nothing better can be had, it looks before it writes. */
  openOutlet(fd: number): Outlet;
  /** Holds a descriptor, so that the sizes are known whatever happens. */
  openMemory(): OwnMemory;
}

export interface Terminals {
  /** In characters; undefined where it is unknown, or the descriptor is no terminal. */
  sizeOf(fd: number): { readonly columns: number; readonly rows: number } | undefined;
  /**
   * From now on each key can be read as it is typed, and is not shown. Keys still send INT and QUIT, but suspend
   * nothing. Returns the modes as they were, for restore().
   */
  takeKeys(fd: number): Uint8Array;
  restore(fd: number, modes: Uint8Array): void;
}

/** The operation that a player has failed at, and why. */
export interface FailedAttempt extends Attempted {
  readonly error: OsError;
}

/** What has become of a plan, for the program that the player becomes when it has failed. */
export interface Attempts {
  /** What a player has failed with. Closes the descriptor of its plan. Throws Error if that is not a plan. */
  readAttempt(plan: number, operation: number, errno: number): FailedAttempt;
  /** Reports the failure in the place of the player that we have been. */
  tellFailure(report: number, operation: number, errno: number): void;
}

/** The system with sockets. */
export interface SocketOs extends Os, Sockets {}

/** What few programs need of the system: each part is loaded when it is asked for. */
export interface Parts {
  readonly datagrams: Datagrams;
  readonly directoryWatches: DirectoryWatches;
  readonly mounts: Mounts;
  readonly notices: Notices;
  readonly pipes: Pipes;
  readonly sockets: Sockets;
  readonly lasting: Lasting;
  readonly listening: Listening;
  readonly machine: Machine;
  readonly attempts: Attempts;
  readonly terminals: Terminals;
}
