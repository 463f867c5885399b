// The console: what the overlay itself says on the container's standard output and error. Process 1 must never wait for
// whoever reads them, so a line that cannot be written at once waits its turn in memory.

import { type ByteString, rawBytes } from "../bytes.ts";
import type { Cancel, Os, Reactor } from "../os/os.ts";

type ConsoleOs = Pick<Os, "write" | "isWritable">;

/** What a console keeps back for a reader that has stopped reading; older text is dropped beyond it. */
const MOST_KEPT = 256 * 1024;

export class Console {
  private kept = "";
  private watching: Cancel | undefined;

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

  private flush(): void {
    while (this.kept !== "") {
      if (!this.os.isWritable(this.fd)) return this.wait();
      try {
        // A pipe that can be written takes a page whole without blocking.
        this.kept = this.kept.slice(this.os.write(this.fd, rawBytes(this.kept.slice(0, 4096))));
      } catch {
        this.kept = "";
      }
    }
    this.watching?.();
    this.watching = undefined;
  }

  private wait(): void {
    this.watching ??= this.reactor.watch(this.fd, "write", () => this.flush());
  }
}
