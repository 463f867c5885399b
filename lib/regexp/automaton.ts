// Trees of regular expressions as automata, run over a text in time proportional to its length times theirs: whatever
// the pattern, nothing blows up. Each part of the tree owns a range of states, so that a part can be run on its own.

import type { ByteString } from "../bytes.ts";
import { type Meter, UNMETERED } from "../meter.ts";
import { BadPattern, type ByteSet, TooLarge } from "./bracket.ts";
import { type Assertion, holdsAt, type Neighbour, type Tree } from "./syntax.ts";

/** A part of the tree as states: what leads from `entry` to `exit` lies between `low` and `high`. */
export interface TreePart {
  readonly tree: Tree;
  readonly entry: number;
  readonly exit: number;
  readonly low: number;
  readonly high: number;
  /** Of a repetition one for each time it may have to match, the last of them being what repeats without limit. */
  readonly parts: readonly TreePart[];
  /** There are groups in it. */
  readonly groups: boolean;
}

// As many as take some tens of MB. Copies of what is repeated are most of them.
const MOST_STATES = 500_000;

const STEPS_OF_STATE = 5;

/** A part that is being made. */
interface Draft {
  readonly tree: Tree;
  readonly entry: number;
  readonly parts: TreePart[];
}

export class Automaton {
  readonly whole: TreePart;
  /** What a state lets through: a byte of the set, nothing if a condition holds, nothing at all. */
  private readonly sets: (ByteSet | undefined)[] = [];
  private readonly conditions: (Assertion | undefined)[] = [];
  private readonly next: number[][] = [];
  private readonly previous: number[][] = [];

  /**
   * @param meter counts the states as they are made, and those that texts go through
   * @throws TooLarge, or BadPattern if there are back-references, which no automaton can follow
   */
  constructor(tree: Tree, private readonly meter: Meter = UNMETERED) {
    this.whole = this.partOf(tree);
  }

  private state(set?: ByteSet, condition?: Assertion): number {
    if (this.next.length >= MOST_STATES) throw new TooLarge();
    this.meter.steps(STEPS_OF_STATE);
    this.sets.push(set);
    this.conditions.push(condition);
    this.previous.push([]);
    return this.next.push([]) - 1;
  }

  private edge(from: number, to: number): void {
    this.next[from]!.push(to);
    this.previous[to]!.push(from);
  }

  /** With a stack rather than recursion: a tree may be as deep as the expression is long. */
  private partOf(tree: Tree): TreePart {
    const drafts: Draft[] = [this.draft(tree)];
    for (;;) {
      const draft = drafts.at(-1)!;
      const inner = innerOf(draft.tree, draft.parts.length);
      if (inner !== undefined) {
        drafts.push(this.draft(inner));
        continue;
      }
      const part = this.finish(draft);
      drafts.pop();
      if (drafts.length === 0) return part;
      drafts.at(-1)!.parts.push(part);
    }
  }

  private draft(tree: Tree): Draft {
    return { tree, entry: this.entryOf(tree), parts: [] };
  }

  private finish({ tree, entry, parts }: Draft): TreePart {
    const exit = this.state();
    if (tree.kind === "choice") {
      for (const part of parts) {
        this.edge(entry, part.entry);
        this.edge(part.exit, exit);
      }
    } else {
      let last = entry;
      for (const [index, part] of parts.entries()) {
        this.edge(last, part.entry);
        if (tree.kind === "repeat" && index >= tree.least) this.edge(last, exit);
        last = part.exit;
      }
      this.edge(last, exit);
      if (tree.kind === "repeat" && tree.most === Infinity) this.edge(last, parts.at(-1)!.entry);
    }
    const groups = tree.kind === "group" || parts.some(({ groups }) => groups);
    return { tree, entry, exit, low: entry, high: exit + 1, parts, groups };
  }

  private entryOf(tree: Tree): number {
    if (tree.kind === "reference") throw new BadPattern();
    if (tree.kind === "set") return this.state(tree.set);
    return this.state(undefined, tree.kind === "condition" ? tree.holds : undefined);
  }

  /** The bytes that a state lets through; undefined if it takes none. */
  setOf(state: number): ByteSet | undefined {
    return this.sets[state];
  }

  /** The states behind a state. */
  nextOf(state: number): readonly number[] {
    return this.next[state]!;
  }

  /** True if the state takes no byte and lets through between these two. */
  isFree(state: number, before: Neighbour, after: Neighbour): boolean {
    return this.sets[state] === undefined && (this.conditions[state]?.(before, after) ?? true);
  }

  private isOpen(state: number, text: ByteString, at: number): boolean {
    const holds = this.conditions[state];
    return holds === undefined || holdsAt(holds, text, at);
  }

  /** True if all of the text matches. */
  matchesAll(text: ByteString): boolean {
    for (const end of this.ends(this.whole, text, 0, text.length)) if (end === text.length) return true;
    return false;
  }

  /** True if the text matches somewhere. */
  matchesIn(text: ByteString): boolean {
    return !this.run(this.whole, text, 0, text.length, true).next().done;
  }

  /** The ends, in order, of what the part can match from a place on, up to another. */
  ends(part: TreePart, text: ByteString, from: number, to: number): Generator<number> {
    return this.run(part, text, from, to, false);
  }

  private *run(part: TreePart, text: ByteString, from: number, to: number, anywhere: boolean): Generator<number> {
    this.meter.steps((part.high - part.low) >> 6);
    let now = new StateSet(part);
    let then = new StateSet(part);
    now.add(part.entry);
    for (let at = from; at <= to && now.size > 0; at++) {
      for (let index = 0; index < now.size; index++) {
        const state = now.at(index);
        if (state === part.exit) yield at;
        else if (this.sets[state] === undefined) {
          if (this.isOpen(state, text, at)) now.addAll(this.next[state]!);
        } else if (at < to && this.sets[state]![text.charCodeAt(at)] === 1) then.addAll(this.next[state]!);
      }
      this.meter.steps(1 + (now.size >> 3));
      [now, then] = [then, now];
      then.clear();
      // A match may begin anywhere.
      if (anywhere) now.add(part.entry);
    }
  }

  /** The places between two, both included, from which the part can get to one of the targets: flags, as the targets. */
  starts(part: TreePart, text: ByteString, targets: Uint8Array, from: number, to: number): Uint8Array {
    this.meter.steps((targets.length + part.high - part.low) >> 6);
    const found = new Uint8Array(targets.length);
    let now = new StateSet(part);
    let then = new StateSet(part);
    for (let at = to; at >= from; at--) {
      if (targets[at - from] === 1) now.add(part.exit);
      for (let index = 0; index < now.size; index++) {
        const state = now.at(index);
        if (state === part.entry) found[at - from] = 1;
        for (const before of this.previous[state]!) {
          const set = this.sets[before];
          if (set !== undefined) {
            if (at > from && set[text.charCodeAt(at - 1)] === 1) then.add(before);
          } else if (this.isOpen(before, text, at)) now.add(before);
        }
      }
      this.meter.steps(1 + (now.size >> 3));
      [now, then] = [then, now];
      then.clear();
    }
    return found;
  }
}

/** What the part of that number within a tree is made of; undefined behind the last. Repetitions have copies. */
function innerOf(tree: Tree, at: number): Tree | undefined {
  if (tree.kind !== "repeat") return "parts" in tree ? tree.parts[at] : undefined;
  const copies = tree.most === Infinity ? Math.max(1, tree.least) : tree.most;
  return at < copies ? tree.parts[0] : undefined;
}

/** States of one part, each once, in the order in which they came. */
class StateSet {
  size = 0;
  private readonly order: Uint32Array;
  private readonly places: Uint32Array;

  constructor(private readonly part: TreePart) {
    this.order = new Uint32Array(part.high - part.low);
    this.places = new Uint32Array(part.high - part.low);
  }

  at(index: number): number {
    return this.order[index]! + this.part.low;
  }

  add(state: number): void {
    const local = state - this.part.low;
    // An edge may lead out of the part, into what comes behind it.
    if (local < 0 || local >= this.order.length) return;
    const place = this.places[local]!;
    if (place < this.size && this.order[place] === local) return;
    this.places[local] = this.size;
    this.order[this.size++] = local;
  }

  addAll(states: readonly number[]): void {
    for (const state of states) this.add(state);
  }

  clear(): void {
    this.size = 0;
  }
}
