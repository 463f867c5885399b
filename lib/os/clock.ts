// Clocks: the time of day for stamps, and one that only moves forward for deadlines.

import { checked } from "./failed_call.ts";
import { base, PLACE, syscall, view } from "./libc.ts";
import type { Clocks, Instant } from "./os.ts";
import { SYS } from "./syscall_numbers.ts";

const REALTIME = 0;
const MONOTONIC = 1;

/** The last value of each clock. */
const last: Instant[] = [];

/** A clock that cannot be read stands still: deadlines come later, but none is put where it never comes. */
function read(clock: number): Instant {
  const result = syscall(SYS.clock_gettime, clock, base + PLACE.result);
  if (result < 0 && last[clock] !== undefined) return last[clock];
  checked(result, "read the clock");
  return last[clock] = {
    seconds: Number(view.getBigInt64(PLACE.result, true)),
    nanoseconds: Number(view.getBigInt64(PLACE.result + 8, true)),
  };
}

function setTime({ seconds, nanoseconds }: Instant): void {
  view.setBigInt64(PLACE.result, BigInt(seconds), true);
  view.setBigInt64(PLACE.result + 8, BigInt(nanoseconds), true);
  checked(syscall(SYS.clock_settime, REALTIME, base + PLACE.result), "set the clock");
}

export const clocks: Clocks = {
  now: () => read(REALTIME),
  timeOfDay: () => Date.now(),
  setTime,
  monotonic: () => {
    const { seconds, nanoseconds } = read(MONOTONIC);
    return seconds * 1000 + nanoseconds / 1e6;
  },
  sleep: (milliseconds) => {
    view.setBigInt64(PLACE.result, BigInt(Math.floor(milliseconds / 1000)), true);
    view.setBigInt64(PLACE.result + 8, BigInt(Math.round((milliseconds % 1000) * 1e6)), true);
    syscall(SYS.nanosleep, base + PLACE.result, 0);
  },
};
