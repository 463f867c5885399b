// The pipe on which a service tells that it is ready: the first newline counts, whatever stands before it.

import type { Cancel, Os, Reactor } from "../os/os.ts";
import { isErrno } from "../report.ts";

/** The longest run of control letters or notification bytes taken at once; the rest waits for the next turn. */
const READ_SIZE = 256;
const NEWLINE = 10;

/** What can be read from a non-blocking descriptor now; undefined if nothing can after all. */
export function readAvailable(os: Pick<Os, "read">, fd: number): Uint8Array | undefined {
  const bytes = new Uint8Array(READ_SIZE);
  try {
    return bytes.subarray(0, os.read(fd, bytes));
  } catch (error) {
    if (isErrno(error, "EAGAIN", "EINTR")) return undefined;
    throw error;
  }
}

export class Notification {
  readonly #unwatch: Cancel;

  /** @param tell called with "notified" at a newline, with "endOfNotification" at the end of the pipe */
  constructor(
    private readonly os: Pick<Os, "read" | "close">,
    reactor: Pick<Reactor, "watch">,
    private readonly fd: number,
    tell: (event: "notified" | "endOfNotification") => void,
  ) {
    this.#unwatch = reactor.watch(fd, "read", () => {
      const bytes = readAvailable(os, fd);
      if (bytes?.length === 0) tell("endOfNotification");
      else if (bytes?.includes(NEWLINE)) tell("notified");
    });
  }

  close(): void {
    this.#unwatch();
    this.os.close(this.fd);
  }
}
