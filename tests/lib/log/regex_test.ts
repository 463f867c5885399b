import { equal } from "node:assert/strict";
import { compileRegex } from "../../../lib/log/regex.ts";

/** Pattern, lines it matches, lines it does not. */
const MATCHES: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["ERR", ["an ERROR"], ["an error", ""]],
  ["^a", ["ab"], ["ba", "\ra"]],
  ["a$", ["ba"], ["ab", "a\r"]],
  ["^$", [""], ["a"]],
  ["a.b", ["a b", "a\rb", "a\xffb"], ["ab"]],
  ["a+?b", ["ab", "b"], ["a"]],
  ["^(ab){2}$", ["abab"], ["ab", "ababab"]],
  ["^a{,2}$", ["", "aa"], ["aaa"]],
  ["^a{2,}$", ["aa", "aaa"], ["a"]],
  ["[]a]", ["]", "a"], ["["]],
  ["[^]a]", ["b"], ["]", "a", ""]],
  ["[a-]", ["-"], ["b"]],
  ["[\\]", ["\\"], ["]"]],
  ["[[:digit:][:space:]]", ["1", " ", "\t"], ["a", ""]],
  ["^[^[:alnum:]]+$", ["-_-"], ["a-", ""]],
  ["[[.-.]]", ["-"], ["."]],
  ["[[=a=]]", ["a"], ["b"]],
  ["[\x03-\x20]", [" ", "\x03"], ["a", ""]],
  ["a|b|", ["a", "", "c"], []],
  ["(a)\\1", ["aa"], ["a"]],
  ["(a|b)\\1", ["abb"], ["ab"]],
  ["\\.", ["."], ["a"]],
  ["\\n", ["n"], ["x", ""]],
  ["a\nb", [], ["ab", "a", "b"]],
  ["\\<ab\\>", ["x ab y"], ["xab", "abx"]],
  ["^\\w+\\W\\w+$", ["a b"], ["ab"]],
  ["a)", ["a)"], ["a"]],
  ["a]}", ["a]}"], ["a"]],
];

for (const [pattern, yes, no] of MATCHES) {
  Deno.test(`the expression ${JSON.stringify(pattern)} matches what it should in a text of lines`, () => {
    const regex = compileRegex(pattern)!;
    for (const line of [...yes, ...no]) {
      // Among other lines, as the selector has it: the match must lie within the line.
      const before = "\x02\n";
      regex.lastIndex = before.length;
      const match = regex.exec(`${before}${line}\n`);
      const inside = match !== null && match.index <= before.length + line.length && !match[0].includes("\n");
      equal(inside, yes.includes(line), JSON.stringify(line));
    }
  });
}

const WRONG = [
  ...["(", "(a", "a{", "a{x}", "a{3,2}", "a{32768}", "*", "a|*", "(*a)", "^*", "+", "?", "{1}", "\\", "a\\", "\\1"],
  ...["(a\\1)", "[", "[a", "[]", "[z-a]", "[[:foo:]]", "[[:alpha:]-z]", "[a-b-c]", "[[.ab.]]", "[a-[:digit:]]", "$*"],
];

for (const pattern of WRONG) {
  Deno.test(`${JSON.stringify(pattern)} is no regular expression`, () => {
    equal(compileRegex(pattern), undefined);
  });
}
