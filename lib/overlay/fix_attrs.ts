// fix-attrs at work: each rule's pattern becomes paths, and each path gets its owner and mode, with all that lies below
// it if the rule says so. Follows generation 2 of the overlay, except that links met below a path are left alone, not
// followed out of the tree; that an unterminated last line counts; and that what is right already is not touched.

import type { ByteString } from "../bytes.ts";
import { glob } from "../glob.ts";
import type { FileStatus, Os } from "../os/os.ts";
import { isErrno, OsError, textOf } from "../report.ts";
import { type Owner, parseRule, resolveOwner, type Rule } from "./attribute_rule.ts";

/** What applying rules needs of the system. */
export type FixPorts = Pick<
  Os,
  | "open"
  | "openAt"
  | "close"
  | "fstat"
  | "lstatAt"
  | "fchown"
  | "fchmod"
  | "readNames"
  | "readFile"
  | "listDirectory"
  | "lstat"
>;

export interface FixOptions {
  /** Recursion takes in names that begin with a dot. */
  readonly hidden: boolean;
  /** Takes one line for each thing that failed. */
  readonly report: (line: string) => void;
}

/** So many entries are looked at between two yields. */
const STRIDE = 256;
/** Nobody could name a deeper place, and reaching it takes a call for each step. */
const LONGEST_PATH = 4096;

/**
 * Applies all rules, yielding now and then for the caller to do other things. Returns the exit code of the program: 0
 * if there was a line at all, else 1. Failures are reported and change nothing about it.
 */
export function* applyRules(os: FixPorts, text: ByteString, options: FixOptions): Generator<void, number> {
  const lines = text.split("\n");
  for (const [index, line] of lines.entries()) {
    const report = (trouble: string): void => options.report(`line ${index + 1}: ${trouble}`);
    try {
      const rule = parseRule(line);
      if (rule === undefined) continue;
      const owner = resolveOwner(os, rule.account);
      rule.faults.forEach(report);
      yield* new Fixer(os, rule, owner, { ...options, report }).run();
    } catch (error) {
      report(textOf(error));
    }
  }
  return text === "" ? 1 : 0;
}

/** One rule at work. */
class Fixer {
  private seen = 0;

  constructor(
    private readonly os: FixPorts,
    private readonly rule: Rule,
    private readonly owner: Owner,
    private readonly options: FixOptions,
  ) {}

  *run(): Generator<void> {
    const { pattern } = this.rule;
    const ports = {
      listDirectory: (path: ByteString): ByteString[] => this.os.listDirectory(path),
      exists: (path: ByteString): boolean => this.os.lstat(path) !== undefined,
    };
    for (const path of glob(ports, pattern)) {
      // A pattern like .* matches them, but nobody means the directory above.
      if (/\/\.\.?$/.test(path) && !/\/\.\.?$/.test(pattern)) continue;
      yield* this.match(path);
    }
  }

  /** A path of the rule itself, which may be a link. */
  private *match(path: ByteString): Generator<void> {
    const top = this.attempt("open", path, () => this.os.open(path, ["path"]));
    if (top === undefined) return;
    try {
      const status = this.attempt("stat", path, () => this.os.fstat(top));
      if (status === undefined) return;
      this.fix(top, path, status);
      if (this.rule.recurse && status.kind === "directory") yield* this.below(top, path);
      else if (this.isTimeToYield()) yield;
    } finally {
      this.os.close(top);
    }
  }

  /**
   * Everything below a directory. One directory is open at a time, so that depth costs no descriptors; each is reached
   * from the top by way of names that are no links, so that nobody can lead us elsewhere by renaming.
   */
  private *below(top: number, path: ByteString): Generator<void> {
    const waiting: ByteString[] = ["."];
    for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
      const shown = place === "." ? path : `${path}/${place.slice(2)}`;
      const directory = this.attempt("open", shown, () => this.enter(top, place!));
      if (directory === undefined) continue;
      try {
        for (const name of this.names(directory, shown)) {
          if (this.entry(directory, name, `${shown}/${name}`)) waiting.push(`${place}/${name}`);
          if (this.isTimeToYield()) yield;
        }
      } finally {
        this.os.close(directory);
      }
    }
  }

  private enter(top: number, place: ByteString): number {
    if (place.length >= LONGEST_PATH) throw new OsError("open", "", "ENAMETOOLONG", "File name too long");
    let at = top;
    for (const name of place.split("/")) {
      const next = (): number => this.os.openAt(at, name, ["read", "directory", "nofollow"]);
      try {
        at = this.leaving(at, top, next);
      } catch (error) {
        throw isErrno(error, "ENOTDIR", "ELOOP") ? new OsError("open", "", "ENOTDIR", "replaced by a link") : error;
      }
    }
    return at;
  }

  /** What the call returns, the descriptor left behind closed, unless it is the top. */
  private leaving(at: number, top: number, call: () => number): number {
    try {
      return call();
    } finally {
      if (at !== top) this.os.close(at);
    }
  }

  private *names(directory: number, path: ByteString): Generator<ByteString> {
    for (;;) {
      const names = this.attempt("read directory", path, () => this.os.readNames(directory));
      if (names === undefined) return;
      for (const name of names) if (this.options.hidden || !name.startsWith(".")) yield name;
    }
  }

  /** Fixes an entry of an open directory; true if it is a directory itself. */
  private entry(directory: number, name: ByteString, path: ByteString): boolean {
    const before = this.attempt("stat", path, () => this.os.lstatAt(directory, name));
    if (before === undefined || before.kind === "link") return false;
    if (this.isRight(before)) return before.kind === "directory";
    const fd = this.attempt("open", path, () => this.os.openAt(directory, name, ["path", "nofollow"]));
    if (fd === undefined) return false;
    try {
      const status = this.os.fstat(fd);
      if (status.kind !== "link") this.fix(fd, path, status);
      return status.kind === "directory";
    } finally {
      this.os.close(fd);
    }
  }

  private fix(fd: number, path: ByteString, status: FileStatus): void {
    if (this.isRight(status)) return;
    const { uid, gid } = this.owner;
    this.attempt("chown", path, () => this.os.fchown(fd, uid ?? -1, gid ?? -1));
    const mode = this.modeFor(status);
    if (mode !== undefined) this.attempt("chmod", path, () => this.os.fchmod(fd, mode));
  }

  private modeFor({ kind }: FileStatus): number | undefined {
    return kind === "directory" ? this.rule.directoryMode : this.rule.fileMode;
  }

  /** True if nothing would change. On an overlay file system a needless change copies the whole file. */
  private isRight(status: FileStatus): boolean {
    const { uid = status.uid, gid = status.gid } = this.owner;
    if (status.uid !== uid || status.gid !== gid) return false;
    const mode = this.modeFor(status);
    // Without a mode, changing the owner takes the setuid bits of a file away, whoever it was.
    return mode === undefined ? status.kind === "directory" || (status.mode & 0o6000) === 0 : status.mode === mode;
  }

  /** The call's result; if it fails, that is reported, and undefined. */
  private attempt<T>(action: string, path: ByteString, call: () => T): T | undefined {
    try {
      return call();
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      this.options.report(new OsError(action, path, error.errno, error.reason).message);
      return undefined;
    }
  }

  private isTimeToYield(): boolean {
    return ++this.seen % STRIDE === 0;
  }
}
