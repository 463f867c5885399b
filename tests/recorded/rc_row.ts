// A row whose original runs elsewhere: what that printed and left is recorded in rc.json, and ours must do the same.

import type { SourceTree } from "./definitions.ts";

export interface RecordedRow {
  /** A sentence. */
  readonly name: string;
  readonly files: SourceTree;
  /** Lines of sh, which see the programs first in PATH. By default the source s becomes the database d. */
  readonly script?: readonly string[];
  /** Where ours is meant to be otherwise. */
  readonly differs?: Difference;
}

interface Difference {
  readonly reason: string;
  /** What ours prints, and how the script ends. */
  readonly stdout?: string;
  readonly stderr?: string;
  readonly code?: number;
}

export const COMPILE = "s6-rc-compile d s";

/** A row that compiles at this verbosity. */
export function compiled(name: string, files: SourceTree, verbosity?: number): RecordedRow {
  return { name, files, script: [verbosity === undefined ? COMPILE : `s6-rc-compile -v${verbosity} d s`] };
}

/** A row that compiles, and asks the database things. Exit codes are printed. */
export function asked(name: string, files: SourceTree, ...commands: readonly string[]): RecordedRow {
  return { name, files, script: [COMPILE, ...commands.map((command) => `s6-rc-db -c d ${command}; echo "= $?"`)] };
}
