// What a subcommand of s6-overlay is: one declaration, from which its help, its documentation and the reading of its
// words derive. Options may stand before and behind operands: people add them to what they have typed.

import type { ByteString } from "../../lib/bytes.ts";
import { UsageError } from "../../lib/report.ts";
import type { Context, Sight } from "../applet.ts";
import type { Saying } from "../../lib/image/plan.ts";
import { unsigned } from "../getopt.ts";

/** The options and operands that were given. */
export class Arguments {
  constructor(
    private readonly options: ReadonlyMap<string, ByteString>,
    readonly operands: readonly ByteString[],
  ) {}

  /** @param name without dashes: "j", "watch" */
  has(name: string): boolean {
    return this.options.has(name);
  }

  value(name: string): ByteString | undefined {
    return this.options.get(name);
  }

  /** As an unsigned decimal. Throws UsageError. */
  number(name: string): number | undefined {
    const value = this.options.get(name);
    return value === undefined ? undefined : unsigned(value);
  }
}

export interface Subcommand {
  readonly name: string;
  /** The words behind its name in the usage line. */
  readonly usage: string;
  /** One line, for lists. */
  readonly summary: string;
  /**
   * Option to meaning, a phrase without a full stop. A name of one letter is given behind one dash, a longer one behind
   * two. One that takes a value names it behind a blank: "t milliseconds".
   */
  readonly options: Readonly<Record<string, string>>;
  /** Exit codes with a meaning of their own, besides 100 and 111. */
  readonly exits: Readonly<Record<string, string>>;
  /** The exit code for a wrong command line; 100 if left out. */
  readonly usageCode?: number;
  readonly notes?: readonly string[];
  /** The fewest and the most operands. */
  readonly least: number;
  readonly most: number;
  /** @returns the exit code */
  readonly run: (context: Context, given: Arguments) => number | Promise<number>;
  /** All that run does, for one that process 1 answers by itself; undefined for what takes a process of its own. */
  readonly reply?: (given: Arguments, sight: Sight) => Omit<Saying, "sends"> | undefined;
}

/** The words behind a subcommand's name. Throws UsageError. */
export function argumentsOf({ options, least, most }: Subcommand, words: readonly ByteString[]): Arguments {
  const known = new Map(Object.keys(options).map((key) => [key.split(" ")[0]!, key.includes(" ")]));
  const found = new Map<string, ByteString>();
  const operands: ByteString[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === "--") {
      return new Arguments(found, counted(operands.concat(words.slice(at + 1)), least, most));
    }
    if (word === "-" || !word.startsWith("-")) operands.push(word);
    else at += readOption(word, words[at + 1], known, found);
  }
  return new Arguments(found, counted(operands, least, most));
}

function counted(operands: readonly ByteString[], least: number, most: number): readonly ByteString[] {
  if (operands.length < least || operands.length > most) throw new UsageError();
  return operands;
}

/** @returns how many of the following words it has taken */
function readOption(
  word: ByteString,
  next: ByteString | undefined,
  known: ReadonlyMap<string, boolean>,
  found: Map<string, ByteString>,
): number {
  if (word.startsWith("--")) {
    const [, name = "", value] = /^--([^=]*)(?:=([^]*))?$/.exec(word) ?? [];
    if (name.length < 2 || value !== undefined && !known.get(name)) throw new UsageError();
    return put(name, value, next, known, found);
  }
  for (let column = 1; column < word.length; column++) {
    const letter = word[column]!;
    const rest = word.slice(column + 1);
    if (known.get(letter)) return put(letter, rest === "" ? undefined : rest, next, known, found);
    put(letter, undefined, undefined, known, found);
  }
  return 0;
}

function put(
  name: string,
  value: ByteString | undefined,
  next: ByteString | undefined,
  known: ReadonlyMap<string, boolean>,
  found: Map<string, ByteString>,
): number {
  const takesValue = known.get(name);
  if (takesValue === undefined) throw new UsageError();
  if (!takesValue || value !== undefined) {
    found.set(name, value ?? "");
    return 0;
  }
  if (next === undefined) throw new UsageError();
  found.set(name, next);
  return 1;
}
