// A row of docs/differences.md: one thing that this overlay does and the original does not, with the test that shows it.

/** Where a difference is shown: a file, from the root of the project, and a part of the name that the test has there. */
export type Shown = readonly [file: string, name: string];

export interface Difference {
  /** The heading that the row is printed under. */
  readonly area: string;
  /** What this overlay does, in Markdown: a phrase in bold, then short sentences. */
  readonly ours: string;
  /** What generation 2 does, in sentences that begin with the original. */
  readonly original?: string;
  readonly test?: Shown;
  /** Tests of the other things that the row says. */
  readonly also?: readonly Shown[];
  /** No test shows it yet: it is printed in a list of its own. */
  readonly untested?: true;
  /** Something that the original has and this overlay does not. */
  readonly missing?: true;
}

/** The rows with their area. */
export function inArea(area: string, rows: readonly Omit<Difference, "area">[]): readonly Difference[] {
  return rows.map((row) => ({ area, ...row }));
}

/** All tests that a row names. */
export function testsOfRow({ test, also = [] }: Difference): readonly Shown[] {
  return test === undefined ? also : [test, ...also];
}
