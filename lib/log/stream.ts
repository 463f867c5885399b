// A descriptor that lines are written to without waiting for its reader: what it does not take at once waits in memory.
// When it breaks, what is meant for it is dropped. Follows s6-log(8), output and buffering; but the descriptor is not
// made non-blocking, as its other users (the container's command, a shell) would be hit by that. Instead we ask before
// each write whether it can take a piece.

import type { Os, Reactor } from "../os/os.ts";
import { OutputQueue, type Unsent } from "../output_queue.ts";
import { isErrno, OsError } from "../report.ts";
import { ByteQueue } from "./byte_queue.ts";
import type { Bytes } from "./lines.ts";

/** What a writable pipe takes for sure (PIPE_BUF). */
const PIECE = 4096;

interface StreamHost {
  readonly os: Pick<Os, "write" | "isWritable" | "fstat">;
  readonly reactor: Pick<Reactor, "watch" | "after">;
  /** Told once, when the descriptor takes nothing any more. */
  broke(error: OsError): void;
  /** Everything that had to wait is written. */
  idle(): void;
}

export class Stream implements Unsent {
  private readonly waiting = new ByteQueue();
  private readonly piece: number;
  private readonly queue: OutputQueue;
  private broken = false;

  constructor(private readonly host: StreamHost, readonly fd: number) {
    this.queue = new OutputQueue(host.reactor, this);
    this.piece = isFile(host.os, fd) ? Infinity : PIECE;
  }

  get busy(): boolean {
    return !this.isEmpty;
  }

  get isEmpty(): boolean {
    return this.waiting.empty;
  }

  write(bytes: Bytes): void {
    if (this.broken) return;
    const done = this.busy ? 0 : this.attempt(bytes);
    if (this.broken || done === bytes.length) return;
    this.waiting.push(bytes.subarray(done));
    this.queue.added();
  }

  /** Writes what waits, or drops it if nothing is taken any more; false if there is no room for any. */
  send(): boolean {
    const done = this.attempt(this.waiting.all());
    this.waiting.drop(this.broken ? this.waiting.all().length : done);
    return done > 0 || this.broken;
  }

  sent(): void {
    this.host.idle();
  }

  /** Writes what can be written now and returns how much that was. */
  private attempt(bytes: Bytes): number {
    const { os, broke } = this.host;
    let done = 0;
    while (done < bytes.length && os.isWritable(this.fd)) {
      try {
        done += os.write(this.fd, bytes.subarray(done, Math.min(bytes.length, done + this.piece)));
      } catch (error) {
        if (isErrno(error, "EINTR")) continue;
        // Another process has made it non-blocking and was faster.
        if (isErrno(error, "EAGAIN")) break;
        if (!(error instanceof OsError)) throw error;
        this.broken = true;
        broke(error);
        break;
      }
    }
    return done;
  }
}

function isFile(os: Pick<Os, "fstat">, fd: number): boolean {
  try {
    return os.fstat(fd).kind === "file";
  } catch (error) {
    // A closed one shows itself at the first write.
    if (isErrno(error, "EBADF")) return false;
    throw error;
  }
}
