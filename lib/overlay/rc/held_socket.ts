// The listening socket of a service that process 1 stands in for: made as s6-ipcserver-socketbinder makes it, and closed
// so that nothing that clients have sent holds process 1 up.

import { systemError } from "../../errno.ts";
import type { Os } from "../../os/os.ts";
import type { Sockets } from "../../os/parts.ts";
import { INTERNAL_SOCKET } from "../../rc/internal_services.ts";
import { ifThere, isErrno, OsError } from "../../report.ts";
import { closeElsewhere, type ClosingPorts } from "../../supervise/close_elsewhere.ts";

export interface HeldSocketPorts extends ClosingPorts {
  readonly os:
    & ClosingPorts["os"]
    & Pick<Os, "credentials" | "door" | "lock" | "setNonBlocking" | "setUmask" | "shutDown">;
  readonly sockets: Pick<Sockets, "openSocket" | "bindSocket" | "listen" | "accept">;
}

const LOCK = `${INTERNAL_SOCKET}.lock`;
const LOCK_MODE = 0o600;

/** Makes the socket in a held directory: all may connect, and the rules of the service say who is served. */
export function listenIn(ports: HeldSocketPorts, directory: number): number {
  const { os, sockets } = ports;
  const lock = os.door.provideFile(LOCK, directory, LOCK_MODE);
  try {
    if (!os.lock(lock)) throw systemError("lock", LOCK, "EBUSY");
    ifThere(() => os.door.remove(INTERNAL_SOCKET, directory));
    const socket = sockets.openSocket("stream");
    try {
      os.setNonBlocking(socket, true);
      bind(ports, socket, directory);
      sockets.listen(socket);
      return socket;
    } catch (error) {
      os.close(socket);
      throw error;
    }
  } finally {
    os.close(lock);
  }
}

/** In the directory that is held, whatever its path leads to by now. */
function bind({ os, sockets }: HeldSocketPorts, socket: number, directory: number): void {
  const before = os.setUmask(0);
  try {
    sockets.bindSocket(socket, `/proc/self/fd/${directory}/${INTERNAL_SOCKET}`);
  } finally {
    os.setUmask(before);
  }
}

/** Closes a socket that no other process listens on: nobody may connect any more, and if a client waits, elsewhere. */
export function closeListener(ports: HeldSocketPorts, socket: number): void {
  const { os, sockets } = ports;
  const open = [socket];
  try {
    os.shutDown(socket, "read");
    open.push(sockets.accept(socket));
  } catch (error) {
    if (isErrno(error, "EAGAIN", "EINVAL")) return os.close(socket);
    if (!(error instanceof OsError)) throw error;
  }
  closeElsewhere(ports, open);
}
