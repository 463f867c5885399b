// Regular expressions with back-references, which no automaton can follow: all ways to match are tried, the longest
// first, and after so many steps the search is given up. Nothing may keep a supervisor busy for long.

import type { ByteString } from "../bytes.ts";
import { EXIT, type Failure, invalid } from "../report.ts";
import type { Spans } from "./submatch.ts";
import { holdsAt, type Tree } from "./syntax.ts";

const MOST_STEPS = 1_000_000;

/** Goes on with what stands behind, from this place; true if that matches too. */
type Rest = (at: number) => boolean;

function tooComplex(): Failure {
  return invalid("regular expression is too complex for this text", EXIT.system);
}

/**
 * The leftmost match, at 0, and its groups; undefined if there is none.
 * @throws Failure 111 if the search takes too long
 */
export function searchMatch(tree: Tree, text: ByteString): Spans | undefined {
  try {
    return search(tree, text);
  } catch (error) {
    // The recursion went too deep.
    throw error instanceof RangeError ? tooComplex() : error;
  }
}

function search(tree: Tree, text: ByteString): Spans | undefined {
  const state = new Search(text);
  for (let from = 0; from <= text.length; from++) {
    let end = 0;
    if (!state.match(tree, from, (at) => ((end = at), true))) continue;
    state.spans[0] = [from, end];
    return state.spans;
  }
  return undefined;
}

class Search {
  readonly spans: Spans = [];
  private steps = 0;

  constructor(private readonly text: ByteString) {}

  match(tree: Tree, at: number, rest: Rest): boolean {
    if (++this.steps > MOST_STEPS) throw tooComplex();
    return this.try(tree, at, rest);
  }

  private try(tree: Tree, at: number, rest: Rest): boolean {
    switch (tree.kind) {
      case "set":
        return tree.set[this.text.charCodeAt(at)] === 1 && rest(at + 1);
      case "condition":
        return holdsAt(tree.holds, this.text, at) && rest(at);
      case "sequence":
        return this.sequence(tree.parts, 0, at, rest);
      case "choice":
        return tree.parts.some((part) => this.match(part, at, rest));
      case "repeat":
        return this.repeat(tree, 0, at, rest);
      case "group":
        return this.group(tree, at, rest);
      case "reference":
        return this.reference(tree.number, at, rest);
    }
  }

  private sequence(parts: readonly Tree[], index: number, at: number, rest: Rest): boolean {
    const part = parts[index];
    if (part === undefined) return rest(at);
    return this.match(part, at, (end) => this.sequence(parts, index + 1, end, rest));
  }

  private repeat(tree: Tree & { kind: "repeat" }, round: number, at: number, rest: Rest): boolean {
    const [part] = tree.parts;
    if (part.kind === "set") return this.repeatSet(part.set, tree, at, rest);
    const again = round < tree.most &&
      this.match(part, at, (end) => (end > at || round < tree.least) && this.repeat(tree, round + 1, end, rest));
    return again || (round >= tree.least && rest(at));
  }

  /** The commonest repetition, without a level of recursion for each byte. */
  private repeatSet(
    set: Uint8Array,
    { least, most }: { least: number; most: number },
    at: number,
    rest: Rest,
  ): boolean {
    let end = at;
    while (end - at < most && set[this.text.charCodeAt(end)] === 1) end++;
    for (; end - at >= least; end--) {
      this.steps++;
      if (rest(end)) return true;
    }
    return false;
  }

  private group({ parts: [part], number }: Tree & { kind: "group" }, at: number, rest: Rest): boolean {
    const before = this.spans[number];
    return this.match(part, at, (end) => {
      const inner = this.spans[number];
      this.spans[number] = [at, end];
      if (rest(end)) return true;
      this.spans[number] = inner;
      return false;
    }) || (this.spans[number] = before, false);
  }

  private reference(number: number, at: number, rest: Rest): boolean {
    const span = this.spans[number];
    if (span === undefined) return false;
    const same = this.text.slice(span[0], span[1]);
    return this.text.startsWith(same, at) && rest(at + same.length);
  }
}
