// The many ways in which a script can spell one word: bare, in quotes or both, with letters, octal, decimal and
// hexadecimal numbers for bytes.

import type { ByteString } from "../../lib/bytes.ts";
import type { Random } from "../random/random.ts";

const CONTROL: Readonly<Record<string, string>> = {
  "\x07": "a",
  "\b": "b",
  "\t": "t",
  "\n": "n",
  "\v": "v",
  "\f": "f",
  "\r": "r",
};

/** One spelling of a word, which must hold no NUL. */
export function quotedText(word: ByteString, random: Random): ByteString {
  if (word === "") return '""';
  let text = "";
  for (let at = 0; at < word.length;) {
    const end = random.chance(0.7) ? word.length : at + 1 + random.below(word.length - at);
    const segment = word.slice(at, end);
    const bare = random.chance(0.5) && !(at === 0 && segment.startsWith("\n"));
    text += bare ? spelledBare(segment, at === 0, random) : spelledInQuotes(segment, random);
    at = end;
  }
  // A brace by itself would be that of a block.
  return text === "{" || text === "}" ? `\\${text}` : text;
}

function spelledBare(segment: ByteString, isFirst: boolean, random: Random): ByteString {
  return Array.from(segment, (char, at) => {
    const isSpecial = char <= " " || char === '"' || char === "\\" || (char === "#" && isFirst && at === 0);
    return isSpecial || random.chance(0.03) ? `\\${char}` : char;
  }).join("");
}

function spelledInQuotes(segment: ByteString, random: Random): ByteString {
  const chars = Array.from(segment, (char, at) => {
    if (char === '"' || char === "\\") return `\\${char}`;
    if (!random.chance(char < " " || char > "~" ? 0.5 : 0.05)) return char;
    return random.pick(escapes(char.charCodeAt(0), segment[at + 1]));
  });
  const joint = random.chance(0.03) ? "\\\n" : "";
  return `"${chars.join("")}${joint}"`;
}

/** The escapes in quotes that stand for a byte, where `next` follows. */
function escapes(code: number, next: string | undefined): ByteString[] {
  const letter = CONTROL[String.fromCharCode(code)];
  const found = [`\\0${code.toString(8).padStart(3, "0")}`, `\\0x${code.toString(16).padStart(2, "0")}`];
  if (letter !== undefined) found.push(`\\${letter}`);
  const mayRunOn = next === undefined || /[0-9]/.test(next);
  if (!mayRunOn || code > 99) found.push(`\\${code}`);
  return found;
}
