// The signals of this process, one by one: from a signalfd, or where that cannot be had or fails, from rt_sigtimedwait(2),
// which needs no descriptor but has to be asked again and again.

import { base, PLACE, syscall, view } from "./libc.ts";
import { OPEN } from "./open_flags.ts";
import { SYS } from "./syscall_numbers.ts";

const FLAGS = OPEN.closeOnExec | OPEN.nonblocking;
const RECORD = 128; // struct signalfd_siginfo, with the number first
const AT_ONCE = 16;
const SET_SIZE = 8;
const NOTHING_NOW = -11; // EAGAIN

export class SignalSource {
  /** The signalfd; negative if there is none. */
  descriptor = -1;
  /** Not every signal comes by the descriptor: take() is to be called as often as signals are to be noticed. */
  mustBeAsked = false;
  private mask = 0n;

  /** @param block blocks the signals of the mask on this thread, besides those blocked */
  constructor(private readonly block: (mask: bigint) => void) {}

  add(signal: number): void {
    const mask = this.mask | 1n << BigInt(signal - 1);
    if (mask === this.mask) return;
    this.mask = mask;
    this.block(mask);
    view.setBigUint64(PLACE.result, mask, true);
    const fd = syscall(SYS.signalfd4, this.descriptor, base + PLACE.result, SET_SIZE, FLAGS);
    if (fd < 0) this.mustBeAsked = true;
    else this.descriptor = fd;
  }

  /** What has come by the descriptor. If that fails it is one no longer. */
  read(): number[] {
    const got = syscall(SYS.read, this.descriptor, base + PLACE.buffer, AT_ONCE * RECORD);
    if (got < 0) {
      // One that is always interrupted is as good as none.
      if (got !== NOTHING_NOW) [this.descriptor, this.mustBeAsked] = [-1, true];
      // Something has come, or this would not be called.
      return this.take();
    }
    const signals: number[] = [];
    for (let at = 0; at < got; at += RECORD) signals.push(view.getUint32(PLACE.buffer + at, true));
    return signals;
  }

  /** What has come, whether or not there is a descriptor. */
  take(): number[] {
    const signals: number[] = [];
    while (signals.length < AT_ONCE) {
      view.setBigUint64(PLACE.result, this.mask, true);
      view.setBigUint64(PLACE.result + 8, 0n, true);
      view.setBigUint64(PLACE.result + 16, 0n, true);
      const signal = syscall(SYS.rt_sigtimedwait, base + PLACE.result, 0, base + PLACE.result + 8, SET_SIZE);
      if (signal <= 0) break;
      signals.push(signal);
    }
    return signals;
  }
}
