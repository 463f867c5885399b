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

/** execline's convention for a code that is passed on: codes from 128 become 128, 128 + n stands for signal n. */
export function passedOnCode(status: WaitStatus): number {
  const code = exitCode(status);
  return code === undefined ? 128 + killedBy(status) : Math.min(code, 128);
}

/** What execline leaves in the variable "?": the exit code, or 256 + n for signal n. */
export function questionMark(status: WaitStatus): number {
  return exitCode(status) ?? 256 + killedBy(status);
}
