// The options and operands of a call whose words are known without running the script.

import type { ByteString } from "../../bytes.ts";
import type { ScriptWord } from "./script_text.ts";

interface LiteralOptions {
  /** The value of each option that was given; of one without a value the word that it stands in. */
  readonly values: ReadonlyMap<string, ScriptWord>;
  /** What stands behind the options. */
  readonly operands: readonly ScriptWord[];
}

/**
 * Reads the words as getopt does.
 * @param options the letters, a colon behind those that take a value
 * @returns undefined where it cannot be known what is an option, or where one is none of the program's
 */
export function optionsIn(words: readonly ScriptWord[], options: string): LiteralOptions | undefined {
  const values = new Map<string, ScriptWord>();
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word.literal === undefined) return undefined;
    if (word.literal === "--") return { values, operands: words.slice(at + 1) };
    if (!/^-./.test(word.literal)) return { values, operands: words.slice(at) };
    const taken = readLetters(word, words[at + 1], options, values);
    if (taken === undefined) return undefined;
    at += taken;
  }
  return { values, operands: [] };
}

/** @returns how many of the following words it has taken */
function readLetters(
  { at, literal = "" }: ScriptWord,
  next: ScriptWord | undefined,
  options: string,
  values: Map<string, ScriptWord>,
): number | undefined {
  for (let column = 1; column < literal.length; column++) {
    const letter: ByteString = literal[column]!;
    const place = letter === ":" ? -1 : options.indexOf(letter);
    if (place < 0) return undefined;
    if (options[place + 1] !== ":") {
      values.set(letter, { at, literal });
      continue;
    }
    const rest = literal.slice(column + 1);
    if (rest === "" && next === undefined) return undefined;
    values.set(letter, rest === "" ? next! : { at: at + column + 1, literal: rest });
    return rest === "" ? 1 : 0;
  }
  return 0;
}
