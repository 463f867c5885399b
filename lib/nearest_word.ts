// The word that a misspelt one is nearest to.

import type { ByteString } from "./bytes.ts";

const LONGEST = 64;
/** A word that differs in more than this share of its letters is another one. */
const LARGEST_SHARE = 1 / 3;

/** Undefined if none is near. */
export function nearestWord(given: ByteString, words: Iterable<ByteString>): ByteString | undefined {
  if (given.length > LONGEST) return undefined;
  let [found, least]: [ByteString | undefined, number] = [undefined, Infinity];
  for (const word of words) {
    const changes = distance(given, word);
    const most = Math.min(given.length - 1, Math.max(2, given.length * LARGEST_SHARE));
    if (changes < least && changes <= most) [found, least] = [word, changes];
  }
  return found;
}

/** How many letters have to be put in, left out, changed or swapped with the next to make one word of the other. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  let above = row;
  for (let at = 1; at <= one.length; at++) {
    const next = [at];
    for (let column = 1; column <= other.length; column++) {
      const changed = row[column - 1]! + (one[at - 1] === other[column - 1] ? 0 : 1);
      const isSwap = column > 1 && one[at - 1] === other[column - 2] && one[at - 2] === other[column - 1];
      const swapped = isSwap ? above[column - 2]! + 1 : Infinity;
      next.push(Math.min(changed, swapped, row[column]! + 1, next[column - 1]! + 1));
    }
    [above, row] = [row, next];
  }
  return row[other.length]!;
}
