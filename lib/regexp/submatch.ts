// Which part of a match is whose: of all ways to match, POSIX takes the one in which, from left to right, each part of
// the pattern is as long as it can be, and what stands outside goes before what stands inside. It takes as long as the
// text times the pattern, times the number of groups and rounds around what is longest.

import type { ByteString } from "../bytes.ts";
import { type Meter, UNMETERED } from "../meter.ts";
import { EXIT, invalid } from "../report.ts";
import type { Automaton, TreePart } from "./automaton.ts";

/** Where the groups of a match begin and end; undefined for one that took no part. */
export type Spans = (readonly [from: number, to: number] | undefined)[];

/** The leftmost longest match, at 0, and its groups; undefined if there is none. */
export function submatches(automaton: Automaton, text: ByteString, meter: Meter = UNMETERED): Spans | undefined {
  const { whole } = automaton;
  const everywhere = new Uint8Array(text.length + 1).fill(1);
  const from = automaton.starts(whole, text, everywhere, 0, text.length).indexOf(1);
  if (from < 0) return undefined;
  const division = new Division(automaton, text, meter);
  const to = division.longest(whole, from, { from: 0, to: text.length, flags: everywhere })!;
  division.spans[0] = [from, to];
  division.divide({ part: whole, from, to });
  return division.spans;
}

/** A part, and what of the text it matches. */
interface Share {
  readonly part: TreePart;
  readonly from: number;
  readonly to: number;
}

// For each part in a row the places where it may end are kept.
const MOST_PLACES = 2 ** 27;

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

  constructor(
    private readonly automaton: Automaton,
    private readonly text: ByteString,
    private readonly meter: Meter,
  ) {}

  /** The last of the places that the part can get to from one of them. */
  longest(part: TreePart, at: number, places: Places): number | undefined {
    let found: number | undefined;
    for (const end of this.automaton.ends(part, this.text, at, places.to)) {
      if (places.flags[end - places.from] === 1) found = end;
    }
    return found;
  }

  /** The places from which the part can get to one of these. */
  private before(part: TreePart, places: Places): Places {
    const { from, to, flags } = places;
    return { from, to, flags: this.automaton.starts(part, this.text, flags, from, to) };
  }

  /** Divides what the part matches among the parts in it, and so on: with a stack, as they may nest deep. */
  divide(whole: Share): void {
    const shares = [whole];
    for (let share = shares.pop(); share !== undefined; share = shares.pop()) {
      const { part, from, to } = share;
      this.meter.steps(1 + ((to - from + part.parts.length) >> 6));
      if (!part.groups) continue;
      const { tree } = part;
      if (tree.kind === "group") this.spans[tree.number] = [from, to];
      const inner = tree.kind === "choice"
        ? this.chosen(part, from, to)
        : tree.kind === "repeat"
        ? this.lastRound(part, tree, from, to)
        : this.inTurn(part, from, to);
      for (const each of inner) if (each.part.groups) shares.push(each);
    }
  }

  private chosen(part: TreePart, from: number, to: number): Share[] {
    const end = only(to, from);
    const chosen = part.parts.find((each) => this.longest(each, from, end) === to);
    return chosen === undefined ? [] : [{ part: chosen, from, to }];
  }

  private inTurn({ parts }: TreePart, from: number, to: number): Share[] {
    if (parts.length === 1) return [{ part: parts[0]!, from, to }];
    // For each part, the last one first, the places where it may end, so that those behind it get to the end of all.
    checkPlaces(parts, from, to);
    const targets: Places[] = [only(to, from)];
    for (let index = parts.length - 1; index > 0; index--) targets.push(this.before(parts[index]!, targets.at(-1)!));
    const shares: Share[] = [];
    let at = from;
    for (const [index, part] of parts.entries()) {
      const end = this.longest(part, at, targets[parts.length - 1 - index]!)!;
      shares.push({ part, from: at, to: end });
      at = end;
    }
    return shares;
  }

  /** What is matched the last time: what groups matched in earlier rounds does not count. */
  private lastRound(
    part: TreePart,
    { least, most }: { least: number; most: number },
    from: number,
    to: number,
  ): Share[] {
    const { parts } = part;
    const targets = this.behindEach(part, least, from, to);
    let last: Share | undefined;
    let at = from;
    for (let round = 0; most === Infinity || round < parts.length; round++) {
      // Nothing is matched again only where the pattern asks for it, and once where there is nothing at all.
      if (at === to && round >= Math.max(least, 1)) break;
      const index = Math.min(round, parts.length - 1);
      const end = this.longest(parts[index]!, at, targets[parts.length - 1 - index]!);
      if (end === undefined) break;
      last = { part: parts[index]!, from: at, to: end };
      at = end;
    }
    return last === undefined ? [] : [last];
  }

  /** For each time round, the last one first, the places where it may end. */
  private behindEach(part: TreePart, least: number, from: number, to: number): Places[] {
    const { parts } = part;
    checkPlaces(parts, from, to);
    const end = only(to, from);
    // The last one may go round and round: what it gets to from its exit, in the whole repetition.
    const targets: Places[] = [this.before({ ...part, entry: parts.at(-1)!.exit }, end)];
    for (let index = parts.length - 1; index > 0; index--) {
      const before = this.before(parts[index]!, targets.at(-1)!);
      // What need not match may also be left out.
      if (index >= least) before.flags[to - from] = 1;
      targets.push(before);
    }
    return targets;
  }
}

/** @throws Failure 111 */
function checkPlaces(parts: readonly TreePart[], from: number, to: number): void {
  if (parts.length * (to - from + 1) > MOST_PLACES) {
    throw invalid("regular expression is too complex for this text", EXIT.system);
  }
}
