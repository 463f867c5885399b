// Long options as the programs of s6-rc take them, beside single letters: --name, or --name=value. They end at the first
// operand, and what is wrong with them is said in the original's words.

import type { ByteString } from "../lib/bytes.ts";
import { invalid } from "../lib/report.ts";
import { type Option, Options, parse } from "./getopt.ts";

/** Names to letters; a name without a letter of its own stands for itself. */
type Names = Readonly<Record<string, string>>;

/** How the words of a program with long options are read, and the names, for its help. */
export interface LongOptions {
  readonly names: Names;
  readonly parse: <S extends string>(
    declared: S,
    words: readonly ByteString[],
  ) => { options: Options<S>; args: readonly ByteString[] };
}

export function longOptions(names: Names): LongOptions {
  return { names, parse: (declared, words) => parseLong(declared, names, words) };
}

/**
 * Splits argument words into options and operands.
 * @throws Failure with code 100 on an unknown option; UsageError on a missing value
 */
function parseLong<S extends string>(
  declared: S,
  names: Names,
  words: readonly ByteString[],
): { options: Options<S>; args: readonly ByteString[] } {
  const list: Option[] = [];
  let at = 0;
  for (; at < words.length; at++) {
    const word = words[at]!;
    if (word === "--") return { options: new Options<S>(list), args: words.slice(at + 1) };
    if (word.length < 2 || !word.startsWith("-")) break;
    if (word.startsWith("--")) {
      list.push(longOption(declared, names, word));
      continue;
    }
    requireLetters(declared, word);
    // Its letters, and the next word if the last of them wants it for its value.
    const takesNext = wantsNext(declared, word);
    for (const option of parse(declared, words.slice(at, at + (takesNext ? 2 : 1))).options.list) list.push(option);
    if (takesNext) at++;
  }
  return { options: new Options<S>(list), args: at === 0 ? words : words.slice(at) };
}

function longOption(declared: string, names: Names, word: ByteString): Option {
  const equals = word.indexOf("=");
  const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
  if (name === "") throw invalid(`invalid option: ${word}`);
  const letter = Object.hasOwn(names, name) ? names[name]! : undefined;
  if (letter === undefined || takesValue(declared, letter) !== equals >= 0) {
    throw invalid(`unrecognized ${equals < 0 ? "boolean option" : "option with argument"}: ${word}`);
  }
  return { letter, value: equals < 0 ? "" : word.slice(equals + 1) };
}

function requireLetters(declared: string, word: ByteString): void {
  for (const letter of word.slice(1)) {
    if (letter === ":" || !declared.includes(letter)) throw invalid(`unrecognized short option: ${letter}`);
    if (takesValue(declared, letter)) return;
  }
}

function wantsNext(declared: string, word: ByteString): boolean {
  const first = [...word].findIndex((letter, index) => index > 0 && takesValue(declared, letter));
  return first === word.length - 1;
}

function takesValue(declared: string, letter: string): boolean {
  return letter.length === 1 && declared[declared.indexOf(letter) + 1] === ":" && declared.includes(letter);
}
