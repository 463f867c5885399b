// Dates in the place of the TAI64N stamps at the beginning of lines, and what the dates that s6-log writes stand for.

import type { ByteString } from "../bytes.ts";
import type { Instant } from "../os/os.ts";
import { isLeapSecond, parseStamp } from "../tai.ts";
import { isoText, type Zone } from "./timezone.ts";

/** Of "@" and the digits behind it. */
export const STAMP_LENGTH = 25;
/** Two days before the last that can be reckoned with, in the year 275760: a later stamp is left as it is. */
const END_OF_TIME = 8_640_000_000_000 - 2 * 86400;

/** The instant of the stamp that a line begins with; undefined where there is none that has a date. */
export function stampedAt(line: ByteString): Instant | undefined {
  const instant = parseStamp(line);
  if (instant === undefined || instant.seconds < 0 || instant.seconds >= END_OF_TIME) return undefined;
  // A number of nanoseconds that is none has a digit too many.
  return { ...instant, nanoseconds: Number(String(instant.nanoseconds).slice(0, 9)) };
}

/** The line with its stamp as a date in the zone; as it is where it has none. */
export function withDate(line: ByteString, zone: Zone): ByteString {
  const instant = stampedAt(line);
  if (instant === undefined) return line;
  const rest = line.slice(STAMP_LENGTH);
  if (!isLeapSecond(line)) return isoText(instant, zone) + rest;
  const before = isoText({ ...instant, seconds: instant.seconds - 1 }, zone);
  return before.replace(/\d\d(?=\.)/, (second) => String(Number(second) + 1).padStart(2, "0")) + rest;
}

// As s6-log writes it, with nine digits and two blanks: what a program itself puts before its lines seldom is like that.
const DATE = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)\.(\d{9})(?= {2})/;

/** What isoText writes has this length, in the years that have four digits. */
export const DATE_LENGTH = 29;

/** The instant of the date that s6-log has put before a line; undefined where there is none. */
export function datedAt(line: ByteString, zone: Zone): Instant | undefined {
  const found = DATE.exec(line);
  if (found === null) return undefined;
  const [year, month, day, hours, minutes, seconds, nanoseconds] = found.slice(1).map(Number) as [
    ...[number, number, number, number, number, number, number],
  ];
  const local = Date.UTC(year, month - 1, day, hours, minutes, seconds) / 1000;
  // The offset of the zone is that of the instant, which is not known before: the first is right but near a change.
  return { seconds: local - zone(local - zone(local)), nanoseconds };
}
