// The signals that a program passes on: trap to its program, s6-background-watch to what it watches.

import { SIGNAL } from "./signals.ts";

/** Signals that cannot, or must not, be trapped: the faults, and two that the C library uses itself. */
const UNTRAPPABLE: ReadonlySet<number> = new Set([4, 5, 7, 8, SIGNAL.KILL, 11, SIGNAL.CHLD, SIGNAL.STOP, 32, 33]);
const LAST_SIGNAL = 64;

/** The signals that a program can pass on to its child. */
export function passableSignals(): number[] {
  return Array.from({ length: LAST_SIGNAL }, (_, index) => index + 1).filter((signal) => !UNTRAPPABLE.has(signal));
}
