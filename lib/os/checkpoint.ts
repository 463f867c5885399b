// A process that has loaded everything and knows nothing of its caller yet is kept when the overlay is built
// (scripts/checkpoint.c), and launchers go on from there (cli/launcher/restore.c): a start of milliseconds, not of tens.

import { addressOf, syscall } from "./libc.ts";
import { SYS } from "./syscall_numbers.ts";

const STOP = 19; // SIGSTOP
const ROUNDS = 3;
const ALLOCATIONS = 200_000;

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
  // What the engine would put off is done once, not by each process: garbage is collected, and what it leaves is swept.
  for (let round = 0; round < ROUNDS; round++) {
    (globalThis as { gc?: () => void }).gc?.();
    const fresh: unknown[] = [];
    for (let count = 0; count < ALLOCATIONS; count++) fresh.push({ count });
  }
  syscall(SYS.kill, syscall(SYS.getpid), STOP, address);
  return Number(record[0]) - 1;
}
