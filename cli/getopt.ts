// Command lines as the skarnet programs parse them: single letters, combinable, a value attached or in the next word,
// "--" ends the options, a lone "-" is an operand, and so is the first word that does not begin with "-".

import type { ByteString } from "../lib/bytes.ts";
import { UsageError } from "../lib/report.ts";

/** Letters of an option string that take a value. */
export type ValueLetter<S extends string> = string extends S ? string
  : S extends `${infer C}${infer Rest}` ? Rest extends `:${infer More}` ? C | ValueLetter<More> : ValueLetter<Rest>
  : never;

/** Letters of an option string that stand alone. */
export type FlagLetter<S extends string> = string extends S ? string
  : S extends `${infer C}${infer Rest}` ? Rest extends `:${infer More}` ? FlagLetter<More> : C | FlagLetter<Rest>
  : never;

export interface Option {
  readonly letter: string;
  /** Empty for a letter that stands alone. */
  readonly value: ByteString;
}

export class Options<S extends string = string> {
  /** Every option as given, in order. */
  constructor(readonly list: readonly Option[]) {}

  has(letter: FlagLetter<S> | ValueLetter<S>): boolean {
    return this.list.some((option) => option.letter === letter);
  }

  /** The value of the last such option. */
  value(letter: ValueLetter<S>): ByteString | undefined {
    return this.list.findLast((option) => option.letter === letter)?.value;
  }

  /** Of these letters the one given last: how skarnet programs treat options that exclude one another. */
  last<L extends FlagLetter<S> | ValueLetter<S>>(...letters: readonly L[]): L | undefined {
    return this.list.findLast((option) => (letters as readonly string[]).includes(option.letter))?.letter as
      | L
      | undefined;
  }

  /** The value of the last such option as an unsigned decimal that fills the word. Throws UsageError. */
  number(letter: ValueLetter<S>): number | undefined {
    const value = this.value(letter);
    // What is meant for a number has no slash.
    if (value?.includes("/")) throw taken(letter, value, "a number");
    return value === undefined ? undefined : unsigned(value);
  }
}

/** An option that has taken the word behind it, which may be meant for something else, for its value. */
export function taken(letter: string, value: ByteString, wanted: string): UsageError {
  return new UsageError(
    `-${letter} has taken ${value} as its value, which is not ${wanted}: give it one, or leave it out`,
  );
}

/** An unsigned 32-bit decimal that fills the word. Throws UsageError. */
export function unsigned(word: ByteString): number {
  const number = /^[0-9]+$/.test(word) ? Number(word) : NaN;
  if (!(number <= 0xffffffff)) throw new UsageError();
  return number;
}

/** A mode: octal digits that fill the word. Throws UsageError. */
export function octal(word: ByteString): number {
  if (!/^[0-7]+$/.test(word)) throw new UsageError();
  return parseInt(word, 8) & 0o7777;
}

/** The option string of a program that has no options at all: every word is an operand, whatever it begins with. */
export const NO_OPTIONS = "-";

/**
 * Splits argument words (without argv[0]) into options and operands.
 * @throws UsageError on an unknown letter or a missing value
 */
export function parse<S extends string>(
  declared: S,
  words: readonly ByteString[],
): { options: Options<S>; args: readonly ByteString[] } {
  const { options, end } = parseOptions(declared, words, 0);
  return { options, args: end === 0 ? words : words.slice(end) };
}

/**
 * The options from a place of the words on, and where they end.
 * @throws UsageError on an unknown letter or a missing value
 */
export function parseOptions<S extends string>(
  declared: S,
  words: readonly ByteString[],
  from: number,
): { options: Options<S>; end: number } {
  if (declared === NO_OPTIONS) return { options: new Options<S>([]), end: from };
  const list: Option[] = [];
  let at = from;
  for (; at < words.length; at++) {
    const word = words[at]!;
    if (word === "--") {
      at++;
      break;
    }
    if (word.length < 2 || word[0] !== "-") break;
    for (let column = 1; column < word.length; column++) {
      const letter = word[column]!;
      const place = letter === ":" ? -1 : declared.indexOf(letter);
      if (place < 0) throw new UsageError();
      if (declared[place + 1] !== ":") {
        list.push({ letter, value: "" });
        continue;
      }
      const value = column + 1 < word.length ? word.slice(column + 1) : words[++at];
      if (value === undefined) throw new UsageError();
      list.push({ letter, value });
      break;
    }
  }
  return { options: new Options<S>(list), end: at };
}
