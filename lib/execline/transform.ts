// What happens to a value before it is substituted: crunch, chomp, split, in this order. Follows skarnet.org's
// el_transform page; `-d ""` makes the value a sequence of netstrings.

import type { ByteString } from "../bytes.ts";
import { EXIT, invalid } from "../report.ts";

export interface Transform {
  /** The characters that delimit words; empty for netstrings. */
  readonly delimiters: ByteString;
  /** A run of delimiters counts as its first. */
  readonly crunch: boolean;
  /** Remove one delimiter at the end. */
  readonly chomp: boolean;
  /** Into several words; else the value is one word. */
  readonly split: boolean;
}

export const DEFAULT_DELIMITERS = " \n\r\t";

/** The words a value becomes. */
export function transform(value: ByteString, how: Transform): ByteString[] {
  const isDelimiter = (char: string | undefined): boolean => char !== undefined && how.delimiters.includes(char);
  const crunched = how.crunch
    ? Array.from(value).filter((char, at) => !(isDelimiter(char) && at > 0 && isDelimiter(value[at - 1]))).join("")
    : value;
  const chomped = how.chomp && isDelimiter(crunched.at(-1));
  const clean = chomped ? crunched.slice(0, -1) : crunched;
  if (!how.split) return [clean];
  if (how.delimiters === "") return netstrings(clean);
  return splitAt(clean, isDelimiter, chomped || !how.chomp);
}

/** Each delimiter ends a word; what follows the last one is a word if it is not empty and may be unterminated. */
function splitAt(
  value: ByteString,
  isDelimiter: (char: string) => boolean,
  unterminated: boolean,
): ByteString[] {
  const words: ByteString[] = [];
  let start = 0;
  for (let at = 0; at < value.length; at++) {
    if (!isDelimiter(value[at]!)) continue;
    words.push(value.slice(start, at));
    start = at + 1;
  }
  if (start < value.length && unterminated) words.push(value.slice(start));
  return words;
}

/** The words of a sequence of netstrings. */
export function netstrings(value: ByteString): ByteString[] {
  const words: ByteString[] = [];
  for (let at = 0; at < value.length;) {
    const length = /^[0-9]+(?=:)/.exec(value.slice(at, at + 20))?.[0];
    const start = at + (length?.length ?? 0) + 1;
    const end = start + Number(length);
    if (length === undefined || value[end] !== ",") {
      throw invalid("unable to netstring_decode: Protocol error", EXIT.system);
    }
    words.push(value.slice(start, end));
    at = end + 1;
  }
  return words;
}

/** The words as a sequence of netstrings. */
export function toNetstrings(words: readonly ByteString[]): ByteString {
  return words.map((word) => `${word.length}:${word},`).join("");
}
