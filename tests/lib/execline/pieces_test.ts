// Input cut into pieces, whatever the chunks it comes in.

import { deepEqual, throws } from "node:assert/strict";
import { type Cutting, pieces } from "../../../lib/execline/pieces.ts";

const LINES: Cutting = { delimiters: "\n", crunch: false, chomp: true };

/** The pieces of the text, which must be the same however it is cut into chunks. */
function cut(text: string, cutting: Partial<Cutting> = {}): string[] {
  const whole = piecesOf([text].filter((chunk) => chunk !== ""), cutting);
  deepEqual(piecesOf([...text], cutting), whole);
  return whole;
}

function piecesOf(chunks: readonly string[], cutting: Partial<Cutting>): string[] {
  const found: string[] = [];
  const cut = pieces({ ...LINES, ...cutting });
  const left = chunks.values();
  for (let next = cut.next(); !next.done;) {
    if (next.value !== undefined) found.push(next.value);
    next = cut.next(next.value === undefined ? left.next().value ?? "" : "");
  }
  return found;
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
  const cut = pieces(LINES);
  deepEqual(cut.next().value, undefined);
  deepEqual(cut.next("line 1\nline").value, "line 1");
  deepEqual(cut.next("").value, undefined);
  deepEqual(cut.next(" 2\n").value, "line 2");
});
