// Unix domain sockets, and descriptors passed through them. Follows unix(7).

import type { ByteString } from "../bytes.ts";
import { checked, osError } from "./failed_call.ts";
import { addressOf, base, PLACE, syscall, view } from "./libc.ts";
import { actualPath } from "./moved.ts";
import { OPEN } from "./open_flags.ts";
import type { Peer, Received, Sockets } from "./parts.ts";
import { SYS } from "./syscall_numbers.ts";

const UNIX = 1; // AF_UNIX, and the length of its path with the NUL
const PATH_SIZE = 108;
const KINDS = { stream: 1, datagram: 2, messages: 5 };
const MOST_BACKLOG = 4096; // the system's own limit is used where it is lower

// SOL_SOCKET and its options
const SOCKET = 1;
const PEER = 17;
const TIMEOUTS = [20, 21]; // SO_RCVTIMEO, SO_SNDTIMEO

const NO_SIGNAL = 0x4000; // MSG_NOSIGNAL
const RECEIVED_CLOSE_ON_EXEC = 0x40000000; // MSG_CMSG_CLOEXEC
const CUT = 0x8; // MSG_CTRUNC
const RIGHTS = 1; // SCM_RIGHTS
const MOST_RIGHTS = 253;

const NAME_TOO_LONG = 36;
const TOO_MANY_OPEN = 24;
const INTERRUPTED = -4;

// Where the parts of a message lie: struct msghdr, the one struct iovec, then the control messages.
const HEADER = PLACE.result;
const VECTOR = PLACE.result + 64;
const CONTROL = PLACE.result2;
const CONTROL_HEADER = 16; // struct cmsghdr: length 8, level 4, type 4
const CONTROL_ROOM = aligned(CONTROL_HEADER + 4 * MOST_RIGHTS);

function aligned(size: number): number {
  return Math.ceil(size / 8) * 8;
}

/** Does the call again as long as a signal interrupts it (SIGCONT does). */
function persistently(call: () => number): number {
  let result = call();
  while (result === INTERRUPTED) result = call();
  return result;
}

/** Puts a struct sockaddr_un into place and returns its length. */
function putAddress(path: ByteString, action: string): number {
  const actual = actualPath(path);
  if (actual.length >= PATH_SIZE) throw osError(action, path, NAME_TOO_LONG);
  view.setUint16(PLACE.result, UNIX, true);
  for (let at = 0; at < PATH_SIZE; at++) view.setUint8(PLACE.result + 2 + at, actual.charCodeAt(at) || 0);
  return 2 + PATH_SIZE;
}

function connect(fd: number, path: ByteString): void {
  const length = putAddress(path, "connect to");
  checked(persistently(() => syscall(SYS.connect, fd, base + PLACE.result, length)), "connect to", path);
}

function bindSocket(fd: number, path: ByteString): void {
  const length = putAddress(path, "bind to");
  checked(syscall(SYS.bind, fd, base + PLACE.result, length), "bind to", path);
}

// struct ucred: pid 4, uid 4, gid 4
function peerOf(fd: number): Peer {
  view.setUint32(PLACE.result2, 12, true);
  checked(syscall(SYS.getsockopt, fd, SOCKET, PEER, base + PLACE.result, base + PLACE.result2), "identify the peer");
  const [pid, uid, gid] = [0, 4, 8].map((at) => view.getUint32(PLACE.result + at, true));
  return { pid: pid!, uid: uid!, gid: gid! };
}

// struct sockaddr_un: family 2, path. Its length in all is told behind it; an abstract name begins with a NUL.
function nameOf(fd: number, end: "own" | "peer"): ByteString {
  view.setUint32(PLACE.result2, 2 + PATH_SIZE, true);
  const call = end === "own" ? SYS.getsockname : SYS.getpeername;
  checked(syscall(call, fd, base + PLACE.result, base + PLACE.result2), "find the name of", "the socket");
  const length = Math.min(view.getUint32(PLACE.result2, true) - 2, PATH_SIZE);
  const path = Array.from({ length }, (_, at) => String.fromCharCode(view.getUint8(PLACE.result + 2 + at))).join("");
  return path.startsWith("\0") ? path : path.split("\0", 1)[0]!;
}

// struct timeval: seconds 8, microseconds 8
function setSocketTimeout(fd: number, milliseconds: number): void {
  const microseconds = BigInt(Math.ceil(milliseconds * 1000));
  view.setBigInt64(PLACE.result, microseconds / 1_000_000n, true);
  view.setBigInt64(PLACE.result + 8, microseconds % 1_000_000n, true);
  for (const option of TIMEOUTS) {
    checked(syscall(SYS.setsockopt, fd, SOCKET, option, base + PLACE.result, 16), "limit the waits of a socket");
  }
}

// struct msghdr: name 8, its length 8, vectors 8, their count 8, control 8, its length 8, flags 8
function putHeader(data: Uint8Array<ArrayBuffer>, controlLength: number): void {
  const control = controlLength === 0 ? 0 : base + CONTROL;
  const fields = [0, 0, base + VECTOR, 1, control, controlLength, 0];
  fields.forEach((field, index) => view.setBigUint64(HEADER + 8 * index, BigInt(field), true));
  view.setBigUint64(VECTOR, BigInt(addressOf(data)), true);
  view.setBigUint64(VECTOR + 8, BigInt(data.length), true);
}

function send(fd: number, from: Uint8Array<ArrayBuffer>, descriptors: readonly number[] = []): number {
  const length = CONTROL_HEADER + 4 * descriptors.length;
  putHeader(from, descriptors.length === 0 ? 0 : aligned(length));
  view.setBigUint64(CONTROL, BigInt(length), true);
  view.setUint32(CONTROL + 8, SOCKET, true);
  view.setUint32(CONTROL + 12, RIGHTS, true);
  descriptors.forEach((each, index) => view.setInt32(CONTROL + CONTROL_HEADER + 4 * index, each, true));
  return checked(persistently(() => syscall(SYS.sendmsg, fd, base + HEADER, NO_SIGNAL)), "send");
}

function receive(fd: number, into: Uint8Array<ArrayBuffer>): Received {
  putHeader(into, CONTROL_ROOM);
  const size = checked(persistently(() => syscall(SYS.recvmsg, fd, base + HEADER, RECEIVED_CLOSE_ON_EXEC)), "receive");
  const descriptors = [...rights(Number(view.getBigUint64(HEADER + 40, true)))];
  // Some had no room, in the message or among our descriptors: the others do not tell whose they are.
  if ((view.getUint32(HEADER + 48, true) & CUT) !== 0) {
    for (const each of descriptors) syscall(SYS.close, each);
    throw osError("receive descriptors", "", TOO_MANY_OPEN);
  }
  return { size, descriptors };
}

/** The descriptors in this many bytes of control messages. */
function* rights(length: number): Generator<number> {
  for (let at = CONTROL; at + CONTROL_HEADER <= CONTROL + length;) {
    const size = Number(view.getBigUint64(at, true));
    const [level, type] = [view.getUint32(at + 8, true), view.getUint32(at + 12, true)];
    if (level === SOCKET && type === RIGHTS) {
      for (let place = CONTROL_HEADER; place < size; place += 4) yield view.getInt32(at + place, true);
    }
    at += Math.max(CONTROL_HEADER, aligned(size));
  }
}

export const sockets: Sockets = {
  openSocket: (kind) => checked(syscall(SYS.socket, UNIX, KINDS[kind] | OPEN.closeOnExec, 0), "create socket"),
  bindSocket,
  listen: (fd, backlog = MOST_BACKLOG) => void checked(syscall(SYS.listen, fd, backlog), "listen"),
  connect,
  accept: (fd) => checked(syscall(SYS.accept4, fd, 0, 0, OPEN.closeOnExec | OPEN.nonblocking), "accept"),
  peerOf,
  nameOf,
  setSocketTimeout,
  send,
  receive,
};
