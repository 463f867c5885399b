// The pipe between a service and its logger. The scanner holds both ends, so that nothing is lost when either side is
// restarted; an end is closed when neither the scanner nor the supervisor of its side needs it any more.

import type { Os } from "../os/os.ts";

export type PipeEnd = "read" | "write";

export class LogPipe {
  readonly read: number;
  readonly write: number;
  private readonly holders: Record<PipeEnd, number> = { read: 1, write: 1 };

  /** The first holder of each end is the scanner. */
  constructor(private readonly os: Pick<Os, "pipe" | "close">) {
    const { read, write } = os.pipe();
    this.read = read;
    this.write = write;
  }

  /** False if the end is closed already. */
  hold(end: PipeEnd): boolean {
    if (this.holders[end] === 0) return false;
    this.holders[end]++;
    return true;
  }

  release(end: PipeEnd): void {
    if (this.holders[end] > 0 && --this.holders[end] === 0) this.os.close(this[end]);
  }
}
