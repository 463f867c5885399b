// elglob: file names that match a pattern are written into the command line. After execline 2.9, options of 2.9.6 too.

import { toNetstrings } from "../../lib/execline/transform.ts";
import { glob } from "../../lib/glob.ts";
import { textOf } from "../../lib/report.ts";
import type { Applet } from "../applet.ts";
import { type Directive, directive, substitution } from "./substitute.ts";

export const elglobDirective: Directive = directive({
  name: "elglob",
  usage: "[ -v ] [ -w ] [ -s ] [ -m ] [ -e ] [ -0 ] [ -n ] [ -d delim ] key pattern prog...",
  summary: "substitute the names of files that match a pattern for a key in the command line",
  help: {
    v: "tell what cannot be read",
    w: "exit if something cannot be read",
    s: "sort the names",
    m: "put a slash behind the names of directories",
    e: "a backslash in the pattern stands for itself",
    0: "where nothing matches there are no words, not the pattern",
    n: "with -d, none behind the last name",
    d: "make one word of all names, separated by this character",
  },
  options: "vwsme0nd:",
  least: 2,
  reads: true,
  find: (_image, options, { words: all, at }, view) => {
    const [key = "", pattern = ""] = [all[at], all[at + 1]];
    const onError = (_: string, error: unknown): void => {
      if (options.has("w")) throw error;
      if (options.has("v")) view.warn(textOf(error));
    };
    const found = glob(view, pattern, {
      sort: options.has("s"),
      mark: options.has("m"),
      literalBackslash: options.has("e"),
      onError,
      meter: view.budget,
    });
    const words = found.length > 0 || options.has("0") ? found : [unmatched(pattern)];
    const delimiter = options.value("d");
    return {
      bindings: [[key, delimiter === undefined ? words : [joined(words, delimiter, options.has("n"))]]],
      end: at + 2,
    };
  },
});

/** What stands for a pattern that nothing matches: the pattern itself but, glibc being so, for a slash at its end. */
function unmatched(pattern: string): string {
  return pattern.length > 1 && pattern.endsWith("/") ? pattern.slice(0, -1) : pattern;
}

function joined(words: readonly string[], delimiters: string, chomp: boolean): string {
  if (delimiters === "") return toNetstrings(words);
  const delimiter = delimiters[0]!;
  return words.join(delimiter) + (chomp || words.length === 0 ? "" : delimiter);
}

export const elglob: Applet = substitution(elglobDirective);
