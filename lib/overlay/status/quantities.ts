// Durations and sizes as people read them: one unit, few digits.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const UNITS: readonly (readonly [milliseconds: number, name: string])[] = [[DAY, "d"], [HOUR, "h"], [MINUTE, "min"]];

/** "3 s", "5 min", "2 h", "4 d": whole units, cut off. */
export function durationInWords(milliseconds: number): string {
  const [size, name] = UNITS.find(([size]) => milliseconds >= size) ?? [SECOND, "s"];
  return `${Math.max(0, Math.floor(milliseconds / size))} ${name}`;
}

const SIZES = ["B", "kB", "MB", "GB", "TB"];

/** "512 B", "4.2 kB", "34 MB": a thousand of one is the next. */
export function sizeInWords(bytes: number): string {
  let [rest, at] = [bytes, 0];
  // What would be rounded to four digits belongs to the next unit.
  while (rest >= 999.5 && at < SIZES.length - 1) [rest, at] = [rest / 1000, at + 1];
  return `${at > 0 && rest < 9.95 ? rest.toFixed(1) : Math.round(rest)} ${SIZES[at]}`;
}

/** Processor time: "0.12 s" below ten seconds, whole units from there on. */
export function processorTimeInWords(seconds: number): string {
  return seconds < 10 ? `${seconds.toFixed(2)} s` : durationInWords(seconds * SECOND);
}
