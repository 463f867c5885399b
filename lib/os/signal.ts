// Signals: numbers and names of Linux, the mask, and dispositions.

import { base, PLACE, syscall, view } from "./libc.ts";
import { SYS } from "./syscall_numbers.ts";

const BLOCK_SET = 2; // SIG_SETMASK
const SET_SIZE = 8;
export const PIPE = 13;

/** Every signal; the kernel leaves KILL and STOP out by itself. */
const EVERY = (1n << 64n) - 1n;

/**
 * The main thread's mask of blocked signals. While the runtime loads a module it may start a thread, which inherits the
 * mask of that moment for as long as it lives, and a signal that one thread does not block is taken by it, past our
 * signalfd. So all signals are blocked during such work.
 */
export class SignalMask {
  private working = 0;

  constructor(private blocked: bigint) {
    setBlocked(blocked);
  }

  /** Blocks more signals, for good. */
  add(mask: bigint): void {
    this.blocked |= mask;
    if (this.working === 0) setBlocked(this.blocked);
  }

  /** Does work of the runtime that may start threads. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    if (this.working++ === 0) setBlocked(EVERY);
    try {
      return await work();
    } finally {
      if (--this.working === 0) setBlocked(this.blocked);
    }
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
