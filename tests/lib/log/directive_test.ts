import { deepEqual, throws } from "node:assert/strict";
import { type LogAction, parseScript } from "../../../lib/log/directive.ts";

const actions = (...words: string[]): LogAction[] => parseScript(words).groups.flatMap(({ actions }) => [...actions]);

function warnings(...words: string[]): string[] {
  const told: string[] = [];
  try {
    parseScript(words, (text) => told.push(text));
  } catch {
    // What was reported before.
  }
  return told;
}

const PLAIN = { tai: false, local: false, prefix: "" };

Deno.test("a selection behind an action opens a group, one before it belongs to its group", () => {
  const { groups } = parseScript(["1", "-a", "+b", "n5", "f", "2", "1", "+c", "=x"]);
  deepEqual(groups.map(({ selections, actions }) => [selections.length, actions.map((action) => action.do)]), [
    [0, ["stdout"]],
    [3, ["alert", "stdout"]],
    [1, ["status"]],
  ]);
});

Deno.test("t and T are for one action, everything else stays", () => {
  deepEqual(actions("t", "pfoo", "1", "T", "1", "t", "T", "2", "p", "1").map(({ label }) => label), [
    { tai: true, local: false, prefix: "foo" },
    { tai: false, local: true, prefix: "foo" },
    { tai: true, local: true, prefix: "foo" },
    PLAIN,
  ]);
});

Deno.test("a directory takes the settings before it", () => {
  const defaults = { archives: 10, size: 99999, tolerance: 2000, total: 0, interval: 0, retry: 2000 };
  const changed = { archives: 3, size: 5000, tolerance: 100, total: 9, interval: 60, retry: 7 };
  const words = ["./a", "n3", "s5000", "S9", "l100", "r7", "R60", "!gzip -9", "/b/c"];
  deepEqual(actions(...words), [
    { label: PLAIN, do: "directory", path: "./a", keeping: { ...defaults, processor: undefined } },
    {
      label: PLAIN,
      do: "directory",
      path: "/b/c",
      keeping: { ...changed, processor: ["execlineb", "-Pc", "gzip -9"] },
    },
  ]);
});

Deno.test("sizes are clamped without a word", () => {
  const sizes = actions("s1", "./a", "s4294967295", "./b").map((action) =>
    action.do === "directory" && action.keeping.size
  );
  deepEqual(sizes, [4096, 268435455]);
});

Deno.test("a processor can be taken back", () => {
  const words = actions("?sort", "./a", "?", "./b", "!x", "./c", "!", "./d").map((action) =>
    action.do === "directory" && action.keeping.processor
  );
  deepEqual(words, [["/bin/sh", "-c", "sort"], undefined, ["execlineb", "-Pc", "x"], undefined]);
});

Deno.test("cut length and status size hold for the actions behind them", () => {
  const numbers = actions("2", "E5", "2", "=a", "^0", "=b").map((action) =>
    action.do === "alert" ? action.cut : action.do === "status" && action.size
  );
  deepEqual(numbers, [200, 5, 1001, 0]);
});

const WRONG: Readonly<Record<string, string>> = {
  "": "unrecognized directive: ",
  x: "unrecognized directive: x",
  "var/log": "unrecognized directive: var/log",
  n: "unrecognized directive: n",
  "n-1": "unrecognized directive: n-1",
  s12x: "unrecognized directive: s12x",
  n4294967296: "unrecognized directive: n4294967296",
  S18446744073709551616: "unrecognized directive: S18446744073709551616",
  ee: "unrecognized directive: ee",
  fx: "syntax error at directive: fx",
  tx: "syntax error at directive: tx",
  Tx: "syntax error at directive: Tx",
  "1x": "syntax error at directive: 1x",
  "2x": "syntax error at directive: 2x",
  "=": "syntax error at directive: =",
  l50000: "directive l50000 conflicts with previous s directive",
  "+(": "unrecognized directive: +(",
  constructor: "unrecognized directive: constructor",
};

for (const [word, message] of Object.entries(WRONG)) {
  Deno.test(`the word "${word}" is refused`, () => {
    throws(() => parseScript(["1", word]), { code: 100, message });
  });
}

Deno.test("a word of a wrong shape is told first, then the first wrong number or expression", () => {
  throws(() => parseScript(["1", "-[", "x", "2x"]), { message: "unrecognized directive: x" });
  throws(() => parseScript(["1", "-[", "s1x"]), { message: "unrecognized directive: -[" });
  throws(() => parseScript(["1", "s1x", "-["]), { message: "unrecognized directive: s1x" });
  throws(() => parseScript(["s1x", "-["]), { message: "no action directive specified" });
});

Deno.test("a script without an action is refused, selections at its end are ignored with a warning", () => {
  throws(() => parseScript(["n5", "+x"]), { code: 100, message: "no action directive specified" });
  deepEqual(warnings("1", "+x"), ["ignoring extraneous non-action directives"]);
  deepEqual(warnings("1", "n5"), []);
  deepEqual(warnings("e"), ["directive e is deprecated, use 2 instead"]);
  // Told even where a word turns out to be wrong.
  deepEqual(warnings("s1x", "1", "f"), ["ignoring extraneous non-action directives"]);
});
