// The list that the keeper of pipes is filled from.

import { deepEqual } from "node:assert/strict";
import { autofilledNames } from "../../../lib/rc/autofilled.ts";

const ROWS: readonly (readonly [text: string, names: readonly string[]])[] = [
  ["", []],
  ["a\nb\n", ["a", "b"]],
  ["a", ["a"]],
  [" \t\r a b \r\n\n# c\n  #d\ne#f\n", ["a b \r", "e#f"]],
  ["a\nb\0c\nd\n", ["a", "b"]],
];

for (const [text, names] of ROWS) {
  Deno.test(`the list ${JSON.stringify(text)} has ${names.length} names`, () =>
    deepEqual(autofilledNames(text), names));
}
