// Crunching, chomping, splitting, netstrings.

import { deepEqual, throws } from "node:assert/strict";
import { DEFAULT_DELIMITERS, netstrings, toNetstrings, transform } from "../../../lib/execline/transform.ts";

function words(value: string, letters: string, delimiters = DEFAULT_DELIMITERS): string[] {
  const [crunch, chomp, split] = ["C", "n", "s"].map((letter) => letters.includes(letter));
  return transform(value, { delimiters, crunch: crunch!, chomp: chomp!, split: split! });
}

Deno.test("without options a value is one word", () => deepEqual(words(" a  b ", ""), [" a  b "]));

Deno.test("crunching keeps the first of several delimiters", () => {
  deepEqual(words("a \t b\n\n", "C"), ["a b\n"]);
  deepEqual(words("a:,b", "C", ",:"), ["a:b"]);
});

Deno.test("chomping removes one delimiter at the end", () => {
  deepEqual(words("a\n\n", "n"), ["a\n"]);
  deepEqual(words("a", "n"), ["a"]);
  deepEqual(words("a  ", "Cn"), ["a"]);
});

Deno.test("each delimiter ends a word", () => {
  deepEqual(words("a b", "s"), ["a", "b"]);
  deepEqual(words("a b ", "s"), ["a", "b"]);
  deepEqual(words(" a  b", "s"), ["", "a", "", "b"]);
  deepEqual(words(" a  b", "Cs"), ["", "a", "b"]);
  deepEqual(words("", "s"), []);
});

Deno.test("with chomping a last word without delimiter is dropped", () => {
  deepEqual(words("a b", "ns"), ["a"]);
  deepEqual(words("a b ", "ns"), ["a", "b"]);
  deepEqual(words(" ", "ns"), []);
});

Deno.test("no delimiters mean netstrings", () => {
  deepEqual(words("1:a,2:bb,0:,1:,,", "s", ""), ["a", "bb", "", ","]);
  deepEqual(words("a  b ", "Cn", ""), ["a  b "]);
  for (const bad of ["a", "1:a", "2:a,", ":,", "1a,", "-1:,"]) throws(() => netstrings(bad), { code: 111 });
});

Deno.test("netstrings survive a round trip", () => {
  const all = String.fromCharCode(...Array.from({ length: 256 }, (_, code) => code));
  deepEqual(netstrings(toNetstrings(["", all, "a,b:c", " "])), ["", all, "a,b:c", " "]);
});

Deno.test("any number of delimiters are looked for in any number of characters", () => {
  const how = { delimiters: "x".repeat(100_000) + "y", crunch: true, chomp: false, split: true };
  deepEqual(transform("a" + "y".repeat(100_000) + "b", how), ["a", "b"]);
});
