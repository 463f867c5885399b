// How long a descriptor is held, as the wire and the store have it: the 12 bytes of a TAI64N stamp. They are big endian, so
// that comparing them as strings compares the times; and kept as they came, a dump gives them back exactly.

import { type ByteString, byteString, rawBytes } from "../bytes.ts";
import type { Instant } from "../os/os.ts";
import { getStamp, parseStamp, putStamp, STAMP_SIZE } from "../tai.ts";

/** The 12 bytes of a stamp. */
export type Limit = ByteString;

/** What "no limit" adds to the seconds, in units of 2^32: 2^61 seconds. Half of it is taken for "no limit" as well. */
const FOR_EVER = 0x20000000;

/** The limit at this point of time. */
export function limitAt(instant: Instant): Limit {
  const bytes = new Uint8Array(STAMP_SIZE);
  putStamp(new DataView(bytes.buffer), 0, instant);
  return byteString(bytes);
}

/** The given number of milliseconds later. */
export function limitAfter({ seconds, nanoseconds }: Instant, milliseconds: number): Limit {
  const sum = nanoseconds + (milliseconds % 1000) * 1e6;
  return limitAt({
    seconds: seconds + Math.floor(milliseconds / 1000) + Math.floor(sum / 1e9),
    nanoseconds: sum % 1e9,
  });
}

/** No limit. */
export function forEver(now: Instant): Limit {
  return later(limitAt(now), FOR_EVER);
}

export function isForEver(limit: Limit, now: Instant): boolean {
  return limit >= later(limitAt(now), FOR_EVER / 2);
}

function later(limit: Limit, units: number): Limit {
  const bytes = rawBytes(limit);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, view.getUint32(0) + units);
  return byteString(bytes);
}

/** The point of time of a limit. */
export function limitInstant(limit: Limit): Instant {
  return getStamp(new DataView(rawBytes(limit).buffer), 0);
}

/** "@" and 24 hexadecimal digits. */
export function limitText(limit: Limit): string {
  return "@" + Array.from(rawBytes(limit), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The limit that such a text begins with, or undefined. */
export function parseLimit(text: ByteString): Limit | undefined {
  if (parseStamp(text) === undefined) return undefined;
  const digits = text.slice(1, 1 + 2 * STAMP_SIZE);
  return digits.replace(/../g, (pair) => String.fromCharCode(parseInt(pair, 16)));
}
