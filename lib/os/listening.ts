// The socket on which process 1 is asked what a call comes down to (question.ts): one message each way, and no descriptor
// with it. Follows unix(7).

import { byteString } from "../bytes.ts";
import { checked, osError } from "./failed_call.ts";
import { addressOf, base, cString, PLACE, syscall, view } from "./libc.ts";
import type { Operation } from "./operation.ts";
import type { Heard, Listening } from "./parts.ts";
import { NOTHING_LENT, withPlan } from "./plan.ts";
import { ANSWER_SIZE, type CallerPlace, decodeQuestion, QUESTION_SIZE } from "./question.ts";
import { QUESTIONS } from "../state_place.ts";
import { actualPath } from "./moved.ts";
import { HERE, OPEN } from "./open_flags.ts";
import { lastStatus, readFileStatus } from "./status.ts";
import { SYS } from "./syscall_numbers.ts";

const UNIX = 1; // AF_UNIX
const MESSAGES = 5; // SOCK_SEQPACKET
const ALONE = OPEN.closeOnExec | OPEN.nonblocking;
const BACKLOG = 64;
const SOCKET = 1; // SOL_SOCKET
const PEER = 17; // SO_PEERCRED
const NO_SIGNAL = 0x4000; // MSG_NOSIGNAL
const NOTHING_YET = -11;
const IN_USE = -98; // EADDRINUSE
const REFUSED = -111; // ECONNREFUSED
const PASS_RIGHTS = 83; // SO_PASSRIGHTS
const OWNERS = 0o600;
const GROUPS = 0o660;
const CAPABILITIES_VERSION = 0x20080522; // _LINUX_CAPABILITY_VERSION_3
const ALL = 2n ** 64n - 1n;
/** "{": a question begins with its version. */
const REQUEST = 0x7b;

function putAddress(): number {
  view.setUint16(PLACE.result, UNIX, true);
  cString(QUESTIONS, PLACE.result + 2);
  return 2 + actualPath(QUESTIONS).length + 1;
}

/** A socket file is there, but the process that listened is dead. */
function isLeft(): boolean {
  const fd = checked(syscall(SYS.socket, UNIX, MESSAGES | ALONE, 0), "create socket");
  const size = putAddress();
  const result = syscall(SYS.connect, fd, base + PLACE.result, size);
  syscall(SYS.close, fd);
  return result === REFUSED;
}

function bind(fd: number): number {
  const size = putAddress();
  return syscall(SYS.bind, fd, base + PLACE.result, size);
}

function listen(): number {
  const fd = checked(syscall(SYS.socket, UNIX, MESSAGES | ALONE, 0), "create socket");
  // From Linux 6.16 on no descriptors can be sent, of which the last close could take as long as their sender wants.
  view.setInt32(PLACE.result, 0, true);
  syscall(SYS.setsockopt, fd, SOCKET, PASS_RIGHTS, base + PLACE.result, 4);
  let result = bind(fd);
  if (result === IN_USE && isLeft()) {
    syscall(SYS.unlinkat, HERE, cString(QUESTIONS), 0);
    result = bind(fd);
  }
  if (result === 0) result = syscall(SYS.fchmodat, HERE, cString(QUESTIONS), OWNERS);
  if (result === 0) result = syscall(SYS.listen, fd, BACKLOG);
  if (result === 0) return fd;
  syscall(SYS.close, fd);
  throw osError("listen on", QUESTIONS, -result);
}

function accept(listener: number): number | undefined {
  const fd = syscall(SYS.accept4, listener, 0, 0, ALONE);
  return fd === NOTHING_YET ? undefined : checked(fd, "accept");
}

// struct ucred: pid 4, uid 4, gid 4
function userOf(fd: number): number {
  view.setUint32(PLACE.result2, 12, true);
  checked(syscall(SYS.getsockopt, fd, SOCKET, PEER, base + PLACE.result, base + PLACE.result2), "identify the peer");
  return view.getUint32(PLACE.result + 4, true);
}

/** One byte more than the longest question, which tells one that is too long. */
const room = new Uint8Array(new ArrayBuffer(QUESTION_SIZE + 1));

function openTo(gid: number): void {
  checked(syscall(SYS.fchownat, HERE, cString(QUESTIONS), -1, gid, 0), "chown", QUESTIONS);
  checked(syscall(SYS.fchmodat, HERE, cString(QUESTIONS), GROUPS), "chmod", QUESTIONS);
}

function hear(fd: number): Heard | "nothing" | "nothing yet" {
  // Without room for them the kernel lets go of descriptors that come along.
  const got = syscall(SYS.read, fd, addressOf(room), room.length);
  if (got === NOTHING_YET) return "nothing yet";
  if (got <= 0 || got > QUESTION_SIZE) return "nothing";
  const bytes = room.subarray(0, got);
  return room[0] === REQUEST ? { request: byteString(bytes) } : decodeQuestion(bytes) ?? "nothing";
}

function say(fd: number, message: Uint8Array<ArrayBuffer>): boolean {
  return syscall(SYS.sendto, fd, addressOf(message), message.length, NO_SIGNAL, 0) !== NOTHING_YET;
}

function answer(fd: number, operations: readonly Operation[], more: boolean): void {
  const send = (plan: Uint8Array<ArrayBuffer>): void => {
    if (plan.length <= ANSWER_SIZE) syscall(SYS.sendto, fd, addressOf(plan), plan.length, NO_SIGNAL, 0);
  };
  withPlan(operations, false, NOTHING_LENT, send, more);
}

function place(): CallerPlace {
  const inodeOf = (path: string): number => {
    checked(readFileStatus(HERE, path, 0), "stat", path);
    return lastStatus().inode;
  };
  const inode = inodeOf("/");
  const { device } = lastStatus();
  return [
    device,
    inode,
    ...["mnt", "pid", "user"].map((name) => inodeOf(`/proc/self/ns/${name}`)),
  ] as unknown as CallerPlace;
}

function capabilities(): bigint {
  view.setUint32(PLACE.result, CAPABILITIES_VERSION, true);
  view.setUint32(PLACE.result + 4, 0, true);
  if (syscall(SYS.capget, base + PLACE.result, base + PLACE.buffer) < 0) return ALL;
  // Effective, permitted and inheritable ones, 32 of them at a time.
  return BigInt(view.getUint32(PLACE.buffer, true)) | BigInt(view.getUint32(PLACE.buffer + 12, true)) << 32n;
}

export const listening: Listening = { listen, accept, openTo, userOf, hear, answer, say, place, capabilities };
