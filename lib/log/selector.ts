// Which lines a script's groups act on. All expressions of the script run over a batch together, and what a line comes
// to is a verdict: which groups act on it. There are few verdicts, so each is worked out once.
// Follows s6-log(8), selection: the state of a line is carried from group to group.

import { byteString } from "../bytes.ts";
import { BadPattern } from "../regexp/bracket.ts";
import { LineMatcher, type Match } from "../regexp/line_matcher.ts";
import { refersBack } from "../regexp/pattern.ts";
import { searchMatch } from "../regexp/backtrack.ts";
import type { Tree } from "../regexp/syntax.ts";
import { Failure, invalid } from "../report.ts";
import type { Group, Selection } from "./directive.ts";
import { type Bytes, LineEnds } from "./lines.ts";

/** Tells of each line of a batch, by its number, whether a group acts on it; undefined is every line. */
export type Selected = ((line: number) => boolean) | undefined;

/** A rule's expression is its place among all expressions; -1 matches every line. */
type Rule = { readonly take: boolean; readonly expression: number } | "rest";

export class Selector {
  private readonly rules: readonly (readonly Rule[])[];
  private readonly trees: Tree[] = [];
  /** Of each verdict, for each group, whether it acts. */
  private readonly verdicts: boolean[][] = [];
  private readonly judgement: ((lines: Bytes, ends: LineEnds) => void) | undefined;

  /** @throws Failure with exit code 100 on expressions that are too large */
  constructor(groups: readonly Group[]) {
    const acting = groups.filter(({ actions }) => actions.length > 0);
    this.rules = acting.map(({ selections }) => selections.map((selection) => this.ruleOf(selection)));
    if (this.rules.some((rules) => rules.length > 0)) this.judgement = this.judgementOf();
  }

  /** Finds the lines of a batch and tells, for each group, the ones it acts on. */
  select(lines: Bytes, ends: LineEnds): Selected[] {
    if (this.judgement === undefined) return this.rules.map(() => undefined);
    this.judgement(lines, ends);
    return this.rules.map((_, group) => {
      const acts = this.verdicts.map((verdict) => verdict[group]!);
      return acts.includes(false) ? (line) => acts[ends.verdict(line)]! : undefined;
    });
  }

  private ruleOf(selection: Selection): Rule {
    if (selection.select === "rest") return "rest";
    const { select, expression } = selection;
    return { take: select === "take", expression: expression === undefined ? -1 : this.trees.push(expression) - 1 };
  }

  private judgementOf(): (lines: Bytes, ends: LineEnds) => void {
    if (this.trees.some(refersBack)) return (lines, ends) => this.lineByLine(lines, ends);
    const matcher = this.matcher();
    return (lines, ends) => {
      ends.clear();
      matcher.read(lines, ends);
    };
  }

  private matcher(): LineMatcher {
    try {
      return new LineMatcher(this.trees, (matches) => this.judge(matches));
    } catch (error) {
      throw error instanceof BadPattern ? invalid("the regular expressions of the script are too large") : error;
    }
  }

  /** No automaton can follow back-references: with one in the script, each expression searches each line. */
  private lineByLine(lines: Bytes, ends: LineEnds): void {
    ends.read(lines);
    for (let line = 0; line < ends.count; line++) {
      const text = byteString(lines.subarray(ends.after(line - 1), ends.after(line) - 1));
      ends.setVerdict(line, this.judge(this.trees.map((tree) => matchesIn(tree, text)))!);
    }
  }

  /** The verdict on a line; undefined while it depends on what is still unknown. */
  private judge(matches: readonly Match[]): number | undefined {
    let [selected, acted]: [Match, Match] = [true, false];
    const acts: Match[] = [];
    for (const rules of this.rules) {
      for (const rule of rules) {
        if (rule === "rest") selected = not(acted);
        else {
          const match = rule.expression < 0 ? true : matches[rule.expression];
          selected = rule.take ? either(selected, match) : not(either(not(selected), match));
        }
      }
      acts.push(selected);
      acted = either(acted, selected);
    }
    return acts.includes(undefined) ? undefined : this.verdict(acts as boolean[]);
  }

  private verdict(acts: boolean[]): number {
    const known = this.verdicts.findIndex((verdict) => verdict.every((act, group) => act === acts[group]));
    return known >= 0 ? known : this.verdicts.push(acts) - 1;
  }
}

function either(one: Match, other: Match): Match {
  if (one === true || other === true) return true;
  return one === undefined || other === undefined ? undefined : false;
}

function not(match: Match): Match {
  return match === undefined ? undefined : !match;
}

/** A search that takes too long is given up, and has found nothing: a line must not hold the logger up. */
function matchesIn(tree: Tree, text: string): boolean {
  try {
    return searchMatch(tree, text) !== undefined;
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}
