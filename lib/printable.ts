// Text of others, fit to stand in a line: names, command lines and values may hold what a terminal would obey.

import type { ByteString } from "./bytes.ts";

/**
 * A pattern for what is UTF-8, in bytes: two, three (no surrogates, nothing overlong) and four of them. C2 80 to C2 9F is
 * left out, as these are control characters too.
 */
export const UTF8_CHARACTER = "\\xc2[\\xa0-\\xbf]|[\\xc3-\\xdf][\\x80-\\xbf]|" +
  "\\xe0[\\xa0-\\xbf][\\x80-\\xbf]|[\\xe1-\\xec\\xee\\xef][\\x80-\\xbf]{2}|\\xed[\\x80-\\x9f][\\x80-\\xbf]|" +
  "\\xf0[\\x90-\\xbf][\\x80-\\xbf]{2}|[\\xf1-\\xf3][\\x80-\\xbf]{3}|\\xf4[\\x80-\\x8f][\\x80-\\xbf]{2}";
const CHARACTER = new RegExp(`[ -~]+|${UTF8_CHARACTER}|[^]`, "g");
const PLAIN = /^[ -~]*$/;

/** The text with every control character, and every byte that is not UTF-8, written as \xNN. */
export function printable(text: ByteString): ByteString {
  if (PLAIN.test(text)) return text;
  return text.replace(CHARACTER, (piece) => {
    const code = piece.charCodeAt(0);
    if (piece.length > 1 || code >= 0x20 && code < 0x7f) return piece;
    return `\\x${code.toString(16).padStart(2, "0")}`;
  });
}
