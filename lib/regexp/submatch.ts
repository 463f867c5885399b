// Which part of a match is whose: of all ways to match, POSIX takes the one in which, from left to right, each part of
// the pattern is as long as it can be, and what stands outside goes before what stands inside.

import type { ByteString } from "../bytes.ts";
import type { Automaton, Part } from "./automaton.ts";

/** Where the groups of a match begin and end; undefined for one that took no part. */
export type Spans = (readonly [from: number, to: number] | undefined)[];

/** The leftmost longest match, at 0, and its groups; undefined if there is none. */
export function submatches(automaton: Automaton, text: ByteString): Spans | undefined {
  const { whole } = automaton;
  const everywhere = new Uint8Array(text.length + 1).fill(1);
  const from = automaton.starts(whole, text, everywhere, 0, text.length).indexOf(1);
  if (from < 0) return undefined;
  const division = new Division(automaton, text);
  const to = division.longest(whole, from, { from: 0, to: text.length, flags: everywhere })!;
  division.spans[0] = [from, to];
  division.divide(whole, from, to);
  return division.spans;
}

/** Some of the places between two, both included. */
interface Places {
  readonly from: number;
  readonly to: number;
  readonly flags: Uint8Array;
}

function only(to: number, from: number): Places {
  const flags = new Uint8Array(to - from + 1);
  flags[to - from] = 1;
  return { from, to, flags };
}

class Division {
  readonly spans: Spans = [];

  constructor(private readonly automaton: Automaton, private readonly text: ByteString) {}

  /** The last of the places that the part can get to from one of them. */
  longest(part: Part, at: number, places: Places): number | undefined {
    let found: number | undefined;
    for (const end of this.automaton.ends(part, this.text, at, places.to)) {
      if (places.flags[end - places.from] === 1) found = end;
    }
    return found;
  }

  /** The places from which the part can get to one of these. */
  private before(part: Part, places: Places): Places {
    const { from, to, flags } = places;
    return { from, to, flags: this.automaton.starts(part, this.text, flags, from, to) };
  }

  /** Divides what the part matches, from one place to the other, among the parts in it. */
  divide(part: Part, from: number, to: number): void {
    if (!part.groups) return;
    const { tree } = part;
    if (tree.kind === "group") this.spans[tree.number] = [from, to];
    if (tree.kind === "choice") this.choose(part, from, to);
    else if (tree.kind === "repeat") this.repeat(part, tree, from, to);
    else this.inTurn(part, from, to);
  }

  private choose(part: Part, from: number, to: number): void {
    const end = only(to, from);
    const chosen = part.parts.find((each) => this.longest(each, from, end) === to);
    if (chosen !== undefined) this.divide(chosen, from, to);
  }

  private inTurn({ parts }: Part, from: number, to: number): void {
    // For each part the places where it may end, so that those behind it get to the end of all.
    const targets: Places[] = [only(to, from)];
    for (const part of parts.slice(1).reverse()) targets.unshift(this.before(part, targets[0]!));
    let at = from;
    for (const [index, part] of parts.entries()) {
      const end = this.longest(part, at, targets[index]!)!;
      this.divide(part, at, end);
      at = end;
    }
  }

  private repeat(part: Part, { least, most }: { least: number; most: number }, from: number, to: number): void {
    const { parts } = part;
    const targets = this.behindEach(part, least, from, to);
    let at = from;
    for (let round = 0; most === Infinity || round < parts.length; round++) {
      // Nothing is matched again only where the pattern asks for it, and once where there is nothing at all.
      if (at === to && round >= Math.max(least, 1)) return;
      const index = Math.min(round, parts.length - 1);
      const end = this.longest(parts[index]!, at, targets[index]!);
      if (end === undefined) return;
      this.forget(parts[index]!);
      this.divide(parts[index]!, at, end);
      at = end;
    }
  }

  /** For each time round the places where it may end. */
  private behindEach(part: Part, least: number, from: number, to: number): Places[] {
    const { parts } = part;
    const end = only(to, from);
    // The last one may go round and round: what it gets to from its exit, in the whole repetition.
    const targets: Places[] = [this.before({ ...part, entry: parts.at(-1)!.exit }, end)];
    for (let index = parts.length - 1; index > 0; index--) {
      const before = this.before(parts[index]!, targets[0]!);
      // What need not match may also be left out.
      if (index >= least) before.flags[to - from] = 1;
      targets.unshift(before);
    }
    return targets;
  }

  /** What a group matched in an earlier round does not count. */
  private forget(part: Part): void {
    if (part.tree.kind === "group") this.spans[part.tree.number] = undefined;
    for (const each of part.parts) if (each.groups) this.forget(each);
  }
}
