// Several expressions at once over lines, as bytes, in one pass: their automata run as one whose states (sets of their
// states) are made when they are first reached and kept in a table, so that a byte costs one look into it. A line that is
// decided is left at once. The table is bounded: when it is full it is forgotten and made anew.

import { Automaton, type TreePart } from "./automaton.ts";
import { type Neighbour, neighbourOf, type Tree } from "./syntax.ts";

const NEWLINE = 10;
const BYTES = 256;
const MOST_STATES = 1024;
/** States of the automaton that all of them remember, taken together. */
const MOST_REACHED = 4_000_000;
const NEIGHBOURS: readonly Neighbour[] = ["newline", "word", "period", "slash", "other"];

/** Whether an expression matches the line: unknown while it may still do so. */
export type Match = boolean | undefined;

/**
 * What a line comes to, as a number from 0 on, by which of the expressions match; undefined while that depends on what
 * is still unknown.
 */
export type Judge = (matches: readonly Match[]) => number | undefined;

/** Where the lines of a piece end (behind the newline), and what each comes to. */
export interface Found {
  add(end: number, verdict: number): void;
}

/** What is known in the middle of a line. */
interface State {
  /** States of the automaton that the bytes so far have led to, in order. */
  readonly reached: readonly number[];
  readonly matches: readonly Match[];
  readonly before: Neighbour;
}

export class LineMatcher {
  private readonly automaton: Automaton;
  private readonly expressions: readonly TreePart[];
  /** The expression whose part a state of the automaton is. */
  private readonly owner: Uint32Array;
  /** Expressions that can only match from the beginning of a line. */
  private readonly anchored: readonly boolean[];
  /** For each byte the bytes that do the same everywhere. */
  private readonly alike: readonly (readonly number[])[];
  private readonly states: State[] = [];
  private readonly places = new Map<string, number>();
  private reached = 0;
  /**
   * For each state and byte: the place of the next state's row, or minus the verdict less one where the line is
   * decided, or 0 where no line has been yet.
   */
  private table = new Int32Array(16 * BYTES);
  private start: number;

  /** @throws BadPattern if the expressions are too large, or refer back */
  constructor(trees: readonly Tree[], private readonly judge: Judge) {
    this.automaton = new Automaton({ kind: "choice", parts: trees });
    this.expressions = this.automaton.whole.parts;
    this.owner = new Uint32Array(this.automaton.whole.high);
    this.expressions.forEach(({ low, high }, at) => this.owner.fill(at, low, high));
    this.anchored = this.expressions.map((_, at) => !this.mayBeginInside(at));
    this.alike = this.bytesAlike();
    this.start = this.begin();
  }

  /** Judges whole lines, each ended by a newline. */
  read(lines: Uint8Array, found: Found): void {
    let { table, start } = this;
    let state = start;
    for (let at = 0; at < lines.length;) {
      const byte = lines[at]!;
      const next = table[state + byte]!;
      if (next > 0) {
        state = next;
        at++;
      } else if (next < 0) {
        at = (byte === NEWLINE ? at : lines.indexOf(NEWLINE, at)) + 1;
        found.add(at, -next - 1);
        state = start;
      } else {
        state = this.learn(state, byte);
        ({ table, start } = this);
      }
    }
  }

  private begin(): number {
    const matches = this.expressions.map((): Match => undefined);
    return this.start = this.place({ reached: [], matches, before: "nothing" });
  }

  /** The place of the state's row; a new one is empty. */
  private place(state: State): number {
    const key = `${state.before} ${state.matches.join()} ${state.reached.join()}`;
    const known = this.places.get(key);
    if (known !== undefined) return known;
    this.states.push(state);
    this.reached += state.reached.length;
    // The first row stays empty, as 0 is not a place.
    const place = this.states.length * BYTES;
    if (place + BYTES > this.table.length) {
      const larger = new Int32Array(2 * this.table.length);
      larger.set(this.table);
      this.table = larger;
    }
    this.places.set(key, place);
    return place;
  }

  /** Fills in what a byte leads to from a state. Returns the place of that state, as the table may be a new one. */
  private learn(place: number, byte: number): number {
    const state = this.states[place / BYTES - 1]!;
    let from = place;
    if (this.states.length >= MOST_STATES || this.reached > MOST_REACHED) {
      this.reached = 0;
      this.states.length = 0;
      this.places.clear();
      this.table.fill(0);
      this.begin();
      from = this.place(state);
    }
    const entry = this.entry(state, byte);
    for (const each of this.alike[byte]!) this.table[from + each] = entry;
    return from;
  }

  private entry(state: State, byte: number): number {
    const isEnd = byte === NEWLINE;
    const after = isEnd ? "nothing" : neighbourOf(byte);
    const here = this.closure(state, after);
    const matches = state.matches.map((match, at) => here.has(this.expressions[at]!.exit) ? true : match);
    const decided = this.judge(isEnd ? matches.map((match) => match ?? false) : matches);
    if (decided !== undefined) return -1 - decided;
    if (isEnd) throw new Error("a line has come to nothing");
    return this.step(here, matches, byte, after);
  }

  private step(here: ReadonlySet<number>, matches: readonly Match[], byte: number, before: Neighbour): number {
    const reached = new Set<number>();
    for (const state of here) {
      if (matches[this.owner[state]!] !== undefined || this.automaton.setOf(state)?.[byte] !== 1) continue;
      for (const next of this.automaton.nextOf(state)) reached.add(next);
    }
    const alive = new Set([...reached].map((state) => this.owner[state]));
    const open = matches.map((match, at) => match === undefined && this.anchored[at] && !alive.has(at) ? false : match);
    const decided = this.judge(open);
    if (decided !== undefined) return -1 - decided;
    return this.place({ reached: [...reached].sort((a, b) => a - b), matches: open, before });
  }

  /** All states that are reached without a byte, those of a match that begins here among them. */
  private closure({ reached, matches, before }: State, after: Neighbour): Set<number> {
    const begun = this.expressions.filter((_, at) => matches[at] === undefined).map(({ entry }) => entry);
    return this.follow([...reached, ...begun], before, after);
  }

  private follow(from: readonly number[], before: Neighbour, after: Neighbour): Set<number> {
    const found = new Set(from);
    for (const state of found) {
      if (!this.automaton.isFree(state, before, after)) continue;
      for (const next of this.automaton.nextOf(state)) found.add(next);
    }
    return found;
  }

  /** True if a match of the expression may begin behind the first byte of a line. */
  private mayBeginInside(at: number): boolean {
    const { entry, exit } = this.expressions[at]!;
    return NEIGHBOURS.some((before) =>
      ["nothing" as const, ...NEIGHBOURS].some((after) => {
        const found = [...this.follow([entry], before, after)];
        return found.some((state) => state === exit || this.automaton.setOf(state) !== undefined);
      })
    );
  }

  private bytesAlike(): number[][] {
    const sets = [...new Set(Array.from(this.owner.keys(), (state) => this.automaton.setOf(state)))];
    const groups = new Map<string, number[]>();
    const alike: number[][] = [];
    for (let byte = 0; byte < BYTES; byte++) {
      const key = neighbourOf(byte) + sets.map((set) => set?.[byte] ?? "").join("");
      const group = groups.get(key) ?? [];
      group.push(byte);
      groups.set(key, group);
      alike.push(group);
    }
    return alike;
  }
}
