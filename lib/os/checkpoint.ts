// A process that has loaded everything and knows nothing of its caller yet is kept when the overlay is built
// (scripts/checkpoint/take.c), and launchers go on from there (cli/launcher/restore.c): a start of milliseconds, not of tens.

import { addressOf, syscall } from "./libc.ts";
import { SYS } from "./syscall_numbers.ts";

const STOP = 19; // SIGSTOP

/** True in the process that is kept, and in those that go on from it. */
export function isKept(): boolean {
  return Deno.env.get("OVERLAY_CHECKPOINT") !== undefined;
}

/**
 * Stops this process. It is never continued: what comes after is done by each process that goes on from the checkpoint, with
 * the descriptor of its launcher's record, which this returns.
 */
export function stopForCheckpoint(): number {
  const record = new BigUint64Array(1);
  const address = addressOf(new Uint8Array(record.buffer));
  syscall(SYS.kill, syscall(SYS.getpid), STOP, address);
  return Number(record[0]) - 1;
}
