// Conditions of services: how they are written, and when they hold.

import { deepEqual, equal } from "node:assert/strict";
import { parseConditions, unmetCondition } from "../../../lib/overlay/conditions.ts";

const VARIABLES: Readonly<Record<string, string>> = { A: "1", EMPTY: "", WORDS: "a b=c" };

/** Why the text does not hold, or the line that is none. */
function why(text: string): string | undefined {
  const parsed = parseConditions(text);
  return "wrong" in parsed ? `wrong: ${parsed.wrong}` : unmetCondition(parsed.conditions, (name) => VARIABLES[name]);
}

const ROWS: readonly (readonly [text: string, why: string | undefined])[] = [
  ["", undefined],
  ["A", undefined],
  ["A\n", undefined],
  ["  A \r\n\n# a comment\n\t# another\n", undefined],
  ["!A", "A is set"],
  ["NONE", "NONE is not set"],
  ["!NONE", undefined],
  ["EMPTY", "EMPTY is not set"],
  ["!EMPTY", undefined],
  ["A=1", undefined],
  ["A=2", `A is not "2"`],
  ["A!=1", `A is "1"`],
  ["A!=2", undefined],
  ["NONE!=2", undefined],
  ["NONE=", undefined],
  ["A=", `A is not ""`],
  ["WORDS=a b=c", undefined],
  ["WORDS!=a b=c", `WORDS is "a b=c"`],
  ["A\nNONE\n!A", "NONE is not set"],
  ["A=\x1b[1m", `A is not "\\x1b[1m"`],
  ["!A=1", "wrong: !A=1"],
  ["=1", "wrong: =1"],
  ["A B", "wrong: A B"],
  ["!", "wrong: !"],
  ["A = 1", "wrong: A = 1"],
  ["A\n!!A", "wrong: !!A"],
];

for (const [text, wanted] of ROWS) {
  Deno.test(`${JSON.stringify(text)} ${wanted === undefined ? "holds" : `does not: ${JSON.stringify(wanted)}`}`, () => {
    equal(why(text), wanted);
  });
}

Deno.test("a condition keeps its parts", () => {
  deepEqual(parseConditions("A!=b c"), { conditions: [{ variable: "A", value: "b c", isNegated: true }] });
});
