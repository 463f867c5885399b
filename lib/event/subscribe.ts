// Listening to events: a fifo of our own in the event directory, opened before it gets the name that notifiers look
// for, so that no event after subscribe() is missed. The other side is publish.ts.

import { type ByteString, byteString } from "../bytes.ts";
import type { Os } from "../os/os.ts";
import { randomLetters } from "../random.ts";
import { isErrno, OsError, unlessRefused } from "../report.ts";
import { stampText } from "../tai.ts";

export type SubscribeOs = Pick<
  Os,
  | "makeFifoAt"
  | "open"
  | "openAt"
  | "close"
  | "read"
  | "rename"
  | "unlink"
  | "now"
  | "randomBytes"
  | "fstat"
  | "fchown"
  | "credentials"
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
const ROOT = 0;

/** @throws OsError if the directory does not let us listen */
export function subscribe(os: SubscribeOs, directory: ByteString): Subscription {
  const name = `ftrig1:${stampText(os.now())}:${randomLetters(os, RANDOM_LETTERS)}`;
  const held = os.open(directory, ["path", "directory"]);
  try {
    return new FifoSubscription(os, `${directory}/${name}`, ...listen(os, held, name, directory));
  } finally {
    os.close(held);
  }
}

/** Both ends of a fifo that has been made in the directory that is held. */
function listen(os: SubscribeOs, held: number, name: ByteString, directory: ByteString): [read: number, write: number] {
  const hidden = `.${name}`;
  const fds: number[] = [];
  const end = (way: "read" | "write"): number => {
    // The owner of the directory may have put a link to any file in its place.
    const fd = os.openAt(held, hidden, [way, "nonblocking", "nofollow"]);
    fds.push(fd);
    return fd;
  };
  try {
    makeFifo(os, held, hidden, directory);
    const read = end("read");
    unlessRefused(() => giveToOwner(os, read, held));
    // With a writer of our own the fifo never comes to its end between two notifiers.
    const write = end("write");
    os.rename(`${directory}/${hidden}`, `${directory}/${name}`);
    return [read, write];
  } catch (error) {
    fds.forEach((fd) => os.close(fd));
    removeFifo(os, `${directory}/${hidden}`);
    throw error;
  }
}

function makeFifo(os: SubscribeOs, held: number, name: ByteString, directory: ByteString): void {
  try {
    os.makeFifoAt(held, name, MODE);
  } catch (error) {
    throw error instanceof OsError ? error.about("mkfifo", `${directory}/${name}`) : error;
  }
}

/**
 * A notifier that has the directory could not write to the fifo of root: no event would arrive (so it is with s6 2.11.3,
 * where root waits for a service of another user's supervisor).
 */
function giveToOwner(os: SubscribeOs, fd: number, directory: number): void {
  const { uid } = os.credentials();
  if (uid !== ROOT) return;
  const owner = os.fstat(directory).uid;
  const { kind, uid: maker, gid, links } = os.fstat(fd);
  // Not what the owner may have put in its place meanwhile: a fifo of root that is nowhere else than in this directory.
  if (owner !== maker && kind === "fifo" && maker === uid && links === 1) os.fchown(fd, owner, gid);
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
