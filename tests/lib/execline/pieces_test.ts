// Input cut into pieces, whatever the chunks it comes in.

import { deepEqual, throws } from "node:assert/strict";
import { type Cutting, pieces } from "../../../lib/execline/pieces.ts";

const LINES: Cutting = { delimiters: "\n", crunch: false, chomp: true };

/** The pieces of the text, which must be the same however it is cut into chunks. */
function cut(text: string, cutting: Partial<Cutting> = {}): string[] {
  const whole = [...pieces([text], { ...LINES, ...cutting })];
  deepEqual([...pieces(text, { ...LINES, ...cutting })], whole);
  return whole;
}

Deno.test("lines, of which an unterminated one is dropped", () => {
  deepEqual(cut("a\n\nb c\nd"), ["a", "", "b c"]);
  deepEqual(cut(""), []);
});

Deno.test("lines with their delimiters", () => {
  deepEqual(cut("a\n\nb", { chomp: false }), ["a\n", "\n", "b"]);
});

Deno.test("empty lines may be left out", () => {
  deepEqual(cut("\n\na\n\nb", { crunch: true }), ["a"]);
  deepEqual(cut("a\nb", { crunch: true, chomp: false }), ["a\n"]);
});

Deno.test("other delimiters", () => {
  deepEqual(cut("a:b;\n;", { delimiters: ":;" }), ["a", "b", "\n"]);
  deepEqual(cut("a\0b\0", { delimiters: "\0" }), ["a", "b"]);
});

Deno.test("netstrings", () => {
  deepEqual(cut("1:a,3:b,c,0:,", { delimiters: "" }), ["a", "b,c", ""]);
  for (const bad of ["1:a", "x", "1:ab", "12"]) throws(() => cut(bad, { delimiters: "" }), { code: 111 });
});

Deno.test("a piece is there before the next chunk is asked for", () => {
  const asked: number[] = [];
  const chunks = function* (): Generator<string> {
    for (const at of [1, 2]) {
      asked.push(at);
      yield `line ${at}\n`;
    }
  };
  const found = pieces(chunks(), LINES);
  deepEqual([found.next().value, asked], ["line 1", [1]]);
});
