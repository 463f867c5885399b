// JSON of values whose strings are byte strings. What process 1 knows has names and texts of any bytes; JSON is UTF-8.

import { type ByteString, byteString, rawBytes } from "./bytes.ts";

/** The value as JSON in UTF-8; bytes that are no UTF-8 become U+FFFD. */
export function jsonBytes(value: unknown): ByteString {
  const text = JSON.stringify(value);
  // Nearly all of it is plain ASCII.
  if (!/[\x7f-\xff]/.test(text)) return text;
  return byteString(new TextEncoder().encode(withoutControls(new TextDecoder().decode(rawBytes(text)))));
}

/** DEL and the control characters U+0080 to U+009F, which JSON.stringify lets pass: terminals obey these as well. */
export function withoutControls(json: string): string {
  return json.replace(/[\x7f-\x9f]/g, (control) => `\\u00${control.charCodeAt(0).toString(16)}`);
}
