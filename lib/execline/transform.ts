// What happens to a value before it is substituted: crunch, chomp, split, in this order. Follows skarnet.org's
// el_transform page; `-d ""` makes the value a sequence of netstrings.

import type { ByteString } from "../bytes.ts";
import { Budget } from "../image/budget.ts";
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

/**
 * The words a value becomes.
 * @throws Failure 111 if they are to be netstrings, and the value is none
 */
export function transform(value: ByteString, how: Transform, budget: Budget = Budget.unlimited): ByteString[] {
  budget.word(value.length);
  budget.steps(value.length >> 6);
  const isDelimiter = flagsOf(how.delimiters);
  const crunched = how.crunch ? withoutRuns(value, isDelimiter) : value;
  const chomped = how.chomp && crunched !== "" && isDelimiter[crunched.charCodeAt(crunched.length - 1)] === 1;
  const clean = chomped ? crunched.slice(0, -1) : crunched;
  if (!how.split) return [clean];
  if (how.delimiters === "") return netstrings(clean, budget);
  return splitAt(clean, isDelimiter, chomped || !how.chomp, budget);
}

/** A flag for each byte: 1 for those in the text. */
export function flagsOf(text: ByteString): Uint8Array {
  const flags = new Uint8Array(256);
  for (let at = 0; at < text.length; at++) flags[text.charCodeAt(at)] = 1;
  return flags;
}

/** Of delimiters in a row only the first. */
function withoutRuns(value: ByteString, isDelimiter: Uint8Array): ByteString {
  let kept = "";
  let start = 0;
  for (let at = 1; at < value.length; at++) {
    if (isDelimiter[value.charCodeAt(at)] === 0 || isDelimiter[value.charCodeAt(at - 1)] === 0) continue;
    if (start < at) kept += value.slice(start, at);
    start = at + 1;
  }
  return kept + value.slice(start);
}

/** Each delimiter ends a word; what follows the last one is a word if it is not empty and may be unterminated. */
function splitAt(value: ByteString, isDelimiter: Uint8Array, unterminated: boolean, budget: Budget): ByteString[] {
  const words: ByteString[] = [];
  let start = 0;
  for (let at = 0; at < value.length; at++) {
    if (isDelimiter[value.charCodeAt(at)] === 0) continue;
    budget.words(words.push(value.slice(start, at)));
    start = at + 1;
  }
  if (start < value.length && unterminated) words.push(value.slice(start));
  return words;
}

/** The words of a sequence of netstrings. */
export function netstrings(value: ByteString, budget: Budget = Budget.unlimited): ByteString[] {
  const words: ByteString[] = [];
  for (let at = 0; at < value.length;) {
    const length = /^[0-9]+(?=:)/.exec(value.slice(at, at + 20))?.[0];
    const start = at + (length?.length ?? 0) + 1;
    const end = start + Number(length);
    if (length === undefined || value[end] !== ",") {
      throw invalid("unable to netstring_decode: Protocol error", EXIT.system);
    }
    budget.words(words.push(value.slice(start, end)));
    at = end + 1;
  }
  return words;
}

/** The words as a sequence of netstrings. */
export function toNetstrings(words: readonly ByteString[]): ByteString {
  return words.map((word) => `${word.length}:${word},`).join("");
}
