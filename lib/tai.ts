// TAI64N stamps as the skarnet programs write them: 2^62 + TAI seconds since 1970 and nanoseconds, either 12 bytes
// big endian or "@" and 24 hexadecimal digits. TAI is ahead of UTC by 10 s plus the leap seconds, 27 since 2017.

import type { ByteString } from "./bytes.ts";
import type { Instant } from "./os/os.ts";

const AHEAD = 37;
const HIGH = 0x40000000;
const TWO_32 = 0x100000000;

/** Length of a binary stamp. */
export const STAMP_SIZE = 12;

/** Writes the 12 bytes of the stamp at a place. */
export function putStamp(view: DataView, at: number, { seconds, nanoseconds }: Instant): void {
  const tai = seconds + AHEAD;
  const high = Math.floor(tai / TWO_32);
  view.setUint32(at, HIGH + high);
  view.setUint32(at + 4, tai - high * TWO_32);
  view.setUint32(at + 8, nanoseconds);
}

/** Reads the 12 bytes of a stamp. */
export function getStamp(view: DataView, at: number): Instant {
  const high = view.getUint32(at) - HIGH;
  return { seconds: high * TWO_32 + view.getUint32(at + 4) - AHEAD, nanoseconds: view.getUint32(at + 8) };
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
  const part = (at: number): number => parseInt(text.slice(at, at + 8), 16);
  return { seconds: (part(1) - HIGH) * TWO_32 + part(9) - AHEAD, nanoseconds: part(17) };
}

/** Seconds from one instant to another, with fractions; negative if the second is the earlier one. */
export function secondsBetween(from: Instant, to: Instant): number {
  return to.seconds - from.seconds + (to.nanoseconds - from.nanoseconds) / 1e9;
}
