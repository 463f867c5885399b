// The axis of a timeline.

import { durationInWords } from "../durations.ts";

/** A point of the axis with what stands there. */
interface Tick {
  readonly at: number;
  readonly label: string;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Steps of an axis, in milliseconds: those of a clock from ten seconds on. */
const STEPS: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12, 24].map((hours) => hours * HOUR),
];

/**
 * Ticks from 0 on.
 * @param length what the axis shows, in milliseconds
 * @param most how many there may be besides that at 0
 */
export function ticksOf(length: number, most: number): readonly Tick[] {
  const step = STEPS.find((step) => length / step <= most) ?? 24 * HOUR * Math.ceil(length / (24 * HOUR * most));
  const count = Math.floor(length / step);
  return Array.from(
    { length: count + 1 },
    (_, index) => ({ at: index * step, label: index === 0 ? "0" : durationInWords(index * step) }),
  );
}
