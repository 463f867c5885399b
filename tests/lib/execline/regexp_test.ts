// POSIX regular expressions as JavaScript ones.

import { equal, throws } from "node:assert/strict";
import { basicRegExp, extendedRegExp } from "../../../lib/execline/regexp.ts";

Deno.test("extended expressions", () => {
  const match: [string, string, boolean][] = [
    ["^a{2}$", "aa", true],
    ["^a{2}$", "a{2}", false],
    ["a\\{2", "a{2", true],
    ["[[:alpha:]]+", "1a", true],
    ["^[^[:digit:]]$", "5", false],
    ["[]]", "]", true],
    ["[^]]", "]", false],
    ["^[a\\]$", "\\", true],
    ["a/b", "a/b", true],
    ["x|^b", "b", true],
    ["^(ab)*$", "abab", true],
    ["^.$", "\xff", true],
    ["^.$", "\n", true],
    ["^[\xe0-\xff]$", "\xe9", true],
  ];
  for (const [pattern, text, expected] of match) equal(extendedRegExp(pattern).test(text), expected, pattern);
});

Deno.test("basic expressions", () => {
  const match: [string, string, boolean][] = [
    ["^a+$", "a+", true],
    ["^a\\{2\\}$", "aa", true],
    ["^\\(ab\\)*$", "abab", true],
    ["*a", "*a", true],
    ["a|b", "a|b", true],
    ["a^b$c", "a^b$c", true],
    ["(a)", "(a)", true],
  ];
  for (const [pattern, text, expected] of match) equal(basicRegExp(pattern).test(text), expected, pattern);
});

Deno.test("what is no expression is refused", () => {
  for (const pattern of ["(", "[a", "a\\"]) throws(() => extendedRegExp(pattern), { code: 100 });
});
