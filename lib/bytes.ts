// Byte strings. Arguments, environment and paths on Unix are bytes, not text: a byte string is a JavaScript string
// with one char (0 to 255) per byte, so that every value passes through us unchanged, valid UTF-8 or not.

/** A string whose chars are bytes, 0 to 255. The alias documents; any string literal in ASCII is one. */
export type ByteString = string;

const CHUNK = 8192;

/** The byte string of raw bytes. */
export function byteString(bytes: Uint8Array): ByteString {
  if (bytes.length <= CHUNK) return String.fromCharCode.apply(null, bytes as unknown as number[]);
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) {
    text += String.fromCharCode.apply(null, bytes.subarray(at, at + CHUNK) as unknown as number[]);
  }
  return text;
}

/** The raw bytes of a byte string. */
export function rawBytes(text: ByteString): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  putBytes(text, bytes);
  return bytes;
}

const encoder = new TextEncoder();
/** Up to this number of chars a loop takes no longer than a call of the encoder. */
const FEW = 8;

/**
 * Puts the raw bytes of a byte string at the beginning of an array that has room for them. What the array has behind them
 * is not kept. A loop takes 60 ns a char where V8 has no compilers, as in process 1; the encoder takes 400 ns for most
 * paths.
 */
export function putBytes(text: ByteString, into: Uint8Array): void {
  if (text.length > FEW) {
    const { read, written } = encoder.encodeInto(text, into);
    // What is not ASCII comes out as UTF-8, and longer.
    if (written === text.length && read === written) return;
  }
  for (let at = 0; at < text.length; at++) into[at] = text.charCodeAt(at);
}

/**
 * The byte string that one of our own texts (messages, built paths) stands for in UTF-8. ASCII is returned as it is.
 */
export function utf8ByteString(text: string): ByteString {
  // deno-lint-ignore no-control-regex
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  return byteString(encoder.encode(text));
}
