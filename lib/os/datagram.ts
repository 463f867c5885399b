// Sockets that take datagrams, at a path or at an address of the internet.

import { type ByteString, putBytes } from "../bytes.ts";
import { checked, osError } from "./failed_call.ts";
import { addressOf, base, memory, PLACE, syscall, view } from "./libc.ts";
import { actualPath } from "./moved.ts";
import { OPEN } from "./open_flags.ts";
import type { Datagram, Datagrams, InternetAddress } from "./parts.ts";
import { SYS } from "./syscall_numbers.ts";

const FAMILY = { local: 1, internet4: 2, internet6: 10 };
const DATAGRAMS = 2 | OPEN.nonblocking | OPEN.closeOnExec; // SOCK_DGRAM
const LONGEST_PATH = 107;
const WHOLE_LENGTH = 0x20; // MSG_TRUNC: of the datagram, however small the buffer
const NOTHING_YET = -11;
const INTERRUPTED = -4;
const TOO_LONG = 36;

// Where the parts of a message lie: the sender's address in PLACE.result, the header and its one vector.
const ADDRESS_ROOM = 128;
const HEADER = PLACE.result2;
const VECTOR = PLACE.result2 + 64;

function bindTo(family: number, length: number): number {
  const fd = checked(syscall(SYS.socket, family, DATAGRAMS, 0), "create a socket");
  view.setUint16(PLACE.result, family, true);
  const result = syscall(SYS.bind, fd, base + PLACE.result, length);
  if (result === 0) return fd;
  syscall(SYS.close, fd);
  throw osError("bind", "a socket", -result);
}

function bindLocalDatagrams(given: ByteString): number {
  const path = actualPath(given);
  if (path.length > LONGEST_PATH) throw osError("bind", "a socket", TOO_LONG);
  putBytes(path, memory.subarray(PLACE.result + 2, PLACE.result + 2 + path.length));
  memory[PLACE.result + 2 + path.length] = 0;
  const mask = syscall(SYS.umask, 0);
  try {
    return bindTo(FAMILY.local, 2 + path.length + 1);
  } finally {
    syscall(SYS.umask, mask);
  }
}

// struct sockaddr_in: family 2, port 2, address 4, padding 8; sockaddr_in6: family 2, port 2, flow 4, address 16, scope 4
function bindInternetDatagrams({ bytes, port }: InternetAddress): number {
  const isOld = bytes.length === 4;
  memory.fill(0, PLACE.result, PLACE.result + 28);
  view.setUint16(PLACE.result + 2, port);
  memory.set(bytes, PLACE.result + (isOld ? 4 : 8));
  return bindTo(isOld ? FAMILY.internet4 : FAMILY.internet6, isOld ? 16 : 28);
}

function sender(): InternetAddress | undefined {
  const family = view.getUint16(PLACE.result, true);
  if (family !== FAMILY.internet4 && family !== FAMILY.internet6) return undefined;
  const isOld = family === FAMILY.internet4;
  const at = PLACE.result + (isOld ? 4 : 8);
  return { bytes: memory.slice(at, at + (isOld ? 4 : 16)), port: view.getUint16(PLACE.result + 2) };
}

// struct msghdr: name 8, its length 8, vectors 8, their count 8, control 8, its length 8, flags 8
function receive(fd: number, into: Uint8Array<ArrayBuffer>): Datagram | undefined {
  view.setUint16(PLACE.result, 0, true);
  view.setBigUint64(VECTOR, BigInt(addressOf(into)), true);
  view.setBigUint64(VECTOR + 8, BigInt(into.length), true);
  const header = [base + PLACE.result, ADDRESS_ROOM, base + VECTOR, 1, 0, 0, 0];
  header.forEach((field, index) => view.setBigUint64(HEADER + 8 * index, BigInt(field), true));
  for (;;) {
    const got = syscall(SYS.recvmsg, fd, base + HEADER, WHOLE_LENGTH);
    if (got === INTERRUPTED) continue;
    if (got === NOTHING_YET) return undefined;
    return { length: checked(got, "receive a datagram"), from: sender() };
  }
}

export const datagrams: Datagrams = { bindLocalDatagrams, bindInternetDatagrams, receive };
