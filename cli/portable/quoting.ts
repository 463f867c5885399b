// Strings quoted as s6-quote writes them: printable ASCII between two quote characters, all else as escapes.

import type { ByteString } from "../../lib/bytes.ts";

/** Characters that mean something behind a backslash, which therefore cannot be quotes. */
const TAKEN = /[\\0-9a-fnrtvx]/;

/** \a to \r, in the order of their codes from 7 on. */
const LETTERS = "abtnvfr";
const FIRST = 7;

/** True if strings can be quoted with that character. */
export function canQuote(quote: ByteString): boolean {
  return /^[ -~]$/.test(quote) && !TAKEN.test(quote);
}

/** The string with its escapes, but without quotes around it. `quote` is the character to escape, if there is any. */
export function escaped(text: ByteString, quote: ByteString): ByteString {
  const safe = text.replace(/[^ -~]|\\/g, escapeOf);
  // No escape has a character in it that may be a quote.
  return quote === "" ? safe : safe.replaceAll(quote, `\\${quote}`);
}

function escapeOf(char: ByteString): ByteString {
  const code = char.charCodeAt(0);
  const letter = char === "\\" ? char : LETTERS[code - FIRST];
  return letter === undefined ? `\\0x${code.toString(16).padStart(2, "0")}` : `\\${letter}`;
}

/** What a quoted string stands for, or why it is none. */
export type Unquoted =
  | { readonly text: ByteString; /** Where the closing quote stands. */ readonly end: number }
  | { readonly fault: "no opening" | "no closing" | "empty" }
  | Bad;

interface Bad {
  readonly fault: "bad";
  /** Where it goes wrong. */
  readonly at: number;
  readonly reason: string;
}

const BAD_QUOTE = "Invalid argument";
const BAD_ESCAPE = "Protocol error";
const CUT_SHORT = "Broken pipe";

/** Reads a quoted string; without characters that may be quotes it is one that is only escaped. */
export function unquoted(text: ByteString, quotes: ByteString): Unquoted {
  if (quotes !== "" && text === "") return { fault: "empty" };
  if (quotes !== "" && !quotes.includes(text[0]!)) return { fault: "no opening" };
  const start = quotes === "" ? 0 : 1;
  if (TAKEN.test(quotes)) return { fault: "bad", at: start, reason: BAD_QUOTE };
  let result = "";
  for (let at = start; at < text.length;) {
    const char = text[at]!;
    if (quotes.includes(char)) return { text: result, end: at };
    if (char !== "\\") {
      result += char;
      at++;
      continue;
    }
    const escape = escapeAt(text, at);
    if ("fault" in escape) return escape;
    result += escape.char;
    at = escape.end;
  }
  return quotes === "" ? { text: result, end: text.length } : { fault: "no closing" };
}

/** What the backslash at a place begins. */
function escapeAt(text: ByteString, at: number): { readonly char: ByteString; readonly end: number } | Bad {
  const char = text[at + 1];
  if (char === undefined) return { fault: "bad", at: text.length, reason: CUT_SHORT };
  const letter = LETTERS.indexOf(char);
  if (letter >= 0) return { char: String.fromCharCode(FIRST + letter), end: at + 2 };
  if (char !== "0") return { char, end: at + 2 };
  if (text[at + 2] !== "x") return { char: "\0", end: at + 2 };
  const digits = /[0-9a-f]{0,2}/y;
  digits.lastIndex = at + 3;
  const hex = digits.exec(text)![0];
  const end = at + 3 + hex.length;
  if (hex.length === 2) return { char: String.fromCharCode(parseInt(hex, 16)), end };
  return { fault: "bad", at: end, reason: end < text.length ? BAD_ESCAPE : CUT_SHORT };
}
