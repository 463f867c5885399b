// JSON of values whose strings are byte strings. What process 1 knows has names and texts of any bytes; JSON is UTF-8. What
// is no UTF-8 has characters that stand for its bytes, so that nothing is lost: those that MirOS has for it (OPTU-8).

import { type ByteString, rawBytes, utf8ByteString } from "./bytes.ts";
import { UTF8_CHARACTER } from "./printable.ts";

/** U+EF80 to U+EFFF, in UTF-8: they stand for the bytes 80 to ff. Where text has such a character its bytes stand so. */
const STAND_IN = "\\xee[\\xbe\\xbf][\\x80-\\xbf]";
const STAND_INS = new RegExp(STAND_IN, "g");
/** Terminals obey DEL and the control characters U+0080 to U+009F as well, which JSON.stringify lets pass. */
const CONTROL = "\\x7f|\\xc2[\\x80-\\x9f]";
const UNSAFE = new RegExp(`(${CONTROL})|${STAND_IN}|(${UTF8_CHARACTER})|[\\x80-\\xff]`, "g");

/** The value as JSON in UTF-8. */
export function jsonBytes(value: unknown): ByteString {
  const text = JSON.stringify(value);
  // Nearly all of it is plain ASCII.
  if (!/[\x7f-\xff]/.test(text)) return text;
  return text.replace(UNSAFE, (piece, control?: ByteString, character?: ByteString) => {
    if (control !== undefined) return escaped(control.charCodeAt(control.length - 1));
    return character ?? standIns(piece);
  });
}

/** What the JSON in UTF-8 says; its strings are byte strings again. Throws SyntaxError. */
export function valueOfJson(json: ByteString): unknown {
  if (!/\\u|[\x80-\xff]/.test(json)) return JSON.parse(json);
  const text = new TextDecoder().decode(rawBytes(json));
  return JSON.parse(text, (_, value) => typeof value === "string" ? bytesOf(value) : value);
}

/** DEL and the control characters U+0080 to U+009F, escaped. */
export function withoutControls(json: string): string {
  return json.replace(/[\x7f-\x9f]/g, (control) => escaped(control.charCodeAt(0)));
}

function escaped(code: number): string {
  return `\\u00${code.toString(16)}`;
}

function standIns(bytes: ByteString): ByteString {
  let text = "";
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes.charCodeAt(at);
    text += `\xee${byte < 0xc0 ? "\xbe" : "\xbf"}${String.fromCharCode(0x80 | byte & 0x3f)}`;
  }
  return text;
}

function bytesOf(text: string): ByteString {
  return utf8ByteString(text).replace(STAND_INS, (character) => {
    const high = character[1] === "\xbe" ? 0x80 : 0xc0;
    return String.fromCharCode(high | character.charCodeAt(2) & 0x3f);
  });
}
