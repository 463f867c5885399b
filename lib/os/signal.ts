// Signals: numbers and names of Linux, the mask, and dispositions.

import { base, PLACE, syscall, view } from "./libc.ts";
import { SYS } from "./syscall_numbers.ts";

const BLOCK_SET = 2; // SIG_SETMASK
const SET_SIZE = 8;
export const PIPE = 13;

/**
 * The main thread's mask of blocked signals. The launcher blocks them all before the runtime starts its threads, which
 * inherit that: a thread that did not block a signal would take it, past our signalfd. No thread starts later, as nothing
 * the program does after its first line is left to the runtime to wait for.
 */
export class SignalMask {
  private isReleased = false;

  /** @param blocked what our caller had blocked */
  constructor(private blocked: bigint) {}

  /** From now on signals mean what they always mean, but for those that are blocked. */
  release(): void {
    this.isReleased = true;
    setBlocked(this.blocked);
  }

  /** Blocks more signals, for good. */
  add(mask: bigint): void {
    this.blocked |= mask;
    if (this.isReleased) setBlocked(this.blocked);
  }
}

/** Sets the main thread's mask of blocked signals. */
export function setBlocked(mask: bigint): void {
  view.setBigUint64(PLACE.result, mask, true);
  syscall(SYS.rt_sigprocmask, BLOCK_SET, base + PLACE.result, 0, SET_SIZE);
}

/** Gives the signal its default action (false) or ignores it (true). Caught signals are not for this program. */
export function setIgnored(signal: number, ignored: boolean): void {
  // struct kernel_sigaction: handler 8, flags 8, restorer 8, mask 8; SIG_DFL is 0, SIG_IGN is 1
  for (let at = 0; at < 32; at += 8) view.setBigUint64(PLACE.result + at, 0n, true);
  view.setBigUint64(PLACE.result, ignored ? 1n : 0n, true);
  syscall(SYS.rt_sigaction, signal, base + PLACE.result, 0, SET_SIZE);
}
