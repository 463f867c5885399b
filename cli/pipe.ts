// Pipes on numbers that scripts do not use. What a script puts on 3 or 4 gets there only when a program starts; a pipe
// that had such a number until then would be overwritten, or closed as if it were the script's.

import type { Os } from "../lib/os/os.ts";
import { isErrno } from "../lib/report.ts";

/** The first of our own numbers. */
export const PRIVATE = 64;

type Ports = Pick<Os, "pipe" | "duplicate" | "close">;

export function openPipe(os: Ports): { read: number; write: number } {
  const { read, write } = os.pipe();
  return { read: moveAway(os, read), write: moveAway(os, write) };
}

function moveAway(os: Ports, fd: number): number {
  if (fd >= PRIVATE) return fd;
  try {
    const moved = os.duplicate(fd, PRIVATE);
    os.close(fd);
    return moved;
  } catch (error) {
    // The limit of open files is below: any number has to do.
    if (isErrno(error, "EINVAL")) return fd;
    throw error;
  }
}
