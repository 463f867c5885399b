// A row of docs/differences.md is true as long as a test holds it: here it is seen whether that test is there.

import { type Difference, testsOfRow } from "./row.ts";

/**
 * What is wrong with the rows, in a line each.
 * @param read the text of a file, by its path from the root of the project; undefined if there is no such file
 */
export function faultsOfDifferences(
  rows: readonly Difference[],
  read: (path: string) => string | undefined,
): string[] {
  return rows.flatMap((row) => faultsOfRow(row, read).map((fault) => `${row.area}: ${leadOf(row)}: ${fault}`));
}

function faultsOfRow(row: Difference, read: (path: string) => string | undefined): string[] {
  const isWithout = row.untested === true || row.missing === true;
  if (isWithout) return row.test === undefined ? [] : ["it has a test, and is marked as a row without one"];
  if (row.test === undefined) return ["no test is named: name one, or mark the row as untested"];
  return testsOfRow(row).flatMap(([file, name]) => {
    const text = read(file);
    if (text === undefined) return [`there is no test file ${file}`];
    return text.includes(name) ? [] : [`${file} has no test "${name}"`];
  });
}

/** The phrase in bold that a row begins with. */
function leadOf({ ours }: Difference): string {
  return /^\*\*(.+?)\*\*/.exec(ours)?.[1] ?? ours.slice(0, 60);
}
