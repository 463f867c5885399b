// Bracket expressions, [a-z], [!x], [[:digit:]], which shell patterns and POSIX regular expressions share, as sets of
// JavaScript regular expressions.

import type { ByteString } from "../bytes.ts";

const CLASSES: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  blank: " \\t",
  cntrl: "\\x00-\\x1f\\x7f",
  digit: "0-9",
  graph: "!-~",
  lower: "a-z",
  print: " -~",
  punct: "!-\\/:-@\\[-`{-~",
  space: "\\s",
  upper: "A-Z",
  xdigit: "0-9A-Fa-f",
};

/** The set that a "[" opens, as a regular expression; undefined if nothing closes it. */
export function bracketAt(
  pattern: ByteString,
  at: number,
  escape: boolean,
): { source: string; end: number } | undefined {
  const negated = pattern[at + 1] === "!" || pattern[at + 1] === "^";
  let set = "";
  const first = at + (negated ? 2 : 1);
  for (let here = first; here < pattern.length;) {
    const char = pattern[here]!;
    if (char === "]" && here > first) return { source: `[${negated ? "^" : ""}${set}]`, end: here + 1 };
    const named = /^\[:([a-z]+):\]/.exec(pattern.slice(here));
    if (named !== null && CLASSES[named[1]!] !== undefined) {
      set += CLASSES[named[1]!];
      here += named[0].length;
    } else if (char === "-" && here > first && pattern[here + 1] !== "]") {
      set += "-";
      here++;
    } else if (char === "\\" && escape && here + 1 < pattern.length) {
      set += literalSource(pattern[here + 1]!);
      here += 2;
    } else {
      set += literalSource(char);
      here++;
    }
  }
  return undefined;
}

/** A character as a regular expression. */
export function literalSource(char: string): string {
  return /[\\^$.*+?()[\]{}|/-]/.test(char) ? `\\${char}` : char;
}
