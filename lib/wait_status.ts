// How a child ended, from the raw status of wait(2). Linux layout: exit code in bits 8 to 15, signal in bits 0 to 6.

/** The raw 16-bit wait status as the kernel and s6's status file hold it. */
export type WaitStatus = number;

/** The exit code, or undefined if a signal killed the process. */
export function exitCode(status: WaitStatus): number | undefined {
  return (status & 0x7f) === 0 ? (status >> 8) & 0xff : undefined;
}

/** The signal that killed the process, or 0. */
export function killedBy(status: WaitStatus): number {
  return status & 0x7f;
}

/** The shell's convention: the exit code, or 128 + n for signal n. */
export function shellCode(status: WaitStatus): number {
  return exitCode(status) ?? 128 + killedBy(status);
}
