import { deepEqual, throws } from "node:assert/strict";
import { rawBytes } from "../../../lib/bytes.ts";
import { parseScript } from "../../../lib/log/directive.ts";
import { LineEnds } from "../../../lib/log/lines.ts";
import { Selector } from "../../../lib/log/selector.ts";

/** For each group, the lines it acts on. */
function select(words: readonly string[], lines: readonly string[]): string[][] {
  const bytes = rawBytes(lines.map((line) => `${line}\n`).join(""));
  const selector = new Selector(parseScript(words).groups);
  return selector.select(bytes, new LineEnds()).map((selected) => lines.filter((_, line) => selected?.(line) ?? true));
}

const LINES = ["ERROR one", "", "DEBUG two", "note", "DEBUG ERROR three"];

Deno.test("without selections every line is for every action", () => {
  deepEqual(select(["1"], LINES), [LINES]);
});

Deno.test("selections behind the last action do nothing, but must be right", () => {
  deepEqual(select(["1", "-E"], LINES), [LINES]);
  throws(() => select(["1", "-("], []), { code: 100 });
});

Deno.test("lines are deselected and selected in the order of the directives", () => {
  deepEqual(select(["-^DEBUG", "1"], LINES), [["ERROR one", "", "note"]]);
  deepEqual(select(["-", "+ERROR", "1"], LINES), [["ERROR one", "DEBUG ERROR three"]]);
  deepEqual(select(["-", "+ERROR", "-^DEBUG", "1"], LINES), [["ERROR one"]]);
  deepEqual(select(["+ERROR", "-", "1"], LINES), [[]]);
  deepEqual(select(["-", "+", "1"], LINES), [LINES]);
});

Deno.test("the state of a line is carried from group to group", () => {
  deepEqual(select(["-ERROR", "1", "-note", "2"], LINES), [["", "DEBUG two", "note"], ["", "DEBUG two"]]);
});

Deno.test("f selects the lines that nothing has acted on", () => {
  deepEqual(select(["-^DEBUG", "1", "f", "2"], LINES), [["ERROR one", "", "note"], ["DEBUG two", "DEBUG ERROR three"]]);
  deepEqual(select(["-", "1", "f", "2", "f", "1"], LINES), [[], LINES, []]);
});

Deno.test("anchors hold at every line of a batch, and nothing matches across lines", () => {
  deepEqual(select(["-", "+^note$", "1"], LINES), [["note"]]);
  deepEqual(select(["-", "+^$", "1"], LINES), [[""]]);
  deepEqual(select(["-", "+one.*DEBUG", "1"], LINES), [[]]);
  deepEqual(select(["-", "+one[[:space:]]", "1"], LINES), [[]]);
});

Deno.test("bytes beyond ASCII are matched as bytes", () => {
  deepEqual(select(["-", "+\x80", "1"], ["\x80", "\xe4\xac", "a"]), [["\x80"]]);
  deepEqual(select(["-", "+^.$", "1"], ["\x80", "\xff", "ab"]), [["\x80", "\xff"]]);
});

Deno.test("a bad expression is an unrecognized directive", () => {
  throws(() => select(["+(", "1"], []), { code: 100, message: "unrecognized directive: +(" });
  throws(() => select(["-[", "1"], []), { code: 100, message: "unrecognized directive: -[" });
});

Deno.test("expressions may refer back, and one whose search would take too long does not match", () => {
  deepEqual(select(["-", "+^(.)(.)\\2\\1$", "1", "-o", "2"], ["abba", "noon", "abab"]), [["abba", "noon"], ["abba"]]);
  deepEqual(select(["-", "+^(a*)*(a*)*(a*)*\\1b$", "1"], ["a".repeat(300), "aab"]), [["aab"]]);
});

Deno.test("expressions that are too large are reported", () => {
  throws(() => select(["-(((a{99}){99}){99}){99}", "1"], []), { code: 100, message: /too large/ });
});
