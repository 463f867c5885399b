// Patterns as case and eltest have them: POSIX regular expressions, extended and basic, with the leftmost longest match,
// and patterns of the shell. On bytes, in the C locale; the time to match grows with the text and the pattern only.

import type { ByteString } from "../bytes.ts";
import { Brackets } from "../glob.ts";
import { type Meter, UNMETERED } from "../meter.ts";
import { invalid } from "../report.ts";
import { BadPattern, type ByteSet, setOf, TooLarge } from "./bracket.ts";
import { Automaton } from "./automaton.ts";
import { searchMatch } from "./backtrack.ts";
import { submatches } from "./submatch.ts";
import { folded, parseExpression, type Syntax, type Tree } from "./syntax.ts";

export interface Pattern {
  /** True if the text matches somewhere. */
  test(text: ByteString): boolean;
  /** What the groups matched, empty for those that took no part; undefined if the text does not match. */
  groups(text: ByteString): ByteString[] | undefined;
}

/** What it takes to read one character of a pattern. */
const STEPS_OF_CHAR = 2;

/**
 * A POSIX regular expression.
 * @param meter counts what it costs to make it and to match
 * @throws Failure 100 if it is none, or is too large
 */
export function regularExpression(pattern: ByteString, syntax: Syntax, meter: Meter = UNMETERED): Pattern {
  meter.steps(STEPS_OF_CHAR * pattern.length);
  try {
    return new Expression(pattern, syntax, meter);
  } catch (error) {
    if (error instanceof TooLarge) throw invalid(`regular expression is too large: ${pattern}`);
    throw error instanceof BadPattern ? invalid(`invalid regular expression ${pattern}`) : error;
  }
}

class Expression implements Pattern {
  private readonly tree: Tree;
  private readonly count: number;
  private readonly automaton: Automaton | undefined;
  private readonly ignoreCase: boolean;

  constructor(pattern: ByteString, syntax: Syntax, private readonly meter: Meter) {
    const { tree, groups } = parseExpression(pattern, syntax);
    this.tree = tree;
    this.count = groups;
    this.automaton = refersBack(tree) ? undefined : new Automaton(tree, meter);
    this.ignoreCase = syntax.ignoreCase;
  }

  test(text: ByteString): boolean {
    const known = this.ignoreCase ? folded(text) : text;
    return this.automaton?.matchesIn(known) ?? searchMatch(this.tree, known, this.meter) !== undefined;
  }

  groups(text: ByteString): ByteString[] | undefined {
    const known = this.ignoreCase ? folded(text) : text;
    const { automaton } = this;
    const spans = automaton === undefined
      ? searchMatch(this.tree, known, this.meter)
      : submatches(automaton, known, this.meter);
    return spans && Array.from({ length: this.count }, (_, at) => text.slice(...spans[at + 1] ?? [0, 0]));
  }
}

/** True if there is a back-reference in it, which no automaton can follow. */
export function refersBack(tree: Tree): boolean {
  const trees = [tree];
  for (let part = trees.pop(); part !== undefined; part = trees.pop()) {
    if (part.kind === "reference") return true;
    if ("parts" in part) { for (const each of part.parts) trees.push(each); }
  }
  return false;
}

interface ShellSyntax {
  /** A backslash takes the meaning from what follows it. */
  readonly escape: boolean;
  /** A period that begins the text, or a component of a path, is only matched by a period. */
  readonly period: boolean;
  /** A slash is only matched by a slash. */
  readonly path: boolean;
}

const SLASH = 47;

/** A pattern of the shell, against a whole text, as fnmatch(3) has it. */
export function shellPattern(
  pattern: ByteString,
  { escape, period, path }: ShellSyntax,
  meter: Meter = UNMETERED,
): Pattern {
  meter.steps(STEPS_OF_CHAR * pattern.length);
  const any = path ? setOf("//", true) : setOf("\0\xff");
  const visible: Tree = {
    kind: "condition",
    holds: (before, after) => after !== "period" || !(before === "nothing" || (path && before === "slash")),
  };
  const parts: Tree[] = [];
  const add = (set: ByteSet, guarded: boolean): void => {
    if (guarded && period) parts.push(visible);
    parts.push({ kind: "set", set });
  };
  const brackets = new Brackets(pattern, escape);
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!;
    const bracket = char === "[" ? brackets.at(at) : undefined;
    if (char === "*") {
      while (pattern[at + 1] === "*") at++;
      if (period) parts.push(visible);
      parts.push({ kind: "repeat", parts: [{ kind: "set", set: any }], least: 0, most: Infinity });
    } else if (char === "?") add(any, true);
    else if (bracket !== undefined) {
      if (path) bracket.set[SLASH] = 0;
      add(bracket.set, true);
      at = bracket.end - 1;
    } else {
      const literal = char === "\\" && escape && at + 1 < pattern.length ? pattern[++at]! : char;
      add(setOf(literal + literal), false);
    }
  }
  const automaton = new Automaton({ kind: "sequence", parts }, meter);
  return {
    test: (text) => automaton.matchesAll(text),
    groups: (text) => automaton.matchesAll(text) ? [] : undefined,
  };
}
