// Substitution: every ${key}, or $key where the name ends there, in a list of words becomes the key's value. A value is
// a list; a word that holds one of k words becomes k words, prefix and suffix included, so that the blanks by which
// blocks are quoted stay. Follows skarnet.org's el_substitute page.

import type { ByteString } from "../bytes.ts";
import { EXIT, invalid } from "../report.ts";

/** Values by key. All are substituted in parallel; what a value holds is not looked at again. */
export type Bindings = ReadonlyMap<ByteString, readonly ByteString[]>;

/** A literal part of a word, or the values that may stand in its place. */
type Piece = ByteString | readonly ByteString[];

/** Bindings of these keys. An empty key, or one that is there already, is refused with code 111. */
export function bind(pairs: Iterable<readonly [ByteString, readonly ByteString[]]>): Bindings {
  const bindings = new Map<ByteString, readonly ByteString[]>();
  for (const [key, values] of pairs) {
    if (key === "" || bindings.has(key)) throw invalid("bad substitution key", EXIT.system);
    bindings.set(key, values);
  }
  return bindings;
}

/** The words with all keys replaced. */
export function substitute(words: readonly ByteString[], bindings: Bindings): ByteString[] {
  // Most programs substitute in few words, if in any, and a chain has as many of them as links.
  if (!words.some((word) => word.includes("$"))) return [...words];
  const result: ByteString[] = [];
  for (const word of words) {
    if (!word.includes("$")) result.push(word);
    else for (const expanded of expand(pieces(word, bindings))) result.push(expanded);
  }
  return result;
}

/** Cuts a word at the variables that match. */
function pieces(word: ByteString, bindings: Bindings): Piece[] {
  const found: Piece[] = [];
  let done = 0;
  for (let dollar = word.indexOf("$"); dollar >= 0; dollar = word.indexOf("$", dollar + 1)) {
    if (dollar < done) continue;
    const [key, end] = keyAt(word, dollar + 1);
    const value = key === undefined ? undefined : bindings.get(key);
    if (value === undefined) continue;
    const backslashes = countBackslashes(word, done, dollar);
    const kept = word.slice(done, dollar - backslashes) + "\\".repeat(backslashes >> 1);
    if (backslashes % 2 === 1) found.push(kept + word.slice(dollar, end));
    else found.push(kept, value);
    done = end;
  }
  found.push(word.slice(done));
  return found;
}

/** The name behind a $ and where it ends; undefined if its braces are not closed. */
function keyAt(word: ByteString, at: number): [ByteString | undefined, number] {
  const braced = word[at] === "{";
  const start = braced ? at + 1 : at;
  let end = start;
  while (end < word.length && !"\\${}".includes(word[end]!)) end++;
  const name = word.slice(start, end);
  if (!braced) return [name, end];
  return word[end] === "}" ? [name, end + 1] : [undefined, end];
}

function countBackslashes(word: ByteString, from: number, to: number): number {
  let at = to;
  while (at > from && word[at - 1] === "\\") at--;
  return to - at;
}

/** Every word the pieces can make; the leftmost piece varies slowest. */
function expand(parts: readonly Piece[]): ByteString[] {
  let words = [""];
  for (const part of parts) {
    words = typeof part === "string"
      ? words.map((word) => word + part)
      : words.flatMap((word) => part.map((value) => word + value));
  }
  return words;
}
