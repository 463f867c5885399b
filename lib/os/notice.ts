// Sockets of systemd's notify protocol: datagrams whose senders the system vouches for. Follows unix(7) and sd_notify(3).

import { type ByteString, byteString, putBytes } from "../bytes.ts";
import { checked, osError } from "./failed_call.ts";
import { addressOf, base, cString, memory, PLACE, syscall, view } from "./libc.ts";
import { actualPath } from "./moved.ts";
import { HERE, OPEN } from "./open_flags.ts";
import type { Notice, Notices, Peer } from "./parts.ts";
import { lastStatus, readFileStatus } from "./status.ts";
import { SYS } from "./syscall_numbers.ts";

const UNIX = 1; // AF_UNIX, and the length of its path with the NUL
const PATH_SIZE = 108;
const DATAGRAMS = 2 | OPEN.nonblocking | OPEN.closeOnExec; // SOCK_DGRAM
const SOCKET = 1; // SOL_SOCKET and its option
const PASS_CREDENTIALS = 16;
const NO_SIGNAL = 0x4000; // MSG_NOSIGNAL
const CUT = 0x20; // MSG_TRUNC
const CONTROL_CUT = 0x8; // MSG_CTRUNC
const PEEK = 0x2; // MSG_PEEK
const READ_SIDE = 0; // SHUT_RD
const CREDENTIALS = 2; // SCM_CREDENTIALS
const NOTHING_YET = -11;
const INTERRUPTED = -4;
const TOO_LONG = 36;
const ALL_MAY_SEND = 0o666;

// Where the parts of a message lie: struct msghdr, the one struct iovec, then the control message.
const HEADER = PLACE.result;
const VECTOR = PLACE.result + 64;
const ADDRESS = PLACE.result + 128;
const CONTROL = PLACE.result2;
// struct cmsghdr 16, struct ucred 12, padding 4. There is no room for descriptors: the system closes them, in this process.
const CONTROL_ROOM = 32;

/** Puts a struct sockaddr_un into place and returns its length, which counts for an abstract name. */
function putNoticeAddress(address: ByteString, action: string): number {
  const isAbstract = address.startsWith("@");
  const path = isAbstract ? `\0${address.slice(1)}` : `${actualPath(address)}\0`;
  if (path.length > PATH_SIZE) throw osError(action, address, TOO_LONG);
  view.setUint16(ADDRESS, UNIX, true);
  putBytes(path, memory.subarray(ADDRESS + 2, ADDRESS + 2 + path.length));
  return 2 + path.length;
}

// struct msghdr: name 8, its length 8, vectors 8, their count 8, control 8, its length 8, flags 8
function putNoticeHeader(data: Uint8Array<ArrayBuffer>, name: number, control: number): void {
  const fields = [name === 0 ? 0 : base + ADDRESS, name, base + VECTOR, 1, base + CONTROL, control, 0];
  fields.forEach((field, index) => view.setBigUint64(HEADER + 8 * index, BigInt(field), true));
  view.setBigUint64(VECTOR, BigInt(addressOf(data)), true);
  view.setBigUint64(VECTOR + 8, BigInt(data.length), true);
}

function openSocket<T extends object>(bind: (fd: number) => T): T & { readonly fd: number } {
  const fd = checked(syscall(SYS.socket, UNIX, DATAGRAMS, 0), "create a socket");
  try {
    view.setInt32(PLACE.result, 1, true);
    checked(syscall(SYS.setsockopt, fd, SOCKET, PASS_CREDENTIALS, base + PLACE.result, 4), "ask for credentials");
    return { ...bind(fd), fd };
  } catch (error) {
    syscall(SYS.close, fd);
    throw error;
  }
}

function openNotices(): { fd: number; address: ByteString } {
  return openSocket((fd) => {
    // An address that ends before its path: the system gives it a name.
    view.setUint16(PLACE.result, UNIX, true);
    checked(syscall(SYS.bind, fd, base + PLACE.result, 2), "bind", "a socket");
    view.setUint32(PLACE.result2, 2 + PATH_SIZE, true);
    checked(syscall(SYS.getsockname, fd, base + PLACE.result, base + PLACE.result2), "find the name of", "a socket");
    const length = view.getUint32(PLACE.result2, true);
    return { address: `@${byteString(memory.subarray(PLACE.result + 3, PLACE.result + length))}` };
  });
}

/** Each name is that of a socket for the moment in which it is bound: /proc/net/unix tells it to all users. */
const BOUND_AS = ".bound";

function openNoticesAt(directory: ByteString, name: ByteString): { fd: number; address: ByteString } {
  const [bound, path] = [`${directory}/${BOUND_AS}`, `${directory}/${name}`];
  return openSocket((fd) => {
    syscall(SYS.unlinkat, HERE, cString(bound), 0);
    const size = putNoticeAddress(bound, "bind");
    checked(syscall(SYS.bind, fd, base + ADDRESS, size), "bind", bound);
    // Unlike the name, the address that a client has to know is told to nobody but the service.
    const renamed = syscall(SYS.renameat, HERE, cString(bound), HERE, cString(path, PLACE.secondPath));
    checked(renamed, "rename", bound);
    // Not before: by the name that all know none of them is to connect.
    checked(syscall(SYS.fchmodat, HERE, cString(path), ALL_MAY_SEND), "chmod", path);
    return { address: actualPath(path) };
  });
}

function closeNotices(fd: number, address: ByteString): boolean {
  syscall(SYS.shutdown, fd, READ_SIDE);
  const isEmpty = peek(fd, memory.subarray(PLACE.buffer)) < 0 || senderOfNotice() === undefined;
  if (isEmpty) syscall(SYS.close, fd);
  if (!address.startsWith("@")) syscall(SYS.unlinkat, HERE, cString(address), 0);
  return isEmpty;
}

function sessionOf(pid: number): number | undefined {
  const session = syscall(SYS.getsid, pid);
  return session > 0 ? session : undefined;
}

function ownerOf(pid: number): number | undefined {
  return readFileStatus(HERE, `/proc/${pid}`, 0) === 0 ? lastStatus().uid : undefined;
}

/** Without taking it: what a message carries is closed by the process that takes it. */
function peek(fd: number, into: Uint8Array<ArrayBuffer>): number {
  putNoticeHeader(into, 0, CONTROL_ROOM);
  return syscall(SYS.recvmsg, fd, base + HEADER, PEEK);
}

function receiveNotice(fd: number, into: Uint8Array<ArrayBuffer>): Notice | undefined {
  const got = peek(fd, into);
  if (got === NOTHING_YET) return undefined;
  checked(got, "receive a datagram");
  const flags = view.getUint32(HEADER + 48, true);
  const notice = {
    size: got,
    isCut: (flags & CUT) !== 0,
    carries: (flags & CONTROL_CUT) !== 0,
    sender: senderOfNotice(),
  };
  if (!notice.carries) dropNotice(fd);
  return notice;
}

function dropNotice(fd: number): void {
  checked(syscall(SYS.recvfrom, fd, base + PLACE.buffer, 1), "receive a datagram");
}

// struct cmsghdr: length 8, level 4, type 4; struct ucred: pid 4, uid 4, gid 4
function senderOfNotice(): Peer | undefined {
  const length = Number(view.getBigUint64(HEADER + 40, true));
  if (length < 28 || view.getUint32(CONTROL + 12, true) !== CREDENTIALS) return undefined;
  const [pid, uid, gid] = [16, 20, 24].map((at) => view.getUint32(CONTROL + at, true));
  return { pid: pid!, uid: uid!, gid: gid! };
}

function sendNotice(address: ByteString, from: Uint8Array<ArrayBuffer>): void {
  const length = putNoticeAddress(address, "send to");
  const fd = checked(syscall(SYS.socket, UNIX, DATAGRAMS & ~OPEN.nonblocking, 0), "create a socket");
  try {
    putNoticeHeader(from, length, 0);
    let sent = INTERRUPTED;
    while (sent === INTERRUPTED) sent = syscall(SYS.sendmsg, fd, base + HEADER, NO_SIGNAL);
    checked(sent, "send to", address);
  } finally {
    syscall(SYS.close, fd);
  }
}

export const notices: Notices = {
  openNotices,
  openNoticesAt,
  closeNotices,
  receiveNotice,
  dropNotice,
  sendNotice,
  sessionOf,
  ownerOf,
};
