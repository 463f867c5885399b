// The lexer: every rule of the language, every state of the table, the places that errors name.

import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { lex, placedWords, ScriptFailure } from "../../../lib/execline/lexer.ts";
import { type CharClass, classAt, LEXER, type LexerState } from "../../../lib/execline/lexer_table.ts";
import { Failure } from "../../../lib/report.ts";
import { write } from "../../property/parts.ts";
import { quotedText } from "../../property/quoting.ts";
import { nearScript } from "../../property/soup.ts";
import { Random } from "../../random/random.ts";

function failsAt(script: string, message: RegExp): void {
  throws(() => lex(script), { code: 100, message });
}

Deno.test("words are separated by every control character and the blank", () => {
  for (let code = 1; code <= 32; code++) deepEqual(lex(`a${String.fromCharCode(code)}b`), ["a", "b"]);
  for (let code = 127; code <= 255; code++) equal(lex(`a${String.fromCharCode(code)}b`).length, 1);
});

Deno.test("a comment begins only where a word could", () => {
  deepEqual(lex("#!/usr/bin/execlineb -P\na#b # c\nd"), ["a#b", "d"]);
});

Deno.test("quoted and unquoted parts that touch make one word", () => {
  deepEqual(lex('a"b c"d "" e'), ["ab cd", "", "e"]);
});

Deno.test("a backslash makes any character an ordinary one", () => {
  deepEqual(lex('\\{ \\} \\" \\# a\\ b \\\\'), ["{", "}", '"', "#", "a b", "\\"]);
});

Deno.test("a backslash newline vanishes between words and in quotes, and stays in a word", () => {
  deepEqual(lex("a \\\n b"), ["a", "b"]);
  deepEqual(lex('"a\\\nb"'), ["ab"]);
  deepEqual(lex("a\\\nb"), ["a\nb"]);
});

Deno.test("letters behind a backslash in quotes are control characters", () => {
  deepEqual(lex('"\\a\\b\\t\\n\\v\\f\\r\\z"'), ["\x07\b\t\n\v\f\rz"]);
});

Deno.test("every byte can be written in decimal, octal and hexadecimal", () => {
  for (let code = 1; code <= 255; code++) {
    const char = String.fromCharCode(code);
    deepEqual(lex(`"\\${code}" "\\0${code.toString(8)}" "\\0x${code.toString(16)}"`), [char, char, char]);
  }
});

Deno.test("a number ends where its digits end or its width is reached", () => {
  deepEqual(lex('"\\0x4g\\0x414\\01019\\0658\\1000\\8z"'), ["\x04gA4A958d0\bz"]);
});

Deno.test("numbers that are no bytes are errors", () => {
  for (const number of ["0", "00", "0x", "0x0", "0xg", "08", "256", "999", "0400"]) {
    failsAt(`a "\\${number}"`, /^line 1, column 4: syntax error/);
  }
});

Deno.test("a quote counts as closed where the text ends right behind a number", () => {
  deepEqual(lex('"\\65'), ["A"]);
  deepEqual(lex('a"\\0x41'), ["aA"]);
});

Deno.test("blocks become words with a leading blank for each level", () => {
  deepEqual(lex("a { b c } d"), ["a", " b", " c", "", "d"]);
  deepEqual(lex("a { b { c } d } e"), ["a", " b", "  c", " ", " d", "", "e"]);
  deepEqual(lex("a { }"), ["a", ""]);
  deepEqual(lex('{ "" }'), [" ", ""]);
});

Deno.test("braces that are not words of their own are ordinary characters", () => {
  deepEqual(lex('{a b} }{ a{ "{" \\} {"" }#c'), ["{a", "b}", "}{", "a{", "{", "}", "{", "}#c"]);
});

Deno.test("a backslash newline behind a brace leaves it to the next word", () => {
  deepEqual(lex("{\\\nz a"), ["{z", "a"]);
  deepEqual(lex("}\\\n{ a } b"), ["} a", "", "b"]);
});

Deno.test("NUL ends a script, but not in quotes", () => {
  deepEqual(lex("a b\0 } c"), ["a", "b"]);
  failsAt('a "b\0"', /unterminated "/);
});

Deno.test("errors name the place", () => {
  failsAt("a {\n b\n", /^line 1, column 3: unterminated block$/);
  failsAt("a { {\n } b", /^line 1, column 3: /);
  failsAt("a\n  }", /^line 2, column 3: unmatched \}$/);
  failsAt('a\n\n b "c\nd', /^line 3, column 4: syntax error: unterminated "$/);
  failsAt("a\nb\\", /^line 2, column 2: syntax error: nothing follows the backslash$/);
});

Deno.test("every state can be reached and left, and ends where the text ends", () => {
  const reached = new Set<LexerState>(["between"]);
  for (let size = 0; size < reached.size;) {
    size = reached.size;
    for (const state of reached) for (const { to } of Object.values(LEXER[state])) reached.add(to);
  }
  deepEqual([...reached].sort(), Object.keys(LEXER).sort());
  const classes = Object.keys(LEXER.between) as CharClass[];
  for (const state of Object.keys(LEXER) as LexerState[]) {
    for (const name of classes) ok(LEXER[state][name] !== undefined, `${state} ${name}`);
    // Reading the end again must not go round in a circle.
    let here: LexerState = state;
    for (let step = 0; step < 4 && here !== "done"; step++) here = LEXER[here].end.to;
    equal(here, "done", `${state} does not end`);
  }
});

Deno.test("each class has a character, and each byte a class", () => {
  const all = String.fromCharCode(...Array.from({ length: 256 }, (_, code) => code));
  const found = new Set(Array.from(all, (_, at) => classAt(all, at)));
  deepEqual([...found].sort(), Object.keys(LEXER.between).sort());
  equal(classAt("a", 1), "end");
});

Deno.test("no state looks at a character more than twice", () => {
  const classes = Object.keys(LEXER.between) as CharClass[];
  const stays = new Set(["again", "byte"]);
  for (const state of Object.keys(LEXER) as LexerState[]) {
    for (const name of classes) {
      const { do: action, to } = LEXER[state][name];
      if (stays.has(action)) ok(!stays.has(LEXER[to][name].do), `${state} ${name}`);
    }
  }
});

/** The words of a text, or undefined if it is refused, which must be with code 100 and a place. */
function wordsOf(text: string): string[] | undefined {
  try {
    return lex(text);
  } catch (error) {
    ok(error instanceof Failure && error.code === 100, `${JSON.stringify(text)}: ${error}`);
    match(error.message, /^line \d+, column \d+: (?:syntax error|unmatched|unterminated)/);
    return undefined;
  }
}

Deno.test("any bytes are words or a fault with its place, and what is a script is one in a block too", () => {
  const random = new Random(1);
  let scripts = 0;
  for (let count = 0; count < 100_000; count++) {
    const text = write(nearScript(random)).replaceAll("\0", random.pick(["\0", ""]));
    const words = wordsOf(`${text}\n`);
    if (words === undefined) continue;
    scripts++;
    ok(words.every((word) => !word.includes("\0")), JSON.stringify(text));
    // A backslash behind a brace leaves it, with the blanks of its depth, to the next word; one at the end joins lines.
    if (/\0|[{}]\\|\\$/.test(text)) continue;
    const inside = words.map((word) => ` ${word}`);
    deepEqual(lex(`a {\n${text}\n} b`), ["a", ...inside, "", "b"], JSON.stringify(text));
  }
  ok(scripts > 20_000);
});

Deno.test("every spelling of a word is that word", () => {
  const random = new Random(2);
  for (let count = 0; count < 20_000; count++) {
    const length = random.below(8);
    const word = String.fromCharCode(...Array.from({ length }, () => 1 + random.below(random.chance(0.5) ? 255 : 126)));
    const text = quotedText(word, random);
    deepEqual(lex(`a ${text} b`), ["a", word, "b"], JSON.stringify(text));
  }
});

Deno.test("blocks may nest deep, as far as the words fit into a command line", () => {
  equal(lex(`${"{ ".repeat(3000)}${"} ".repeat(3000)}`).length, 3000);
  throws(() => lex(`${"{ ".repeat(4000)}${"} ".repeat(4000)}`), { code: 126, message: /Argument list too long/ });
});

Deno.test("words that are pending pile up in front of the next one", () => {
  equal(lex("{\\\n".repeat(50_000) + "a").join().length, 50_001);
  deepEqual(lex("a {\\\n{ b }"), ["a", "{ b", ""]);
});

Deno.test("each word can be had with its place and the blocks it is in", () => {
  const text = 'a { b"c" { } } "" }x\n\\} d\\\n';
  const placed = placedWords(text);
  deepEqual(placed.map(({ word }) => word), lex(text));
  deepEqual(
    placed.map(({ at, end, depth }) => [text.slice(at, end), depth]),
    [["a", 0], ['b"c"', 1], ["}", 1], ["}", 0], ['""', 0], ["}x", 0], ["}", 0], ["d\\\n", 0]],
  );
});

Deno.test("a failure has the fault and its place apart", () => {
  throws(() => lex("a\n  {", "file"), (error) => {
    ok(error instanceof ScriptFailure);
    deepEqual([error.fault, error.place, error.code], ["unterminated block", { line: 2, column: 3 }, 100]);
    equal(error.message, "file, line 2, column 3: unterminated block");
    return true;
  });
});
