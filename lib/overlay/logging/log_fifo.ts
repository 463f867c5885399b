// Process 1's hold on the fifo of the catch-all logger. Both ends are held, so that a process that prints neither gets
// an error nor loses a line while the logger is down; the writing ends are let go at the very end, when the logger is
// to see it.

import { type ByteString, byteString } from "../../bytes.ts";
import type { Os, Reactor } from "../../os/os.ts";
import { isErrno, OsError } from "../../report.ts";
import { Console } from "./console.ts";

export type LogFifoOs = Pick<Os, "open" | "close" | "read" | "write" | "setNonBlocking">;

export class LogFifo {
  /** What process 1 itself says: non-blocking, as a service may be faster between the look and the write. */
  readonly console: Console;
  private readonly reader: number;
  private readonly own: number;
  private readonly shared: number;

  /** @throws OsError if it cannot be opened */
  constructor(
    private readonly os: LogFifoOs,
    reactor: Pick<Reactor, "watch" | "after">,
    private readonly path: ByteString,
  ) {
    this.reader = os.open(path, ["read", "nonblocking"]);
    this.own = os.open(path, ["write", "nonblocking"]);
    this.shared = this.openWriter();
    this.console = new Console({ fd: this.own, write: (from) => os.write(this.own, from) }, reactor);
  }

  /** Never waits: another user may have put another fifo there. */
  private openWriter(): number {
    const fd = this.os.open(this.path, ["write", "nonblocking"]);
    this.os.setNonBlocking(fd, false);
    return fd;
  }

  /**
   * Lends a descriptor for the output of a child. Each gets one of its own: many a program makes its output
   * non-blocking, which affects all that share it.
   */
  lend<T>(use: (fd: number) => T): T {
    let fd: number;
    try {
      fd = this.openWriter();
    } catch (error) {
      if (error instanceof OsError) return use(this.shared);
      throw error;
    }
    try {
      return use(fd);
    } finally {
      this.os.close(fd);
    }
  }

  /** Lets go of the writing ends. The logger sees the end of its input when all others have. */
  finish(): void {
    this.console.close();
    this.os.close(this.own);
    this.os.close(this.shared);
  }

  /** Takes back what no logger has read, and lets go of the fifo. */
  takeRest(): ByteString {
    const buffer = new Uint8Array(new ArrayBuffer(16 * 1024));
    let rest = "";
    try {
      for (let got = this.os.read(this.reader, buffer); got > 0; got = this.os.read(this.reader, buffer)) {
        rest += byteString(buffer.subarray(0, got));
      }
    } catch (error) {
      if (!isErrno(error, "EAGAIN")) throw error;
    }
    this.os.close(this.reader);
    return rest;
  }
}
