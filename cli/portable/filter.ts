// Programs that pass their input on: s6-cat as it is, s6-format-filter each line within a format. From s6-portable-utils.

import type { ByteString } from "../../lib/bytes.ts";
import { blocks, STDIN } from "../../lib/input.ts";
import { EXIT, Failure } from "../../lib/report.ts";
import { type Applet, utility } from "../applet.ts";
import { NO_OPTIONS } from "../getopt.ts";
import { printChanged } from "./line_filter.ts";

export const cat: Applet = utility({
  name: "s6-cat",
  usage: "",
  summary: "copy standard input to standard output",
  options: NO_OPTIONS,
  least: 0,
  run: (context) => {
    for (const block of blocks(context.os, STDIN)) context.print(block);
    return 0;
  },
});

export const formatFilter: Applet = utility({
  name: "s6-format-filter",
  usage: "format [ args... ]",
  summary: "print a format with each line of standard input put into it",
  options: NO_OPTIONS,
  least: 1,
  computes: true,
  run: (context, { args: [text = "", ...args] }) => {
    const format = formatOf(text, [context.image.argv[0] ?? context.name, ...args]);
    printChanged(context, (line) => format.join(line));
    return 0;
  },
});

/** What stands between the places for the line. A percent sign and a digit stand for a word, `words[0]` the first. */
function formatOf(format: ByteString, words: readonly ByteString[]): readonly ByteString[] {
  const texts = [""];
  const add = (text: ByteString): ByteString => texts[texts.length - 1] += text;
  for (const [piece, letter] of format.matchAll(/%([^])?|[^%]+/g)) {
    if (piece[0] !== "%") add(piece);
    else if (letter === "%") add("%");
    else if (letter === "s") texts.push("");
    else add(wordOf(words, letter));
  }
  return texts;
}

function wordOf(words: readonly ByteString[], digit = ""): ByteString {
  const word = /^[0-9]$/.test(digit) ? words[Number(digit)] : undefined;
  if (word === undefined) throw new Failure(EXIT.system, "unable to compile format: Invalid argument");
  return word;
}
