// The one error vocabulary. Code throws by meaning; cli/main.ts alone prints and turns an error into an exit code.
// Texts and codes follow the skarnet programs: "PROG: fatal: unable to DO OBJECT: REASON", 100 usage, 111 system.

import type { ByteString } from "./bytes.ts";

/** Exit codes with a fixed meaning. */
export const EXIT = { usage: 100, bug: 101, system: 111, cannotExecute: 126, notFound: 127 } as const;

/**
 * An error for people. It has no trace of the stack, which would never be seen: V8 takes milliseconds for the first one
 * in a process.
 */
export class Reported extends Error {
  constructor(text?: string, options?: ErrorOptions) {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(text, options);
    Error.stackTraceLimit = limit;
  }
}

/** A failed system call: what was attempted, on what, and the system's reason. */
export class OsError extends Reported {
  /**
   * @param action what failed, as a verb: "open", "mkdir", "exec"
   * @param object the path or thing it failed on; may be empty
   * @param errno the symbolic name: "ENOENT"
   * @param reason the system's text: "No such file or directory"
   */
  constructor(
    readonly action: string,
    readonly object: ByteString,
    readonly errno: string,
    readonly reason: string,
  ) {
    super(`unable to ${action}${object === "" ? "" : " " + object}: ${reason}`);
  }

  /** The same failure in terms of what was wanted. */
  about(action: string, object: ByteString): OsError {
    return new OsError(action, object, this.errno, this.reason);
  }
}

/** The failure where the system would not refuse and we do, as the object is not what it must be. It has no errno. */
export function unsuitable(action: string, object: ByteString, reason: string): OsError {
  return new OsError(action, object, "", reason);
}

/** An error with a text for people and the exit code it leads to. */
export class Failure extends Reported {
  constructor(readonly code: number, text: string) {
    super(text);
  }
}

/** The command line is wrong: the usage line is printed and the exit code is 100. */
export class UsageError extends Reported {}

/** Bad input that is not about options: exit code 100 unless another is given. */
export function invalid(text: string, code: number = EXIT.usage): Failure {
  return new Failure(code, text);
}

/** True if the error is a failed system call with one of these errno names. */
export function isErrno(error: unknown, ...names: string[]): error is OsError {
  return error instanceof OsError && names.includes(error.errno);
}

/** What has failed in the end, where an error only says what has met it. */
function rootOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? rootOf(error.cause) : error;
}

/** The result; undefined if the system refused. */
export function unlessRefused<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof OsError) return undefined;
    throw error;
  }
}

/** What is there; undefined if nothing is (ENOENT), or one of these other errors says that it does not count. */
export function ifThere<T>(work: () => T, ...also: string[]): T | undefined {
  try {
    return work();
  } catch (error) {
    if (isErrno(error, "ENOENT", ...also)) return undefined;
    throw error;
  }
}

/** Makes something; false if what has its name is there already. */
export function unlessThere(make: () => void): boolean {
  try {
    make();
    return true;
  } catch (error) {
    if (isErrno(error, "EEXIST")) return false;
    throw error;
  }
}

/** The exit code an error leads to. */
export function exitCodeOf(met: unknown): number {
  const error = rootOf(met);
  if (error instanceof Failure) return error.code;
  if (error instanceof OsError) return EXIT.system;
  if (error instanceof UsageError) return EXIT.usage;
  return EXIT.bug;
}

/** What was not possible, and why; undefined where the program itself is at fault. */
export function refusalOf(met: unknown): string | undefined {
  const error = rootOf(met);
  return error instanceof Failure || error instanceof OsError ? error.message : undefined;
}

/** The text of an error after "PROG: fatal: ". */
export function textOf(met: unknown): string {
  const refusal = refusalOf(met);
  if (refusal !== undefined) return refusal;
  const error = rootOf(met);
  return `internal error, please report it: ${error instanceof Error ? error.stack ?? error.message : String(error)}`;
}

/** Does it; a failing system call is reported in terms of what was wanted, not of the file it failed on. */
export function about<T>(action: string, object: ByteString, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof OsError ? error.about(action, object) : error;
  }
}
