// What steps, operations and calls of the system are given: how a file is opened, ids, limits.

/**
 * open(2) flags by name; close-on-exec is always added. "path" only points at the file, of whatever kind: the
 * descriptor serves fstat, fchown, fchmod and openAt, and opening asks for no permission on the file itself.
 */
export type OpenFlag =
  | "read"
  | "write"
  | "readwrite"
  | "append"
  | "create"
  | "exclusive"
  | "truncate"
  | "nonblocking"
  | "directory"
  | "nofollow"
  | "path";

/** The ids a program runs with. `groups` are the supplementary groups. */
export interface Credentials {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

/** What setrlimit(2) limits. */
export type Resource =
  | "cpuTime"
  | "fileSize"
  | "data"
  | "stack"
  | "core"
  | "resident"
  | "processes"
  | "openFiles"
  | "lockedMemory"
  | "addressSpace";

/** Limits of a resource; UNLIMITED is the largest value. */
export interface Limits {
  readonly soft: bigint;
  readonly hard: bigint;
}
