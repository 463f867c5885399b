// A row about a difference from the original counts as long as there is the test that it names.

import { deepEqual, match } from "node:assert/strict";
import { faultsOfDifferences } from "../../scripts/differences/check.ts";
import { DIFFERENCES, printDifferences } from "../../scripts/differences/print.ts";
import type { Difference } from "../../scripts/differences/row.ts";

const FILES: Readonly<Record<string, string>> = { "tests/a_test.ts": 'Deno.test("a stop ends", () => {});' };
const STOP: Difference = { area: "Stop", ours: "**A stop ends.** Always." };

function faults(row: Partial<Difference>): string[] {
  return faultsOfDifferences([{ ...STOP, ...row }], (path) => FILES[path]);
}

Deno.test("a row whose test is there has no fault", () => {
  deepEqual(faults({ test: ["tests/a_test.ts", "a stop ends"] }), []);
  deepEqual(faults({ untested: true }), []);
  deepEqual(faults({ missing: true }), []);
});

Deno.test("a row without a test is named", () => {
  deepEqual(faults({}), ["Stop: A stop ends.: no test is named: name one, or mark the row as untested"]);
});

Deno.test("a row whose test file, or whose test, is missing is named", () => {
  deepEqual(faults({ test: ["tests/b_test.ts", "a stop ends"] }), [
    "Stop: A stop ends.: there is no test file tests/b_test.ts",
  ]);
  deepEqual(faults({ test: ["tests/a_test.ts", "a stop ends"], also: [["tests/a_test.ts", "a start ends"]] }), [
    'Stop: A stop ends.: tests/a_test.ts has no test "a start ends"',
  ]);
});

Deno.test("a row that has a test is not marked as one without", () => {
  deepEqual(faults({ test: ["tests/a_test.ts", "a stop ends"], untested: true }), [
    "Stop: A stop ends.: it has a test, and is marked as a row without one",
  ]);
});

Deno.test("each row is on the page once, below its heading, with the file of its test", () => {
  const shown: Difference = { ...STOP, original: "The original waits.", test: ["tests/a_test.ts", "a stop ends"] };
  const page = printDifferences([shown, { ...STOP, ours: "**None.**", missing: true }], "<!-- printed -->");
  match(page, /\n### Stop\n\n- \*\*A stop ends\.\*\* Always\. The original waits\. \(test: tests\/a_test\.ts\)\n/);
  match(page, /\n## Not there yet\n\n- \*\*None\.\*\*$/);
});

Deno.test("nothing is said twice", () => {
  const said = DIFFERENCES.map(({ ours }) => ours);
  deepEqual(said.filter((text, index) => said.indexOf(text) !== index), []);
});
