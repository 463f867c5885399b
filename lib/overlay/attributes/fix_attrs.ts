// fix-attrs at work: each rule's pattern becomes paths, and each path gets its owner and mode, with all that lies below
// it if the rule says so. Follows generation 2 of the overlay, except that links met below a path are left alone, not
// followed out of the tree; that a path leads through links of users only to what is theirs; that an unterminated last line
// counts; and that what is right already is not touched.

import type { ByteString } from "../../bytes.ts";
import { Descent, type DescentPorts } from "../../descent.ts";
import { type Followed, type FollowingPorts, followPath, leadToTheirOwn, usersOf } from "../../followed_path.ts";
import { glob } from "../../glob.ts";
import type { FileStatus, Os } from "../../os/os.ts";
import { isErrno, OsError, textOf, unsuitable } from "../../report.ts";
import { type Owner, parseRule, resolveOwner, type Rule } from "./attribute_rule.ts";
import { areLinksProtected, mayBeForeign } from "./foreign_link.ts";

/** What applying rules needs of the system. */
export type FixPorts =
  & DescentPorts
  & FollowingPorts
  & Pick<Os, "open" | "fstat" | "lstatAt" | "fchown" | "fchmod" | "readFile" | "listDirectory" | "lstat">;

interface FixOptions {
  /** Recursion takes in names that begin with a dot. */
  readonly hidden: boolean;
  /** Takes one line for each thing that failed. */
  readonly warn: (line: string) => void;
}

/** How many entries are inspected between two yields. */
const STRIDE = 256;

/**
 * Applies all rules, yielding now and then for the caller to do other things. Returns the exit code of the program: 0
 * if there was a line at all, else 1. Failures are reported and change nothing about it.
 */
export function* applyRules(os: FixPorts, text: ByteString, options: FixOptions): Generator<void, number> {
  const lines = text.split("\n");
  for (const [index, line] of lines.entries()) {
    const warn = (fault: string): void => options.warn(`line ${index + 1}: ${fault}`);
    try {
      const rule = parseRule(line);
      if (rule === undefined) continue;
      const owner = resolveOwner(os, rule.account);
      rule.faults.forEach(warn);
      yield* new Fixer(os, rule, owner, { ...options, warn }).run();
    } catch (error) {
      warn(textOf(error));
    }
  }
  return text === "" ? 1 : 0;
}

/** A path, made only when it is needed: it costs time that grows with its depth. */
type Path = () => ByteString;

/** One rule at work. */
class Fixer {
  private seen = 0;
  /**
   * What is refused whatever the file, to be reported once: the first error of each action, and how many more there
   * were.
   */
  private readonly refused = new Map<string, [OsError, number]>();

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
      // A pattern like .* matches them, but the directory above is never meant.
      if (/\/\.\.?$/.test(path) && !/\/\.\.?$/.test(pattern)) continue;
      yield* this.match(path);
    }
    for (const [{ action, reason }, more] of this.refused.values()) {
      if (more > 0) this.options.warn(`unable to ${action} ${more} more: ${reason}`);
    }
  }

  /** A path of the rule itself, which may be a link. */
  private *match(path: ByteString): Generator<void> {
    const name: Path = () => path;
    const foreign: FileStatus[] = [];
    const found = this.attempt(
      "open",
      name,
      () => followPath(this.os, path, (_, link, directory) => foreign.push(link, directory)),
    );
    if (found === undefined) return;
    try {
      const status = this.attempt("stat", name, () => this.os.fstat(found.fd));
      if (status === undefined || this.isRefused(name, status, found, foreign)) return;
      this.fix(found.fd, name, status);
      if (this.rule.recurse && status.kind === "directory") yield* this.directory(found.fd, path, status);
      else if (this.isTimeToYield()) yield;
    } finally {
      this.os.close(found.fd);
    }
  }

  /**
   * True for what is to be left alone, as a user can have had the path lead there who could not do the same in its place.
   * @param foreign links on the way that users can have made, and their directories
   */
  private isRefused(path: Path, status: FileStatus, { above }: Followed, foreign: readonly FileStatus[]): boolean {
    if (leadToTheirOwn(foreign, status)) return this.isForeignName(path, status, above);
    if (!this.isRight(status) || this.rule.recurse && status.kind === "directory") {
      const [user] = usersOf(foreign);
      const who = user === undefined ? "others" : `user ${user}`;
      this.options.warn(
        `${path()} left alone: it leads through a link that ${who} can have made to a ${status.kind} of user ` +
          `${status.uid} (have root make the link, in a directory that only root can write to)`,
      );
    }
    return true;
  }

  /** True for one of several names that another user may have made, which is reported. */
  private isForeignName(path: Path, status: FileStatus, above: FileStatus): boolean {
    if (this.isRight(status) || !mayBeForeign(status, above) || areLinksProtected(this.os)) return false;
    this.options.warn(`${path()} left alone: it has ${status.links} names, and may be somebody else's`);
    return true;
  }

  private *directory(directory: number, path: ByteString, status: FileStatus): Generator<void> {
    const top = this.attempt("open", () => path, () => this.os.openAt(directory, ".", ["read", "directory"]));
    if (top === undefined) return;
    const walk = new Descent(this.os, top);
    try {
      yield* this.below(walk, path, status);
    } finally {
      walk.close();
      this.os.close(top);
    }
  }

  /** Everything below a directory; of each one on the way its status is kept as it was before it was fixed. */
  private *below(walk: Descent, path: ByteString, status: FileStatus): Generator<void> {
    const before = [status];
    const here = (name?: ByteString): Path => () => [path, walk.path(name)].filter((part) => part !== "").join("/");
    for (;;) {
      const name = this.attempt("read directory", here(), () => walk.next());
      if (name === undefined) {
        if (walk.depth === 0) return;
        before.pop();
        if (this.attempt("return from", here(), () => walk.leave()) === undefined) return;
        continue;
      }
      if (!this.options.hidden && name.startsWith(".")) continue;
      const found = this.entry(walk.directory, name, here(name), before.at(-1)!);
      if (found?.kind === "directory" && this.attempt("open", here(name), () => this.enter(walk, name, found))) {
        before.push(found);
      }
      if (this.isTimeToYield()) yield;
    }
  }

  private enter(walk: Descent, name: ByteString, { device, inode }: FileStatus): true {
    walk.enter(name);
    const entered = this.os.fstat(walk.directory);
    if (entered.inode === inode && entered.device === device) return true;
    walk.leave();
    throw unsuitable("open", name, "it was replaced meanwhile");
  }

  /** Fixes an entry of an open directory, and returns its status before; undefined if there is nothing to be done. */
  private entry(directory: number, name: ByteString, path: Path, above: FileStatus): FileStatus | undefined {
    const before = this.attempt("stat", path, () => this.os.lstatAt(directory, name));
    if (before === undefined || before.kind === "link") return undefined;
    if (this.isRight(before)) return before;
    const fd = this.attempt("open", path, () => this.os.openAt(directory, name, ["path", "nofollow"]));
    if (fd === undefined) return undefined;
    try {
      const status = this.os.fstat(fd);
      if (status.kind === "link") return undefined;
      if (this.isForeignName(path, status, above)) return undefined;
      this.fix(fd, path, status);
      return status;
    } finally {
      this.os.close(fd);
    }
  }

  private fix(fd: number, path: Path, status: FileStatus): void {
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
    // Without a mode, changing the owner takes the setuid bits of a file away, whatever it was.
    return mode === undefined ? status.kind === "directory" || (status.mode & 0o6000) === 0 : status.mode === mode;
  }

  /** The call's result; if it fails, that is reported, and undefined. */
  private attempt<T>(action: string, path: Path, call: () => T): T | undefined {
    try {
      return call();
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      this.tell(error.about(action, path()));
      return undefined;
    }
  }

  private tell(error: OsError): void {
    const refused = this.refused.get(`${error.action} ${error.errno}`);
    if (refused !== undefined) refused[1]++;
    else this.options.warn(error.message);
    if (refused === undefined && isErrno(error, "EPERM", "EROFS")) {
      this.refused.set(`${error.action} ${error.errno}`, [error, 0]);
    }
  }

  private isTimeToYield(): boolean {
    return ++this.seen % STRIDE === 0;
  }
}
