// Substitution on word lists.

import { deepEqual, equal, throws } from "node:assert/strict";
import { bind, substitute } from "../../../lib/execline/substitute.ts";

function one(word: string, values: Record<string, readonly string[]>): string[] {
  return substitute([word], bind(Object.entries(values)));
}

Deno.test("a name in braces is replaced anywhere, one without only where it ends", () => {
  const x = { x: ["v"] };
  deepEqual(one("a${x}b$x", x), ["avbv"]);
  for (const word of ["$x/", "$x:", "$x y", "$xy", "[$x]", "$", "${x", "${ x}", "x"]) deepEqual(one(word, x), [word]);
  for (const end of ["\\", "$", "{", "}"]) deepEqual(one(`$x${end}`, x), [`v${end}`]);
});

Deno.test("backslashes before a variable are halved, an odd one keeps it", () => {
  const x = { x: ["v"] };
  deepEqual(one("\\${x}", x), ["${x}"]);
  deepEqual(one("\\\\${x}", x), ["\\v"]);
  deepEqual(one("\\\\\\${x}", x), ["\\${x}"]);
  deepEqual(one("a\\b\\\\${y}", x), ["a\\b\\\\${y}"]);
  deepEqual(one("${x}\\${x}", x), ["v${x}"]);
});

Deno.test("a word that holds a list becomes as many words", () => {
  deepEqual(one("p${x}s", { x: ["a", "b"] }), ["pas", "pbs"]);
  deepEqual(one("p${x}s", { x: [] }), []);
  deepEqual(one("p${x}s", { x: [""] }), ["ps"]);
  deepEqual(one(" $x", { x: ["a", ""] }), [" a", " "]);
});

Deno.test("of several lists the leftmost varies slowest", () => {
  deepEqual(one("p${a}q${b}r", { a: ["a", "b"], b: ["1", "2"] }), ["paq1r", "paq2r", "pbq1r", "pbq2r"]);
  deepEqual(one("$a$b", { a: ["a", "b"], b: [] }), []);
});

Deno.test("values are not looked at again", () => {
  deepEqual(one("$a", { a: ["$b ${a}"], b: ["x"] }), ["$b ${a}"]);
});

Deno.test("names and values are bytes", () => {
  deepEqual(one("\xff${\xe9}\x80", { "\xe9": ["\xfe"] }), ["\xff\xfe\x80"]);
  deepEqual(one("${#}${?}${!}${a b}", { "#": ["1"], "?": ["2"], "!": ["3"], "a b": ["4"] }), ["1234"]);
});

Deno.test("an empty key and a key twice are refused", () => {
  throws(() => bind([["", ["a"]]]), { code: 111, message: "bad substitution key" });
  throws(() => bind([["a", []], ["a", []]]), { code: 111, message: "bad substitution key" });
});

Deno.test("many variables in one word, and many words of one, are no more than a command line holds", () => {
  deepEqual(one("$x".repeat(40_000), { x: [""] }), [""]);
  const ten = { x: [..."0123456789"] };
  equal(one("${x}".repeat(5), ten).length, 100_000);
  throws(() => one("${x}".repeat(8), ten), { code: 126, message: /Argument list too long/ });
  throws(() => one("$x".repeat(700), { x: ["a".repeat(10_000)] }), { code: 126, message: /Argument list too long/ });
  deepEqual(one("${x}".repeat(400) + "$y", { ...ten, y: [] }), []);
});
