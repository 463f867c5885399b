// What a test and the process 1 of its container tell each other about calls that fail.

/** Calls of one name that are made for one reason. */
export interface Site {
  /** The name of the system call. */
  readonly name: string;
  /** boot, restart or stop. */
  readonly phase: string;
  /** A fingerprint of what leads to the call. */
  readonly site: string;
}

/** Which calls are to fail, and how. */
export interface Fault {
  /** Without it no call fails, and all of them are reported. */
  readonly target?: Site;
  /** The first of the site's calls that fails, counted from 1 on, and how many do from there on. */
  readonly first: number;
  readonly times: number;
  readonly errno: number;
  /** The name of the file, in REPORTS, that tells which calls were made, or which have failed. */
  readonly report: string;
}

/** A call of process 1. */
export interface Made extends Site {
  readonly occurrence: number;
  /** What leads to it, the innermost function first; for the first call of a site, and for those that failed. */
  readonly stack: readonly string[];
}

/** In a container's /run, which is its own. */
export const FAULT_FILE = "/run/fault";
/** Holds the name of the phase that the container is in, if it is not its boot. */
export const PHASE_FILE = "/run/phase";
/** In the root directory, which containers share. */
export const REPORTS = "/reports";

/** How the system calls them. */
export const FILE_ERRORS: Readonly<Record<number, string>> = {
  4: "Interrupted system call",
  5: "Input/output error",
  11: "Resource temporarily unavailable",
  12: "Cannot allocate memory",
  24: "Too many open files",
  28: "No space left on device",
};
