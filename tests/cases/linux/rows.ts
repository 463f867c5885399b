// Short forms of rows for the Linux utilities. Debian has none of them, so each row says what must come out; what they
// say was seen with s6-linux-utils 2.6.1.

import { ownNamespaces } from "../../../scripts/namespaces.ts";
import type { Case, Result } from "../../rows/harness.ts";
import { row } from "../portable/rows.ts";

/** This file has no rows of its own. */
export const cases: readonly Case[] = [];

/**
 * A script as process 1 of namespaces of its own: what it mounts and how it calls the host is seen by no other process.
 */
export function isolated(
  script: string,
  expect: Partial<Result>,
  start: Omit<Case, "name" | "argv" | "expect"> = {},
): Case {
  return { ...row([...ownNamespaces("mount", "uts", "pid", "proc"), "sh", "-c", script], expect, start), name: script };
}
