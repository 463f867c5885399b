// Listening to events: a fifo of our own in the event directory, opened before it gets the name that notifiers look
// for, so that no event after subscribe() is missed. The other side is publish.ts.

import { type ByteString, byteString } from "../bytes.ts";
import type { Os } from "../os/os.ts";
import { randomLetters } from "../random.ts";
import { isErrno, unlessRefused } from "../report.ts";
import { stampText } from "../tai.ts";

export type SubscribeOs = Pick<
  Os,
  "makeFifo" | "open" | "close" | "read" | "rename" | "unlink" | "now" | "randomBytes"
>;

/** A fifo that receives the events of a directory. */
export interface Subscription {
  /** For a reactor: it can be read when there are events. */
  readonly fd: number;
  /** The letters that have arrived; empty if there are none yet. */
  read(): ByteString;
  /** Ends the subscription and removes the fifo. */
  close(): void;
}

const RANDOM_LETTERS = 6;
const MODE = 0o622;

/** @throws OsError if the directory does not let us listen */
export function subscribe(os: SubscribeOs, directory: ByteString): Subscription {
  const name = `ftrig1:${stampText(os.now())}:${randomLetters(os, RANDOM_LETTERS)}`;
  const hidden = `${directory}/.${name}`;
  const path = `${directory}/${name}`;
  const fds: number[] = [];
  try {
    os.makeFifo(hidden, MODE);
    fds.push(os.open(hidden, ["read", "nonblocking"]));
    // With a writer of our own the fifo never comes to its end between two notifiers.
    fds.push(os.open(hidden, ["write", "nonblocking"]));
    os.rename(hidden, path);
  } catch (error) {
    fds.forEach((fd) => os.close(fd));
    removeFifo(os, hidden);
    throw error;
  }
  return new FifoSubscription(os, path, fds[0]!, fds[1]!);
}

class FifoSubscription implements Subscription {
  private readonly buffer = new Uint8Array(new ArrayBuffer(512));

  constructor(
    private readonly os: SubscribeOs,
    private readonly path: ByteString,
    readonly fd: number,
    private readonly writer: number,
  ) {}

  read(): ByteString {
    let letters = "";
    try {
      for (;;) letters += byteString(this.buffer.subarray(0, this.os.read(this.fd, this.buffer)));
    } catch (error) {
      if (isErrno(error, "EAGAIN")) return letters;
      throw error;
    }
  }

  close(): void {
    this.os.close(this.fd);
    this.os.close(this.writer);
    removeFifo(this.os, this.path);
  }
}

/** A notifier removes a fifo that has lost its reader; the directory may be gone as well. */
function removeFifo(os: Pick<Os, "unlink">, path: ByteString): void {
  unlessRefused(() => os.unlink(path));
}
