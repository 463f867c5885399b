// Standard input of a logger: reads when there is something to read and nothing forbids it, and ends at the end of the
// input or, when asked to stop, at the end of the line it is in, so that the next logger on the same pipe begins with a
// whole line. Follows s6-log(8), reading and signals; the descriptor is not made non-blocking, one read an event will do.

import type { Cancel, Os, Reactor } from "../os/os.ts";
import { isErrno, OsError } from "../report.ts";
import type { Bytes, LineReader } from "./lines.ts";

const INPUT = 0;

interface IntakeHost {
  readonly os: Pick<Os, "close" | "read">;
  readonly reactor: Pick<Reactor, "after" | "watch">;
  /** How long to wait for the rest of a line when asked to stop, in milliseconds; 0 is without limit. */
  readonly lastLineTimeout: number;
  warn(text: string): void;
  /** Takes whole lines. */
  deliver(lines: Bytes): void;
  /** Nothing more will be delivered. */
  ended(): void;
}

export class Intake {
  private watch: Cancel | undefined;
  private paused = true;
  private stopping = false;
  private over = false;

  constructor(private readonly host: IntakeHost, private readonly reader: LineReader) {}

  /** Reads from now on. */
  resume(): void {
    this.paused = false;
    if (this.over || this.watch !== undefined) return;
    const { reactor } = this.host;
    try {
      this.watch = reactor.watch(INPUT, "read", () => this.read());
    } catch (error) {
      // Files and some devices cannot be waited for: they are always ready.
      if (!isErrno(error, "EPERM")) throw error;
      this.watch = reactor.after(0, () => {
        this.watch = undefined;
        this.read();
        if (!this.paused) this.resume();
      });
    }
  }

  /** Leaves further input where it is until resumed. */
  pause(): void {
    this.paused = true;
    this.watch?.();
    this.watch = undefined;
  }

  /** Stops reading, at the end of the line if one has begun. */
  stop(): void {
    if (this.over || this.stopping) return;
    this.stopping = true;
    const { reactor, lastLineTimeout } = this.host;
    if (!this.reader.insideLine) this.end();
    else if (lastLineTimeout > 0) reactor.after(lastLineTimeout, () => this.end());
  }

  private read(): void {
    const { os, warn } = this.host;
    // When stopping, byte by byte: what follows the line is the next reader's.
    const room = this.reader.room(this.stopping ? 1 : undefined);
    let count;
    try {
      count = os.read(INPUT, room);
    } catch (error) {
      if (isErrno(error, "EAGAIN", "EINTR")) return;
      if (!(error instanceof OsError)) throw error;
      warn(`unable to read from stdin: ${error.reason}`);
      count = 0;
    }
    if (count === 0) return this.end();
    const lines = this.reader.take(count);
    if (lines.length > 0) this.host.deliver(lines);
    if (!this.stopping) return;
    if (!this.reader.insideLine) this.end();
    else if (this.reader.full) {
      warn("input line too long, stopping before the end");
      this.end();
    }
  }

  private end(): void {
    if (this.over) return;
    this.over = true;
    this.pause();
    this.host.os.close(INPUT);
    const rest = this.reader.rest();
    if (rest.length > 0) this.host.deliver(rest);
    this.host.ended();
  }
}
