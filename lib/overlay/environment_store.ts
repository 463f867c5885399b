// The store of the container's environment as its readers have it: one file for each variable. A large one (Kubernetes
// gives a container ten variables for each service of its namespace) is kept in memory, and the kernel reports what has
// changed in it.

import { type ByteString, byteString } from "../bytes.ts";
import { Environment } from "../environment.ts";
import type { FileStatus, Os } from "../os/os.ts";
import type { DirectoryWatches } from "../os/parts.ts";
import { isErrno, OsError, textOf, unsuitable } from "../report.ts";
import { isStorable, withoutLineEnd } from "./contenv.ts";
import { PATHS } from "./paths.ts";

export type StoreOs = Pick<Os, "open" | "openAt" | "close" | "read" | "fstat" | "readEntries">;

/** From this many variables on a store is kept in memory, where changes are reported. */
const LARGE = 256;
const MOST_VARIABLES = 200_000;
/** The longest value that a program can be given, in bytes: "NAME=" and a NUL come to it. */
const LONGEST_VALUE = 128 * 1024;

/** What is known of a large store, and how to learn what has changed. */
interface Known {
  readonly identity: string;
  readonly watch: number;
  environment: Environment;
}

export class EnvironmentStore {
  private watches: DirectoryWatches | undefined;
  private known: Known | undefined;
  /** A value comes from elsewhere, by a link: nothing reports when it changes. */
  private hasLinks = false;

  /** @param dropsLineEnd a value is without the line end that a script may have left behind it, as in generation 3 */
  constructor(private readonly os: StoreOs, private dropsLineEnd = false) {}

  /** From now on values are as generation 3 has them. */
  dropLineEnds(): void {
    this.dropsLineEnd = true;
    this.forget();
  }

  /**
   * From now on a large store is kept in memory.
   * @param written what has just been stored, by us: it need not be read
   */
  keep(watches: DirectoryWatches, written: Environment): void {
    this.watches = watches;
    const variables = [...written].filter(([name]) => isStorable(name));
    const watch = variables.length < LARGE ? undefined : this.watch();
    if (watch === undefined) return;
    const directory = this.os.open(PATHS.containerEnvironment, ["path", "directory"]);
    try {
      const identity = identityOf(this.os.fstat(directory));
      this.known = { identity, watch, environment: Environment.empty.with(variables) };
    } finally {
      this.os.close(directory);
    }
  }

  /**
   * The stored environment as it is now. A file's content up to the first NUL is the value; an empty file is an empty
   * variable.
   * @param skip takes a line for each entry that is not a variable: a fifo, a directory, one that is too large
   * @throws OsError if there is no store
   */
  read(skip: (line: ByteString) => void): Environment {
    const { os } = this;
    const directory = os.open(PATHS.containerEnvironment, ["read", "directory"]);
    try {
      const identity = identityOf(os.fstat(directory));
      return this.updated(directory, identity, skip) ?? this.readAll(directory, identity, skip);
    } finally {
      os.close(directory);
    }
  }

  private readAll(directory: number, identity: string, skip: (line: ByteString) => void): Environment {
    const names = this.names(directory);
    // Before anything is read, so that what changes meanwhile is reported.
    const watch = names.length < LARGE ? undefined : this.watch();
    this.hasLinks = false;
    let isWhole = true;
    const variables: [ByteString, ByteString | undefined][] = [];
    for (const name of names) {
      variables.push([
        name,
        this.value(directory, name, (line) => {
          isWhole = false;
          skip(line);
        }),
      ]);
    }
    const environment = Environment.empty.with(variables);
    if (watch === undefined) return environment;
    if (isWhole && !this.hasLinks) this.known = { identity, watch, environment };
    else this.os.close(watch);
    return environment;
  }

  /** What was read before, with what has changed since; undefined if all of it has to be read. */
  private updated(directory: number, identity: string, skip: (line: ByteString) => void): Environment | undefined {
    const { known, watches } = this;
    if (known === undefined || watches === undefined) return undefined;
    const changes = watches.readChanges(known.watch);
    const names = new Set(changes.map(({ name }) => name).filter(isVariable));
    let isWhole = known.identity === identity && !changes.some(({ kind }) => kind === "lost");
    if (isWhole && names.size > 0) {
      const whole = (line: ByteString): void => {
        isWhole = false;
        skip(line);
      };
      const values = [...names].map((name) => [name, this.value(directory, name, whole)] as const);
      known.environment = known.environment.with(values);
    }
    if (isWhole && !this.hasLinks) return known.environment;
    this.forget();
    return undefined;
  }

  /** The next read is from the files. */
  forget(): void {
    if (this.known !== undefined) this.os.close(this.known.watch);
    this.known = undefined;
  }

  private watch(): number | undefined {
    try {
      return this.watches?.watchDirectory(PATHS.containerEnvironment);
    } catch (error) {
      // Their number is limited for each user, and a sandbox may have none.
      if (error instanceof OsError) return undefined;
      throw error;
    }
  }

  private names(directory: number): ByteString[] {
    const names: ByteString[] = [];
    for (let some = this.os.readEntries(directory); some !== undefined; some = this.os.readEntries(directory)) {
      for (const name of some.names) if (isVariable(name)) names.push(name);
      if (names.length <= MOST_VARIABLES) continue;
      throw unsuitable("read", PATHS.containerEnvironment, `it has more than ${MOST_VARIABLES} entries`);
    }
    return names;
  }

  /** Undefined for what is not there, or no variable. */
  private value(directory: number, name: ByteString, skip: (line: ByteString) => void): ByteString | undefined {
    try {
      const value = this.content(directory, name);
      return this.dropsLineEnd ? withoutLineEnd(value) : value;
    } catch (error) {
      if (isErrno(error, "ENOENT")) return undefined;
      if (!(error instanceof OsError)) throw error;
      const path = `${PATHS.containerEnvironment}/${name}`;
      skip(`${textOf(error.about("read", path))}: the variable is left out`);
      return undefined;
    }
  }

  private content(directory: number, name: ByteString): ByteString {
    const { os } = this;
    const fd = this.open(directory, name);
    try {
      const { kind } = os.fstat(fd);
      if (kind !== "file") throw unsuitable("read", name, `it is a ${kind}, not a file`);
      return this.readValue(fd, name);
    } finally {
      os.close(fd);
    }
  }

  private open(directory: number, name: ByteString): number {
    const { os } = this;
    try {
      return os.openAt(directory, name, ["read", "nonblocking", "nofollow"]);
    } catch (error) {
      if (!isErrno(error, "ELOOP")) throw error;
      this.hasLinks = true;
      return os.openAt(directory, name, ["read", "nonblocking"]);
    }
  }

  private readValue(fd: number, name: ByteString): ByteString {
    let text = "";
    for (;;) {
      const got = this.os.read(fd, BUFFER);
      if (got > 0) text += byteString(BUFFER.subarray(0, got));
      const end = text.indexOf("\0");
      if (end >= 0) return text.slice(0, end);
      // The usual value is read by one call: a short read of a file is its end.
      if (got < BUFFER.length) return text;
      if (text.length > LONGEST_VALUE) {
        throw unsuitable("read", name, `it has more than ${LONGEST_VALUE} bytes`);
      }
    }
  }
}

const BUFFER = new Uint8Array(new ArrayBuffer(16 * 1024));

function isVariable(name: ByteString): boolean {
  return name !== "" && !name.startsWith(".") && !name.includes("=");
}

function identityOf({ device, inode }: FileStatus): string {
  return `${device}:${inode}`;
}
