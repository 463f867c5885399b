// Sizes as people read them: one unit, few digits.

const SIZES = ["B", "kB", "MB", "GB", "TB"];

/** "512 B", "4.2 kB", "34 MB": a thousand of one is the next. */
export function sizeInWords(bytes: number): string {
  let [rest, at] = [bytes, 0];
  // What would be rounded to four digits belongs to the next unit.
  while (rest >= 999.5 && at < SIZES.length - 1) [rest, at] = [rest / 1000, at + 1];
  return `${at > 0 && rest < 9.95 ? rest.toFixed(1) : Math.round(rest)} ${SIZES[at]}`;
}
