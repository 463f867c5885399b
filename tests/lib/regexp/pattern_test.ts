// POSIX regular expressions and patterns of the shell: what matches, which part is whose, and that nothing hangs.

import { deepEqual, equal, throws } from "node:assert/strict";
import { type Pattern, regularExpression, shellPattern } from "../../../lib/regexp/pattern.ts";

function extended(pattern: string, ignoreCase = false): Pattern {
  return regularExpression(pattern, { extended: true, ignoreCase });
}

function basic(pattern: string): Pattern {
  return regularExpression(pattern, { extended: false, ignoreCase: false });
}

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
    ["^(|a)b$", "b", true],
    ["^a{0}b$", "b", true],
    ["^a{,2}$", "aa", true],
    ["^a{1,2}{2}$", "aaaa", true],
    ["a)", "a)", true],
    ["\\<b\\>", "a b c", true],
    ["\\Bb", "ab", true],
    ["\\w\\W\\s", "a- ", true],
    ["(a)(b)\\2\\1", "abba", true],
    ["(a|ab)\\1$", "xabab", true],
    ["", "", true],
  ];
  for (const [pattern, text, expected] of match) equal(extended(pattern).test(text), expected, pattern);
});

Deno.test("basic expressions", () => {
  const match: [string, string, boolean][] = [
    ["^a+$", "a+", true],
    ["^a\\+$", "aa", true],
    ["^a\\{2\\}$", "aa", true],
    ["^\\(ab\\)*$", "abab", true],
    ["*a", "*a", true],
    ["^*a", "*a", true],
    ["\\(*a\\)", "*a", true],
    ["a|b", "a|b", true],
    ["^\\(a\\|b\\)$", "b", true],
    ["a^b$c", "a^b$c", true],
    ["(a)", "(a)", true],
    ["\\(a\\)\\1", "aa", true],
  ];
  for (const [pattern, text, expected] of match) equal(basic(pattern).test(text), expected, pattern);
});

Deno.test("what is no expression is refused", () => {
  const wrong = ["(", "[a", "a\\", "*a", "a|*b", "^*", "a{x", "a{2", "a{2,1}", "a{99999}", "\\1", "(a\\1)", "[b-a]"];
  for (const pattern of [...wrong, "[[:foo:]]", "[[.ab.]]", "[a-[:digit:]]", "[", "[]", "[[:alpha:]"]) {
    throws(() => extended(pattern), { code: 100 }, pattern);
  }
  for (const pattern of ["\\(", "\\)", "a**", "a\\{1"]) throws(() => basic(pattern), { code: 100 }, pattern);
});

Deno.test("an expression of too many states is refused", () => {
  throws(() => extended("(((a{99}){99}){99}){99}"), { code: 100 });
});

Deno.test("classes are those of the C locale", () => {
  const members = (name: string): string => {
    const pattern = extended(`[[:${name}:]]`);
    return Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).filter((c) => pattern.test(c)).join("");
  };
  equal(members("space"), "\t\n\v\f\r ");
  equal(members("blank"), "\t ");
  equal(members("digit"), "0123456789");
  equal(members("xdigit"), "0123456789ABCDEFabcdef");
  equal(members("punct"), "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~");
  equal(members("alpha"), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
  equal(members("print").length, 95);
  equal(members("graph").length, 94);
  equal(members("cntrl").length, 33);
  equal(members("alnum").length, 62);
  equal(members("upper").length + members("lower").length, 52);
});

Deno.test("line by line", () => {
  const byLine = (pattern: string): Pattern =>
    regularExpression(pattern, { extended: true, ignoreCase: false, byLine: true });
  equal(byLine("^b$").test("a\nb\nc"), true);
  equal(byLine("a.b").test("a\nb"), false);
  equal(byLine("a[^x]b").test("a\nb"), false);
  equal(byLine("a\nb").test("a\nb"), true);
  equal(byLine("a[[:space:]]b").test("a\nb"), true);
});

Deno.test("without regard to case, bytes above 127 are what they are", () => {
  equal(extended("^[[:upper:]]B$", true).test("ab"), true);
  equal(extended("\xe9", true).test("\xc9"), false);
});

Deno.test("of several ways to match, the longest from the left", () => {
  const parts: [string, string, string[] | undefined][] = [
    ["(a|ab)(c|bcd)(d*)", "abcd", ["ab", "c", "d"]],
    ["(a*)(ab)*(b*)", "abb", ["a", "", "bb"]],
    ["(x|xy|xyz)(z|yz)?", "xyz", ["xyz", ""]],
    ["(a|b)*", "ab", ["b"]],
    ["((a)|(b))*", "ab", ["b", "", "b"]],
    ["(a*)*", "aa", ["aa"]],
    ["(a*)+", "", [""]],
    ["(a*)(a*)", "aa", ["aa", ""]],
    ["(.*)/([^/]*)", "a/b/c", ["a/b", "c"]],
    ["(foo|foobar)(bar|baz)?", "xfoobarbaz", ["foobar", "baz"]],
    ["(a?)(ab)?", "aab", ["a", "ab"]],
    ["^(a?)(ab)?$", "ab", ["", "ab"]],
    ["(a{1,2}){2}", "aaa", ["a"]],
    ["(a)|b", "b", [""]],
    ["(b)", "a", undefined],
    ["(.)(.)\\2\\1", "xabba", ["a", "b"]],
  ];
  for (const [pattern, text, expected] of parts) deepEqual(extended(pattern).groups(text), expected, pattern);
});

Deno.test("no pattern takes without end", () => {
  const text = "a".repeat(3000);
  for (const pattern of ["^(a*)*b$", "^(a|a)*b$", "^(a+)+$", "^((a?){50})*b$", "^(.*)(.*)(.*)(.*)b$"]) {
    equal(extended(pattern).groups(text) !== undefined, pattern === "^(a+)+$", pattern);
  }
  equal(shellPattern(`${"*a".repeat(40)}b`, { escape: true, period: false, path: false }).test(text), false);
});

Deno.test("where back-references make the search too long, it is given up", () => {
  throws(() => extended("^(a*)*(a*)*(a*)*\\1b$").test("a".repeat(300)), { code: 111 });
  throws(() => extended("(a|aa)*\\1c").test("a".repeat(5000)), { code: 111 });
  // Long, but not complex.
  equal(extended("^(a|b)*\\1c$").test("a".repeat(5000)), false);
  equal(extended("^(a|b)*\\1c$").test("a".repeat(5000) + "c"), true);
});

Deno.test("patterns of the shell", () => {
  const plain = { escape: true, period: false, path: false };
  const match: [string, string, Partial<typeof plain>, boolean][] = [
    ["a*c", "abbc", {}, true],
    ["a*c", "abb", {}, false],
    ["[!a]", "b", {}, true],
    ["[a", "[a", {}, true],
    ["\\*", "*", {}, true],
    ["\\*", "\\x", { escape: false }, true],
    ["*", ".a", { period: true }, false],
    ["*", "a/b", { path: true }, false],
    ["*/*", "a/.b", { path: true, period: true }, false],
    ["[a/]", "/", { path: true }, false],
    ["[[:space:]]", "\xa0", {}, false],
    ["[b-a]", "a", {}, false],
    ["?", "\n", {}, true],
  ];
  for (const [pattern, text, how, expected] of match) {
    equal(shellPattern(pattern, { ...plain, ...how }).test(text), expected, pattern);
  }
});

Deno.test("an expression may nest as deep as it is long", () => {
  const deep = extended("(".repeat(30_000) + "a" + ")".repeat(30_000));
  equal(deep.test("xax"), true);
  deepEqual(new Set(deep.groups("xax")), new Set(["a"]));
  equal(extended("a" + "*".repeat(30_000)).test("b"), true);
  throws(() => extended("(".repeat(30_000)), { code: 100 });
  throws(() => extended(`${"(a)\\1".repeat(3)}${"(".repeat(30_000)}`), { code: 100 });
  equal(extended("(a)".repeat(9) + "(".repeat(10_000) + "\\1" + ")".repeat(10_000)).test("a".repeat(10)), true);
});

Deno.test("repetitions of repetitions match, or are told to be too large", () => {
  equal(extended("^(a{255}){255}$").test("a".repeat(255 * 255)), true);
  equal(extended("^(a{255}){255}$").test("a".repeat(255 * 255 - 1)), false);
  throws(() => extended("a{255}{255}{255}"), { code: 100, message: /too large/ });
  throws(() => extended(`a{${"1".repeat(100_000)}`), { code: 100, message: /^invalid regular expression/ });
});

Deno.test("long lists in brackets, closed or not", () => {
  equal(extended(`[${"a-z".repeat(40_000)}]`).test("q"), true);
  const plain = { escape: true, period: false, path: false };
  equal(shellPattern("[".repeat(100_000), plain).test("[".repeat(100_000)), true);
  equal(shellPattern("[[:alpha:]".repeat(10_000), plain).test(":".repeat(10)), false);
  equal(shellPattern("[[:alpha:][x]", plain).test("[x"), false);
  equal(shellPattern("[[:alpha:][x]", plain).test("x"), true);
  equal(shellPattern("[[:alpha:]", plain).test("[a"), true);
  equal(shellPattern("[![:digit:]/]x", { ...plain, path: true }).test("/x"), false);
});
