// A repository of services, as it lies on disk: links to stores, which are source directories; sets, which give each service an
// rx by the directory that has a link to it; and the databases that were compiled of them. Follows s6-rc.

import type { ByteString } from "../../bytes.ts";
import type { CopyPorts } from "../../copy.ts";
import type { Os } from "../../os/os.ts";
import { about, Failure, ifThere, OsError, unlessRefused } from "../../report.ts";
import { randomLetters } from "../../random.ts";
import type { RemovePorts } from "../../tree.ts";
import { type DatabasePorts, readDatabase } from "../database_directory.ts";
import type { Graph } from "../graph.ts";
import { type LockPorts, takeLock } from "../lock.ts";
import { EVERY_RX, type Rx, RX_NAMES, type SetContent } from "./rx.ts";

export type RepositoryOs =
  & CopyPorts
  & RemovePorts
  & LockPorts
  & DatabasePorts
  & Pick<
    Os,
    "listDirectory" | "find" | "stat" | "lstat" | "symlink" | "readLink" | "rename" | "unlink" | "makeDirectory"
  >
  & Pick<Os, "writeFile" | "touch" | "chmod" | "randomBytes" | "now" | "monotonic">;

const NO_SET = 3;
const INCONSISTENT = 102;
const DIRECTORY_MODE = 0o755;
/** What is made in such a directory belongs to its group. */
const SET_GROUP = 0o2000;
const RANDOM_LETTERS = 6;
/** The database of all services of all stores. */
export const REFERENCE = ".ref";

export class Repository {
  constructor(readonly os: RepositoryOs, readonly path: ByteString) {}

  get sources(): ByteString {
    return `${this.path}/sources`;
  }

  get compiled(): ByteString {
    return `${this.path}/compiled`;
  }

  set(name: ByteString): ByteString {
    return `${this.sources}/${name}`;
  }

  /** Keeps others away until this process ends. */
  lock(shared = false): void {
    about("lock", this.path, () => takeLock(this.os, this.path, { wait: true, shared }));
  }

  /** The services of all stores. */
  reference(): Graph {
    const database = `${this.compiled}/${REFERENCE}`;
    takeLock(this.os, database, { wait: true, shared: true });
    return readDatabase(this.os, database).graph;
  }

  /** The names of its sets. */
  sets(): readonly ByteString[] {
    return visibleNames(this.os, this.sources);
  }

  /** @throws Failure 3 if there is no such set, 102 if it is none */
  requireSet(name: ByteString): void {
    const path = this.set(name);
    const status = ifThere(() => about("stat", path, () => this.os.stat(path)));
    if (status === undefined) throw new Failure(NO_SET, `set ${name} does not exist in repository ${this.path}`);
    if (status.kind !== "directory") throw new Failure(INCONSISTENT, `file ${path} is not a directory`);
  }

  content(name: ByteString): SetContent {
    return new Map(EVERY_RX.flatMap((rx) => this.servicesOf(name, rx).map((service) => [service, rx] as const)));
  }

  servicesOf(name: ByteString, rx: Rx): readonly ByteString[] {
    return visibleNames(this.os, `${this.set(name)}/${RX_NAMES[rx]}`);
  }

  /** From now on what is compiled of it is out of date. */
  touchSet(name: ByteString): void {
    const path = `${this.set(name)}/.stamp`;
    about("touch", path, () => {
      const fd = this.os.open(path, ["write", "create", "nonblocking"]);
      try {
        this.os.touch(fd);
      } finally {
        this.os.close(fd);
      }
    });
  }

  /** What is compiled of it is newer than its last change. */
  isUpToDate(name: ByteString): boolean {
    const stamp = `${this.set(name)}/.stamp`;
    const database = `${this.compiled}/${name}`;
    const changed = about("stat", stamp, () => this.os.stat(stamp)).modified;
    const compiled = ifThere(() => about("stat", database, () => this.os.stat(database)))?.modified;
    return compiled !== undefined && changed < compiled;
  }

  /** A path that begins so and that nothing has. */
  fresh(prefix: ByteString): ByteString {
    return prefix + randomLetters(this.os, RANDOM_LETTERS);
  }

  /**
   * A new directory, whatever the umask.
   * @param isShared what is made in it belongs to its group
   */
  makeDirectory(path: ByteString, isShared = false): void {
    about("mkdir", path, () => {
      this.os.makeDirectory(path, DIRECTORY_MODE);
      // In a directory that is shared, a new one is so by itself.
      const inherited = this.os.stat(path).mode & SET_GROUP;
      this.os.chmod(path, DIRECTORY_MODE | (isShared ? SET_GROUP : inherited));
    });
  }

  link(target: ByteString, path: ByteString): void {
    about("symlink", `${target} to ${path}`, () => this.os.symlink(target, path));
  }

  /** Puts a link in the place of another one, if there is one, and returns what that said. */
  relink(target: ByteString, path: ByteString): ByteString | undefined {
    const { os } = this;
    return about("atomically symlink", `${target} to ${path}`, () => {
      const former = ifThere(() => os.readLink(path));
      const made = this.fresh(`${path}:`);
      os.symlink(target, made);
      try {
        os.rename(made, path);
      } catch (error) {
        unlessRefused(() => os.unlink(made));
        throw error;
      }
      return former;
    });
  }
}

/** Names that do not begin with a dot, in order. @throws OsError */
export function visibleNames(os: Pick<Os, "listDirectory">, directory: ByteString): readonly ByteString[] {
  return about("opendir", directory, () => os.listDirectory(directory)).filter((name) => !name.startsWith(".")).sort();
}

/** @throws Failure 100 for a name that no set can have */
export function requireSetName(name: ByteString): void {
  if (name === "") throw new Failure(100, "set names cannot be empty");
  if (/[/\n]/.test(name)) throw new Failure(100, "set names cannot contain / or newlines");
}

/** @throws Failure 100 for a name that no service can have */
export function requireServiceName(name: ByteString): void {
  const fault = name === ""
    ? "be empty"
    : name.startsWith(".")
    ? "start with a dot"
    : /[/\n]/.test(name)
    ? "contain / or newlines"
    : /^s6-?rc-/.test(name)
    ? "start with reserved prefixes"
    : undefined;
  if (fault !== undefined) throw new Failure(100, `service names cannot ${fault}`);
}

/** The directory that a link of the repository leads to, beside it: this prefix and six letters. @throws Failure 102 */
export function hiddenTarget(repository: Repository, path: ByteString, name: ByteString): ByteString {
  const target = about("readlink", path, () => repository.os.readLink(path));
  const rest = target.startsWith(`.${name}:`) ? target.slice(name.length + 2) : "";
  if (rest.length !== RANDOM_LETTERS || rest.includes("/")) {
    throw new Failure(INCONSISTENT, `symlink ${path} points to an invalid name`);
  }
  return `${path.slice(0, path.lastIndexOf("/"))}/${target}`;
}

/** Does it, and what undoes it if that fails. */
export function orUndo<T>(work: () => T, undo: () => void): T {
  try {
    return work();
  } catch (error) {
    try {
      undo();
    } catch (second) {
      if (!(second instanceof OsError)) throw second;
    }
    throw error;
  }
}
