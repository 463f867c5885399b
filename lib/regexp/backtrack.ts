// Regular expressions with back-references, which no automaton can follow: all ways to match are tried, the longest
// first, and after a number of steps the search is given up. Nothing may keep a supervisor busy for long. What is still
// to be done, and where to go back to, are lists rather than recursion: they grow with the text.

import type { ByteString } from "../bytes.ts";
import { type Meter, UNMETERED } from "../meter.ts";
import { EXIT, invalid } from "../report.ts";
import type { Spans } from "./submatch.ts";
import { holdsAt, type Tree } from "./syntax.ts";

const MOST_STEPS = 1_000_000;
type Repeat = Tree & { readonly kind: "repeat" };

/** What is to be matched from a place on, and what behind that; undefined where all has matched. */
type Goal =
  | (
    & { readonly then: Goal }
    & (
      | { readonly do: "match"; readonly tree: Tree }
      | { readonly do: "sequence"; readonly parts: readonly Tree[]; readonly index: number }
      /** The number of complete rounds; `from` is where the last of them began. */
      | { readonly do: "repeat"; readonly tree: Repeat; readonly round: number; readonly from: number }
      | { readonly do: "group"; readonly number: number; readonly from: number }
    )
  )
  | undefined;

/** Another way to go on: an alternative, one round less, one byte less. `spans` is how many changes of spans stay. */
type Choice =
  & { readonly at: number; readonly spans: number; readonly then: Goal }
  & (
    | { readonly do: "alternative"; readonly parts: readonly Tree[]; readonly index: number }
    | { readonly do: "leave" }
    | { readonly do: "shorter"; readonly least: number }
  );

/**
 * The leftmost match, at 0, and its groups; undefined if there is none.
 * @throws Failure 111 if the search takes too long
 */
export function searchMatch(tree: Tree, text: ByteString, meter: Meter = UNMETERED): Spans | undefined {
  const search = new Search(text, meter);
  for (let from = 0; from <= text.length; from++) {
    const end = search.match(tree, from);
    if (end === undefined) continue;
    search.spans[0] = [from, end];
    return search.spans;
  }
  return undefined;
}

class Search {
  readonly spans: Spans = [];
  private steps = 0;
  private readonly choices: Choice[] = [];
  /** What spans were before they were set, to be put back. */
  private readonly changes: { readonly number: number; readonly before: Spans[number] }[] = [];
  private goal: Goal;
  private at = 0;

  constructor(private readonly text: ByteString, private readonly meter: Meter) {}

  /** Where the first match that begins here ends. */
  match(tree: Tree, from: number): number | undefined {
    this.choices.length = this.changes.length = 0;
    this.goal = { do: "match", tree, then: undefined };
    this.at = from;
    while (this.goal !== undefined) {
      if (!this.pursue(this.goal) && !this.goBack()) return undefined;
    }
    return this.at;
  }

  private count(steps: number): void {
    this.steps += steps;
    this.meter.steps(steps);
    if (this.steps > MOST_STEPS) throw invalid("regular expression is too complex for this text", EXIT.system);
  }

  /** Takes one step towards the goal, which is then the next one. False if this way leads nowhere. */
  private pursue(goal: Goal & object): boolean {
    const { then } = goal;
    this.goal = then;
    switch (goal.do) {
      case "match":
        this.count(1);
        return this.begin(goal.tree, then);
      case "sequence":
        this.follow(goal.parts, goal.index, then);
        return true;
      case "repeat":
        if (this.at === goal.from && goal.round > goal.tree.least) return false;
        return this.repeat(goal.tree, goal.round, then);
      case "group":
        this.changes.push({ number: goal.number, before: this.spans[goal.number] });
        this.spans[goal.number] = [goal.from, this.at];
        return true;
    }
  }

  private begin(tree: Tree, then: Goal): boolean {
    switch (tree.kind) {
      case "set":
        if (tree.set[this.text.charCodeAt(this.at)] !== 1) return false;
        this.at++;
        return true;
      case "condition":
        return holdsAt(tree.holds, this.text, this.at);
      case "sequence":
        this.follow(tree.parts, 0, then);
        return true;
      case "choice":
        return this.choose(tree.parts, 0, then);
      case "repeat":
        return this.repeat(tree, 0, then);
      case "group":
        this.goal = {
          do: "match",
          tree: tree.parts[0],
          then: { do: "group", number: tree.number, from: this.at, then },
        };
        return true;
      case "reference":
        return this.refer(tree.number);
    }
  }

  private follow(parts: readonly Tree[], index: number, then: Goal): void {
    const tree = parts[index];
    if (tree !== undefined) this.goal = { do: "match", tree, then: { do: "sequence", parts, index: index + 1, then } };
  }

  private choose(parts: readonly Tree[], index: number, then: Goal): boolean {
    const tree = parts[index];
    if (tree === undefined) return false;
    if (index + 1 < parts.length) this.remember({ do: "alternative", parts, index: index + 1 }, then);
    this.goal = { do: "match", tree, then };
    return true;
  }

  private repeat(tree: Repeat, round: number, then: Goal): boolean {
    const [part] = tree.parts;
    if (part.kind === "set" && round === 0) return this.repeatSet(part.set, tree, then);
    if (round >= tree.least) {
      if (round >= tree.most) return true;
      this.remember({ do: "leave" }, then);
    }
    this.goal = { do: "match", tree: part, then: { do: "repeat", tree, round: round + 1, from: this.at, then } };
    return true;
  }

  /** The commonest repetition, all at once. */
  private repeatSet(set: Uint8Array, { least, most }: Repeat, then: Goal): boolean {
    const from = this.at;
    let end = from;
    while (end - from < most && set[this.text.charCodeAt(end)] === 1) end++;
    this.count(1 + ((end - from) >> 5));
    return this.shorten(end, from + least, then);
  }

  /** Goes on from this place, and later from those before it, down to the least. */
  private shorten(end: number, least: number, then: Goal): boolean {
    if (end < least) return false;
    this.at = end;
    if (end > least) this.remember({ do: "shorter", least }, then);
    return true;
  }

  private refer(number: number): boolean {
    const span = this.spans[number];
    if (span === undefined) return false;
    const same = this.text.slice(span[0], span[1]);
    this.count(same.length >> 5);
    if (!this.text.startsWith(same, this.at)) return false;
    this.at += same.length;
    return true;
  }

  private remember(
    way: { do: "alternative"; parts: readonly Tree[]; index: number } | { do: "leave" } | {
      do: "shorter";
      least: number;
    },
    then: Goal,
  ): void {
    this.choices.push({ ...way, at: this.at, spans: this.changes.length, then });
  }

  /** Takes up the last choice there was. False if there is none. */
  private goBack(): boolean {
    for (let choice = this.choices.pop(); choice !== undefined; choice = this.choices.pop()) {
      while (this.changes.length > choice.spans) {
        const { number, before } = this.changes.pop()!;
        this.spans[number] = before;
      }
      this.at = choice.at;
      this.goal = choice.then;
      if (choice.do === "leave") return true;
      if (choice.do === "alternative") return this.choose(choice.parts, choice.index, choice.then);
      this.count(1);
      if (this.shorten(choice.at - 1, choice.least, choice.then)) return true;
    }
    // What was set on ways that led nowhere counts for nothing.
    for (const { number, before } of this.changes.splice(0).reverse()) this.spans[number] = before;
    return false;
  }
}
