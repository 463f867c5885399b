// Random texts that are nearly of a language: what its lexer looks for, in no order, and plain bytes.

import type { ByteString } from "../../lib/bytes.ts";
import type { Random } from "../random/random.ts";
import type { Part } from "./parts.ts";

const SCRIPT = [
  ...["a", "b", "x", "0", "1", "3", "7", "8", "9", "f", "n", "z", "A", "$a", "\xe9", "\x7f"],
  ...[" ", " ", "\n", "\t", "\x01", "\\", "\\", '"', '"', "#", "{", "}", "\0"],
  ...["\\0", "\\0x", "\\0x0", "\\1", "\\2", '"\\', "\\\n", "{\\\n", "}\\\n", " { ", " { ", " } ", " } ", ' "" '],
];

// No number that stands for NUL: the original makes what follows a variable of its own, without a name.
const VARIABLES = [
  ...[
    "A",
    "B",
    "1",
    "n",
    "x",
    "=",
    "=",
    "=",
    "\n",
    "\n",
    " ",
    "\t",
    "\f",
    "\v",
    "\r",
    "#",
    '"',
    '"',
    "\\",
    "\\\n",
    '\\"',
  ],
  ...["\\\\", "\\x41", "\\x", "\\101", "\\n", "\xe9", "\x01", "'", "?", "A=", "\nB = ", "C=d\n", "\0"],
];

/** Bytes of a script, in no order. */
export function nearScript(random: Random): Part[] {
  return soup(SCRIPT, 16, random);
}

/** Bytes of an environment file, in no order. */
export function nearVariables(random: Random): Part[] {
  return [...(random.chance(0.6) ? [{ before: "", text: "A=" }] : []), ...soup(VARIABLES, 10, random)];
}

function soup(pieces: readonly ByteString[], longest: number, random: Random): Part[] {
  const text = random.chance(0.2)
    ? (): ByteString => String.fromCharCode(random.below(256))
    : (): ByteString => random.pick(pieces);
  return Array.from({ length: random.below(longest) }, () => ({ before: "", text: text() }));
}
