// JSON of values whose strings are byte strings. What process 1 knows has names and texts of any bytes; JSON is UTF-8.

import { type ByteString, byteString, rawBytes } from "./bytes.ts";

/** The value as JSON in UTF-8; bytes that are no UTF-8 become U+FFFD. */
export function jsonBytes(value: unknown): ByteString {
  const text = JSON.stringify(value);
  // Nearly all of it is ASCII.
  if (!/[\x80-\xff]/.test(text)) return text;
  return byteString(new TextEncoder().encode(new TextDecoder().decode(rawBytes(text))));
}
