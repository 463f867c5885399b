// systemd's notify protocol, as far as readiness goes: assignments, one a line, in a datagram. Follows sd_notify(3).

import type { ByteString } from "../bytes.ts";

/** What a process sends when it is ready, and which process that is. */
export function readyNotice(pid: number): ByteString {
  return `READY=1\nMAINPID=${pid}\n`;
}

/** True if it tells that the service is ready. Of one that is cut the last line may not be whole. */
export function tellsReady(message: ByteString, isCut: boolean): boolean {
  const lines = message.split("\n");
  return (isCut ? lines.slice(0, -1) : lines).includes("READY=1");
}

/** A process; of one that has ended its user may not be known. */
interface NotifyingProcess {
  readonly pid: number;
  readonly uid: number | undefined;
}

const ROOT = 0;

/**
 * True if the message is the service's: from its own process, or from a user who may do with the process what he likes.
 * A child that tells in its place may have ended by now, so that its user is all that is known of it.
 */
export function mayNotify(sender: NotifyingProcess | undefined, service: NotifyingProcess): boolean {
  if (sender === undefined) return false;
  return sender.pid === service.pid || sender.uid === ROOT || (sender.uid !== undefined && sender.uid === service.uid);
}
