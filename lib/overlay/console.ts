// The console: what the overlay itself says on the container's standard output and error. Process 1 must never wait for
// whoever reads them, so a line that cannot be written at once waits its turn in memory.

import { type ByteString, rawBytes } from "../bytes.ts";
import type { Cancel, Os, Reactor } from "../os/os.ts";
import { isErrno } from "../report.ts";

type ConsoleOs = Pick<Os, "write" | "isWritable">;

/** What a console keeps back for a reader that has stopped reading; older text is dropped beyond it. */
const MOST_KEPT = 256 * 1024;
const PAGE = 4096;

export class Console {
  private kept = "";
  private watching: Cancel | undefined;
  private whenEmpty: (() => void) | undefined;

  constructor(
    private readonly os: ConsoleOs,
    private readonly reactor: Pick<Reactor, "watch">,
    private readonly fd: number,
  ) {}

  /** Writes text now if the reader takes it, else as soon as it does. */
  write(text: ByteString): void {
    this.kept = (this.kept + text).slice(-MOST_KEPT);
    this.flush();
  }

  line(text: ByteString): void {
    this.write(`${text}\n`);
  }

  /** Calls back once, when everything is written: now or as soon as the reader has taken it. */
  whenWritten(callback: () => void): Cancel {
    if (this.kept === "") {
      callback();
      return () => {};
    }
    this.whenEmpty = callback;
    return () => this.whenEmpty = undefined;
  }

  /** Drops what is not written yet: the descriptor is about to be closed. */
  close(): void {
    this.kept = "";
    this.rest();
  }

  private flush(): void {
    while (this.kept !== "") {
      if (!this.os.isWritable(this.fd)) return this.wait();
      try {
        this.kept = this.kept.slice(this.os.write(this.fd, rawBytes(this.piece())));
      } catch (error) {
        // Somebody else was faster.
        if (isErrno(error, "EAGAIN")) return this.wait();
        this.kept = "";
      }
    }
    this.rest();
    const { whenEmpty } = this;
    this.whenEmpty = undefined;
    whenEmpty?.();
  }

  /** A pipe that can be written takes a page without blocking, in one piece: whole lines, as others write there too. */
  private piece(): ByteString {
    const page = this.kept.slice(0, PAGE);
    return this.kept.length > PAGE ? page.slice(0, page.lastIndexOf("\n") + 1) || page : page;
  }

  private rest(): void {
    this.watching?.();
    this.watching = undefined;
  }

  private wait(): void {
    this.watching ??= this.reactor.watch(this.fd, "write", () => this.flush());
  }
}
