// What the check of an image finds: a fault, where it is, and what to do about it.

import type { ByteString } from "../../bytes.ts";

export const LINT_VERSION = 1;

/** What `s6-overlay lint -j` prints. */
export interface LintReport {
  /** Of these declarations. */
  readonly version: typeof LINT_VERSION;
  /** What was found, in order of path, then of place. */
  readonly findings: readonly LintFinding[];
}

/** A fault, or what may be one. */
export interface LintFinding {
  /**
   * An error keeps something from working as it was written; a warning is told where that cannot be seen from the image; a hint
   * is about what works, and may be meant otherwise.
   */
  readonly severity: "error" | "warning" | "hint";
  /** The name of what was checked, for programs. */
  readonly rule: string;
  /** As the container has it; empty for the environment. */
  readonly path: ByteString;
  /** From 1 on. */
  readonly line?: number;
  /** From 1 on, in bytes. */
  readonly column?: number;
  /** What is said of the path. */
  readonly text: ByteString;
  /** What to do; empty where the text leaves nothing to say. */
  readonly cure: ByteString;
}

/** In order of path, then of place: what is about one file stands together. */
export function sortedFindings(findings: readonly LintFinding[]): LintFinding[] {
  return findings.toSorted((a, b) =>
    a.path === b.path
      ? (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0) || compare(a.text, b.text)
      : compare(a.path, b.path)
  );
}

function compare(one: ByteString, other: ByteString): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
