// Descriptors that are kept for a stop: a container that has none left must be stopped in order all the same.

import type { Os } from "../os/os.ts";
import { OsError } from "../report.ts";

/** What starting a script, looking through /proc and watching a process take at a time, and some more. */
const KEPT = 16;

export class Reserve {
  private kept: number[] = [];

  /** @param fd what is duplicated */
  constructor(private readonly os: Pick<Os, "duplicate" | "close">, fd: number) {
    try {
      while (this.kept.length < KEPT) this.kept.push(os.duplicate(fd));
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
    }
  }

  /** Makes room. */
  release(): void {
    for (const fd of this.kept.splice(0)) this.os.close(fd);
  }
}
