// TAI64N stamps as the skarnet programs write them: 2^62 + TAI seconds since 1970 and nanoseconds, either 12 bytes
// big endian or "@" and 24 hexadecimal digits. TAI is ahead of UTC by 10 s plus the leap seconds, 27 since 2017.

import type { ByteString } from "./bytes.ts";
import type { Instant } from "./os/os.ts";

// The months that began with a leap second before them. There has been none since.
const LEAPS: readonly number[] = (
  "1972-07 1973-01 1974-01 1975-01 1976-01 1977-01 1978-01 1979-01 1980-01 1981-07 1982-07 1983-07 1985-07 1988-01 " +
  "1990-01 1991-01 1992-07 1993-07 1994-07 1996-01 1997-07 1999-01 2006-01 2009-01 2012-07 2015-07 2017-01"
).split(" ").map((month) => Date.parse(`${month}-01T00:00:00Z`) / 1000);
const AHEAD_AT_FIRST = 10;
const HIGH = 0x40000000;
const TWO_32 = 0x100000000;

/** Length of a binary stamp. */
export const STAMP_SIZE = 12;

function toTai(seconds: number): number {
  let passed = LEAPS.length;
  while (passed > 0 && seconds < LEAPS[passed - 1]!) passed--;
  return seconds + AHEAD_AT_FIRST + passed;
}

function fromTai(tai: number): number {
  let passed = LEAPS.length;
  // A leap second itself is one more of the second behind it.
  while (passed > 0 && tai - AHEAD_AT_FIRST - passed < LEAPS[passed - 1]!) passed--;
  return tai - AHEAD_AT_FIRST - passed;
}

/** Writes the 12 bytes of the stamp at a place. */
export function putStamp(view: DataView, at: number, { seconds, nanoseconds }: Instant): void {
  const tai = toTai(seconds);
  const high = Math.floor(tai / TWO_32);
  view.setUint32(at, HIGH + high);
  view.setUint32(at + 4, tai - high * TWO_32);
  view.setUint32(at + 8, nanoseconds);
}

/** Reads the 12 bytes of a stamp. */
export function getStamp(view: DataView, at: number): Instant {
  const high = view.getUint32(at) - HIGH;
  return { seconds: fromTai(high * TWO_32 + view.getUint32(at + 4)), nanoseconds: view.getUint32(at + 8) };
}

/** "@" and 24 lower-case hexadecimal digits. */
export function stampText(instant: Instant): string {
  const view = new DataView(new ArrayBuffer(STAMP_SIZE));
  putStamp(view, 0, instant);
  let text = "@";
  for (let at = 0; at < STAMP_SIZE; at += 4) text += view.getUint32(at).toString(16).padStart(8, "0");
  return text;
}

/** The instant of "@" and 24 hexadecimal digits at the beginning of the text; undefined if they are not there. */
export function parseStamp(text: ByteString): Instant | undefined {
  if (!/^@[0-9a-fA-F]{24}/.test(text)) return undefined;
  return { seconds: fromTai(taiOf(text)), nanoseconds: part(text, 17) };
}

/** True if a stamp is of a leap second, which shares its instant with the second behind it. */
export function isLeapSecond(text: ByteString): boolean {
  const tai = taiOf(text);
  return toTai(fromTai(tai)) !== tai;
}

function taiOf(text: ByteString): number {
  return (part(text, 1) - HIGH) * TWO_32 + part(text, 9);
}

/** Eight digits of a stamp. */
function part(text: ByteString, at: number): number {
  return parseInt(text.slice(at, at + 8), 16);
}

/** Seconds from one instant to another, with fractions; negative if the second is the earlier one. */
export function secondsBetween(from: Instant, to: Instant): number {
  return to.seconds - from.seconds + (to.nanoseconds - from.nanoseconds) / 1e9;
}
