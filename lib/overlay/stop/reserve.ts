// Descriptors that are kept for a stop: a container that has none left must be stopped in order all the same.

import type { Os } from "../../os/os.ts";
import { OsError } from "../../report.ts";

/** What starting a script, looking through /proc and watching a process take at a time, and some more. */
const KEPT = 16;
/** The part of all descriptors that it is at most: where they are few, services need them too. */
const PART = 8;

/** With fewer, process 1 has room for a service or two only, or none. */
const FEW = 64n;

/** What to tell where process 1 may have so few descriptors that services may not start. */
export function tellOfFewFiles(most: bigint): string | undefined {
  if (most >= FEW) return undefined;
  return `the hard limit of open files is ${most}: process 1 needs about 30 and 3 for each service ` +
    "(raise it for the container, as in --ulimit nofile=1024)";
}

export class Reserve {
  private kept: number[] = [];

  /**
   * @param fd what is duplicated
   * @param most how many descriptors this process may have
   */
  constructor(private readonly os: Pick<Os, "duplicate" | "close">, fd: number, most: bigint) {
    try {
      while (this.kept.length < Math.min(KEPT, Number(most) / PART)) this.kept.push(os.duplicate(fd));
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
    }
  }

  /** Makes room. */
  release(): void {
    for (const fd of this.kept.splice(0)) this.os.close(fd);
  }
}
