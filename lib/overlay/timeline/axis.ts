// The axis of a timeline and the durations beside it, as people read them.

/** A point of the axis with what stands there. */
export interface Tick {
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
  return Array.from({ length: count + 1 }, (_, index) => ({ at: index * step, label: tickLabel(index * step, step) }));
}

function tickLabel(at: number, step: number): string {
  if (at === 0) return "0";
  if (at < SECOND) return `${at} ms`;
  if (step < SECOND || at < MINUTE) return `${at / SECOND} s`;
  return step < MINUTE ? `${Math.floor(at / MINUTE)}:${padded(at % MINUTE / SECOND)} min` : longText(at);
}

/** "3.2 ms", "120 ms", "1.23 s", "12.3 s", "2 min 03 s", "1 h 05 min". */
export function timeTaken(milliseconds: number): string {
  if (milliseconds < 9.95) return `${trimmed(milliseconds, 1)} ms`;
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 9.995 * SECOND) return `${(milliseconds / SECOND).toFixed(2)} s`;
  if (milliseconds < 59.95 * SECOND) return `${(milliseconds / SECOND).toFixed(1)} s`;
  return longText(milliseconds);
}

function longText(milliseconds: number): string {
  const seconds = Math.round(milliseconds / SECOND);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${padded(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${padded(minutes % 60)} min`;
}

function padded(number: number): string {
  return `${number}`.padStart(2, "0");
}

function trimmed(number: number, digits: number): string {
  return number.toFixed(digits).replace(/\.0$/, "");
}
