// Random texts from a grammar that is data. A rule is a list of alternatives, each a line of tokens:
//   word          itself, in a random spelling; <terminal> in it is replaced
//   <rule>        an alternative of the rule
//   <rule!tag>    none with that tag, in it and below, until <rule+tag>
//   { }           a block; as it is run aside, nothing in it is tagged "last"
//   {+ }          a block that takes the place of the program
//   @tag          says what the alternative does, so that it can be forbidden
//   3*            makes the alternative three times as likely

import type { ByteString } from "../../lib/bytes.ts";
import type { Random } from "../random/random.ts";
import { type Part, write } from "./parts.ts";
import { quotedText } from "./quoting.ts";

/** A terminal: what it may stand for, or a function that makes it up. */
export type Terminal = readonly ByteString[] | ((random: Random) => ByteString);

/** Between two words, now and then. */
const SPACES = ["\n", "\t", "  ", "\r\n ", ' # } { " \\\n', "\n#\n", " \\\n "];

interface Reference {
  readonly rule: string;
  readonly forbid: readonly string[];
  readonly allow: readonly string[];
}

interface Line {
  readonly weight: number;
  readonly tags: readonly string[];
  readonly tokens: readonly (string | Reference)[];
  /** It mentions its own rule. */
  readonly isRecursive: boolean;
}

/** How much may still grow, and what must not. */
interface Limits {
  readonly random: Random;
  readonly depth: number;
  readonly forbidden: ReadonlySet<string>;
}

export class Grammar {
  private readonly rules: ReadonlyMap<string, readonly Line[]>;

  constructor(
    rules: Readonly<Record<string, readonly string[]>>,
    private readonly terminals: Readonly<Record<string, Terminal>>,
  ) {
    this.rules = new Map(
      Object.entries(rules).map(([name, lines]) => [name, lines.map((line) => readLine(name, line, rules))]),
    );
  }

  /** Something of this rule, without what has one of these tags. Rules mention themselves `depth` times at most. */
  grow(rule: string, depth: number, random: Random, forbidden: readonly string[] = []): Part[] {
    return this.growRule(rule, { random, depth, forbidden: new Set(forbidden) });
  }

  private growRule(rule: string, limits: Limits): Part[] {
    const lines = this.rules.get(rule)!;
    const choices = lines.filter(({ isRecursive, tags }) =>
      (limits.depth > 0 || !isRecursive) && tags.every((tag) => !limits.forbidden.has(tag))
    );
    const { tokens } = limits.random.pick(choices.flatMap((line) => Array<Line>(line.weight).fill(line)));
    const depth = lines.some(({ isRecursive }) => isRecursive) ? limits.depth - 1 : limits.depth;
    return this.growTokens(tokens[Symbol.iterator](), { ...limits, depth });
  }

  /** The tokens up to the end of the block. */
  private growTokens(tokens: Iterator<string | Reference>, limits: Limits): Part[] {
    const parts: Part[] = [];
    for (let next = tokens.next(); !next.done && next.value !== "}"; next = tokens.next()) {
      const token = next.value;
      if (typeof token !== "string") {
        parts.push(...this.growRule(token.rule, { ...limits, forbidden: changed(limits.forbidden, token) }));
      } else if (token === "{" || token === "{+") {
        const forbidden = token === "{" ? limits.forbidden.union(new Set(["last"])) : limits.forbidden;
        const depth = limits.random.below(limits.depth + 1);
        parts.push({ before: space(limits.random), parts: this.growTokens(tokens, { ...limits, depth, forbidden }) });
      } else parts.push({ before: space(limits.random), text: this.growWord(token, limits) });
    }
    return parts;
  }

  private growWord(token: string, limits: Limits): ByteString {
    const { random } = limits;
    const word = token.replace(/<([a-z]+)>/g, (_, name: string) => this.terminal(name, limits));
    const isPlain = word === token && /^[-\w]+$/.test(word);
    return isPlain && random.chance(0.95) ? word : quotedText(word, random);
  }

  /** A word for a terminal; for <script>, the text of a program. */
  private terminal(name: string, limits: Limits): ByteString {
    if (name === "script") return write(this.growRule("program", { ...limits, depth: limits.depth >> 1 }));
    const choices = this.terminals[name];
    if (choices === undefined) throw new Error(`the grammar does not say what ${name} is`);
    return typeof choices === "function" ? choices(limits.random) : limits.random.pick(choices);
  }
}

function readLine(name: string, line: string, rules: Readonly<Record<string, unknown>>): Line {
  const words = line.split(" ").filter((word) => word !== "");
  const weight = /^([0-9]+)\*$/.exec(words[0] ?? "");
  if (weight !== null) words.shift();
  const tokens = words.filter((word) => !word.startsWith("@")).map((word) => readToken(word, rules));
  return {
    weight: weight === null ? 1 : Number(weight[1]),
    tags: words.filter((word) => word.startsWith("@")).map((word) => word.slice(1)),
    tokens,
    isRecursive: tokens.some((token) => typeof token !== "string" && token.rule === name),
  };
}

function readToken(word: string, rules: Readonly<Record<string, unknown>>): string | Reference {
  const [, rule = "", changes = ""] = /^<([a-z]+)((?:[!+][a-z]+)*)>$/.exec(word) ?? [];
  if (!Object.hasOwn(rules, rule)) return word;
  const signed = (sign: string): string[] => changes.match(/[!+][a-z]+/g)?.filter((change) => change[0] === sign) ?? [];
  return {
    rule,
    forbid: signed("!").map((change) => change.slice(1)),
    allow: signed("+").map((change) => change.slice(1)),
  };
}

function changed(forbidden: ReadonlySet<string>, { forbid, allow }: Reference): ReadonlySet<string> {
  return forbidden.union(new Set(forbid)).difference(new Set(allow));
}

function space(random: Random): ByteString {
  return random.chance(0.9) ? " " : random.pick(SPACES);
}
