// Substitution: every ${key}, or $key where the name ends there, in a list of words becomes the key's value. A value is
// a list; a word that holds one of k words becomes k words, prefix and suffix included, so that the blanks by which
// blocks are quoted stay. Follows skarnet.org's el_substitute page.

import type { ByteString } from "../bytes.ts";
import { Budget } from "../image/budget.ts";
import { EXIT, invalid } from "../report.ts";

/** Values by key. All are substituted in parallel; what a value holds is not substituted again. */
export type Bindings = Pick<ReadonlyMap<ByteString, readonly ByteString[]>, "get">;

/** A literal part of a word, or the values that may stand in its place. */
type Piece = ByteString | readonly ByteString[];

/** Bindings of these keys. An empty key, or one that is there already, is refused with code 111. */
export function bind(
  pairs: Iterable<readonly [ByteString, readonly ByteString[]]>,
): ReadonlyMap<ByteString, readonly ByteString[]> {
  const bindings = new Map<ByteString, readonly ByteString[]>();
  for (const [key, values] of pairs) {
    if (key === "" || bindings.has(key)) throw invalid("bad substitution key", EXIT.system);
    bindings.set(key, values);
  }
  return bindings;
}

/**
 * The words with all keys replaced.
 * @throws Failure 126, or as the budget does, if they come to more than a command line can hold
 */
export function substitute(
  words: readonly ByteString[],
  bindings: Bindings,
  budget: Budget = Budget.unlimited,
): ByteString[] {
  const tally = new Tally(budget, words);
  // Most programs substitute in few words, if in any, and a chain has as many of them as links.
  if (!words.some((word) => word.includes("$"))) return words.slice();
  const result: ByteString[] = [];
  for (const word of words) {
    const parts = word.includes("$") ? pieces(word, bindings, budget) : undefined;
    if (parts === undefined) result.push(word);
    else if (tally.replace(word, parts)) { for (const expanded of expand(parts)) result.push(expanded); }
  }
  return result;
}

/** Counts what the words come to, before they are made. */
class Tally {
  private count: number;
  private bytes = 0;

  constructor(private readonly budget: Budget, words: readonly ByteString[]) {
    this.count = words.length;
    for (const word of words) this.bytes += word.length + 1;
    budget.steps(1 + (words.length >> 3) + (this.bytes >> 10));
  }

  /** In place of a word come all that its pieces make. False if they make none. */
  replace(word: ByteString, parts: readonly Piece[]): boolean {
    const lists = parts.filter((part) => typeof part !== "string");
    const none = lists.some(({ length }) => length === 0);
    const made = none ? 0 : lists.reduce((product, { length }) => product * length, 1);
    this.budget.words(this.count += made - 1);
    this.bytes -= word.length + 1;
    if (none) return false;
    let [each, all] = [0, made];
    for (const part of parts) {
      const size = typeof part === "string" ? part.length : part.reduce((sum, value) => sum + value.length, 0);
      all += size * (typeof part === "string" ? made : made / part.length);
      each += typeof part === "string" ? size : part.reduce((longest, value) => Math.max(longest, value.length), 0);
    }
    this.budget.word(each);
    this.budget.expansion(this.bytes += all);
    this.budget.steps(made + (all >> 8));
    return true;
  }
}

const KEYS_IN_A_STEP = 2;

/** Cuts a word at the variables that match. A value that is a single word becomes part of what stands around it. */
function pieces(word: ByteString, bindings: Bindings, budget: Budget): Piece[] {
  const found: Piece[] = [];
  let literal = "";
  let done = 0;
  let looked = 0;
  for (let dollar = word.indexOf("$"); dollar >= 0; dollar = word.indexOf("$", dollar + 1)) {
    if (dollar < done) continue;
    if (++looked % KEYS_IN_A_STEP === 0) budget.steps(1);
    const [key, end] = keyAt(word, dollar + 1);
    const value = key === undefined ? undefined : bindings.get(key);
    if (value === undefined) continue;
    const backslashes = countBackslashes(word, done, dollar);
    literal += word.slice(done, dollar - backslashes) + "\\".repeat(backslashes >> 1);
    if (backslashes % 2 === 1) literal += word.slice(dollar, end);
    else if (value.length === 1) literal += value[0];
    else {
      found.push(literal, value);
      literal = "";
    }
    done = end;
  }
  found.push(literal + word.slice(done));
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
