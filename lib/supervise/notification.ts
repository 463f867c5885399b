// The pipe on which a service tells that it is ready: the first newline counts, whatever stands before it. What others
// write is read in bounded portions into one buffer, however much of it there is and however fast it comes.

import type { Cancel, Os, Reactor } from "../os/os.ts";
import { isErrno } from "../report.ts";

/** The most letters of a control fifo that are obeyed in one turn of the event loop; the rest waits for the next one. */
const MOST_LETTERS = 64;
/** The most of a notification that is read in one turn, in bytes. */
const MOST_NOTICE = 4096;
/** Milliseconds until more is read of a notification that goes on without a newline: at first, and at most. */
const REST = { first: 10, most: 1000 };
const NEWLINE = 10;

/** Of all reads: memory that each of them took for itself would be given back far later than a writer fills it. */
const BUFFER = new Uint8Array(new ArrayBuffer(MOST_NOTICE));
const LETTERS = BUFFER.subarray(0, MOST_LETTERS);

/** What can be read from a non-blocking descriptor now; undefined if nothing can after all. Valid until the next read. */
export function readAvailable(os: Pick<Os, "read">, fd: number, into = LETTERS): Uint8Array | undefined {
  try {
    const size = os.read(fd, into);
    return size === into.length ? into : into.subarray(0, size);
  } catch (error) {
    if (isErrno(error, "EAGAIN", "EINTR")) return undefined;
    throw error;
  }
}

export class Notification {
  private cancel: Cancel = () => {};
  private rests = 0;

  /** @param tell called with "notified" at a newline, with "endOfNotification" at the end of the pipe */
  constructor(
    private readonly os: Pick<Os, "read" | "close">,
    private readonly reactor: Pick<Reactor, "watch" | "after">,
    private readonly fd: number,
    private readonly tell: (event: "notified" | "endOfNotification") => void,
  ) {
    this.watch();
  }

  private watch(): void {
    this.cancel = this.reactor.watch(this.fd, "read", () => {
      const bytes = readAvailable(this.os, this.fd, BUFFER);
      if (bytes === undefined) return;
      if (bytes.length === 0) this.tell("endOfNotification");
      else if (bytes.includes(NEWLINE)) this.tell("notified");
      else if (bytes.length === MOST_NOTICE) this.rest();
    });
  }

  /** A service that writes as fast as it can must take neither the turns of all others nor memory. */
  private rest(): void {
    this.cancel();
    this.cancel = this.reactor.after(Math.min(REST.most, REST.first * 2 ** this.rests++), () => this.watch());
  }

  close(): void {
    this.cancel();
    this.os.close(this.fd);
  }
}
