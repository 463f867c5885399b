// elglob: file names that match a pattern are written into the command line. After execline 2.9, options of 2.9.6 too.

import { glob } from "../../lib/execline/glob.ts";
import { toNetstrings } from "../../lib/execline/transform.ts";
import type { OsError } from "../../lib/report.ts";
import type { Applet } from "../applet.ts";
import { type Directive, directive, substitution } from "./substitute.ts";

export const elglobDirective: Directive = directive({
  name: "elglob",
  usage: "[ -v ] [ -w ] [ -s ] [ -m ] [ -e ] [ -0 ] [ -n ] [ -d delim ] key pattern prog...",
  summary: "substitute the names of files that match a pattern for a key in the command line",
  options: "vwsme0nd:",
  least: 2,
  reads: true,
  find: (_image, { options, args }, view) => {
    const [key = "", pattern = "", ...rest] = args;
    const onError = (error: OsError): void => {
      if (options.has("w")) throw error;
      if (options.has("v")) view.warn(error.message);
    };
    const found = glob(view, pattern, { escape: !options.has("e"), mark: options.has("m"), onError });
    if (options.has("s")) found.sort();
    const words = found.length > 0 || options.has("0") ? found : [pattern];
    const delimiter = options.value("d");
    return { bindings: [[key, delimiter === undefined ? words : [joined(words, delimiter, options.has("n"))]]], rest };
  },
});

function joined(words: readonly string[], delimiters: string, chomp: boolean): string {
  if (delimiters === "") return toNetstrings(words);
  const delimiter = delimiters[0]!;
  return words.join(delimiter) + (chomp || words.length === 0 ? "" : delimiter);
}

export const elglob: Applet = substitution(elglobDirective);
