// Durations as people read them, in one way everywhere: three digits below a minute, two units from there on.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The larger unit, and the smaller one in it. */
const UNITS = [[DAY, "d", HOUR, "h"], [HOUR, "h", MINUTE, "min"], [MINUTE, "min", SECOND, "s"]] as const;

/** "3.2 ms", "120 ms", "1.23 s", "12.3 s", "2 min 3 s", "1 h 5 min", "4 d 2 h"; nothing is less than 0. */
export function durationInWords(milliseconds: number): string {
  // What would be rounded to more digits belongs to the next unit.
  if (milliseconds < 9.95) return `${digits(Math.max(0, milliseconds), 1)} ms`;
  if (milliseconds < 999.5) return `${digits(milliseconds, 0)} ms`;
  if (milliseconds < 9.995 * SECOND) return `${digits(milliseconds / SECOND, 2)} s`;
  if (milliseconds < 59.95 * SECOND) return `${digits(milliseconds / SECOND, 1)} s`;
  const whole = Math.round(milliseconds / SECOND) * SECOND;
  const [large, name, small, smallName] = UNITS.find(([large]) => whole >= large)!;
  const rest = Math.floor(whole % large / small);
  return `${Math.floor(whole / large)} ${name}${rest === 0 ? "" : ` ${rest} ${smallName}`}`;
}

/** With this many digits behind the point, but for zeros at the end. */
function digits(number: number, most: number): string {
  return `${Number(number.toFixed(most))}`;
}
