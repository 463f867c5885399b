// The directory of a compiled database: n, db, resolve.cdb, lock and servicedirs.

import { type ByteString, rawBytes } from "../bytes.ts";
import { type CdbRecord, encodeCdb } from "../cdb.ts";
import type { Os } from "../os/os.ts";
import { about, Failure } from "../report.ts";
import { decodeSizes, encodeDatabase, encodeSizes } from "./database.ts";
import { faultOfServices } from "./database_check.ts";
import { BrokenDatabase, decodeDatabase, decodeResolve } from "./database_reader.ts";
import type { Graph } from "./graph.ts";
import { type Progress, VERBOSITY } from "./progress.ts";

export type DatabasePorts = Pick<Os, "open" | "read" | "fstat" | "close">;

/** The exit code where a database or a state is broken. */
export const BROKEN = 4;
/** A file that is larger has been written by no compiler. */
const LARGEST_FILE = 64 * 1024 * 1024;

/** What a database holds. */
export interface Database {
  readonly graph: Graph;
  /** The numbers of the services as they were defined. */
  readonly order: readonly number[];
}

/** What a file of the database comes to; a failure to read it says this action. */
type ReadFile = <T>(file: ByteString, action: string, decode: (bytes: Uint8Array) => T) => T;

/**
 * The graph of a database. Whatever lies there, the graph is one that can be changed.
 * @throws Failure with code 4 if the database is broken; OsError
 */
export function readDatabase(os: DatabasePorts, directory: ByteString): Database {
  return readDatabaseBy((file, action, decode) => read(os, file, action, decode), directory);
}

/** The same, where files are read in another way. */
export function readDatabaseBy(read: ReadFile, directory: ByteString): Database {
  const sizes = read(`${directory}/n`, "read", (bytes) => decodeSizes(bytes));
  if (sizes === undefined) throw new Failure(BROKEN, `invalid service database in ${directory}/n`);
  const { services, order } = read(
    `${directory}/db`,
    "read",
    (bytes) => checked(`invalid service database in ${directory}/db`, () => decodeDatabase(sizes, bytes)),
  );
  const fault = faultOfServices(services);
  if (fault !== undefined) throw new Failure(BROKEN, `invalid service database in ${directory}: ${fault}`);
  const bundles = read(
    `${directory}/resolve.cdb`,
    "cdb_init",
    (bytes) => checked(`invalid cdb in ${directory}/resolve.cdb`, () => decodeResolve(bytes, services)),
  );
  return { graph: { services, bundles }, order };
}

function checked<T>(text: ByteString, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof BrokenDatabase)) throw error;
    throw new Failure(BROKEN, `${text}: ${error.message}`);
  }
}

/** What a file comes to. It is regular, and no larger than it may be. */
function read<T>(os: DatabasePorts, file: ByteString, action: string, decode: (bytes: Uint8Array) => T): T {
  return decode(about(action, file, () => {
    const fd = os.open(file, ["read", "nonblocking"]);
    try {
      const { kind, size } = os.fstat(fd);
      if (kind !== "file" || size > LARGEST_FILE) throw new Failure(BROKEN, `${file} is no part of a database`);
      return readAll(os, fd, size);
    } finally {
      os.close(fd);
    }
  }));
}

function readAll(os: DatabasePorts, fd: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let at = 0;
  while (at < size) {
    const got = os.read(fd, bytes.subarray(at));
    if (got === 0) break;
    at += got;
  }
  return bytes.subarray(0, at);
}

export type DatabaseWriting = Pick<Os, "open" | "writeAll" | "close">;

/** Writes n, resolve.cdb and db into the directory. */
export function writeDatabase(
  os: DatabaseWriting,
  directory: ByteString,
  { graph, order }: Database,
  progress: Progress,
): void {
  const { sizes, bytes } = encodeDatabase(graph, order);
  const write = (name: string, content: Uint8Array<ArrayBuffer>): void => {
    progress(VERBOSITY.services, "info", `writing ${directory}/${name}`);
    writeBytes(os, `${directory}/${name}`, content);
  };
  write("n", encodeSizes(sizes));
  write("resolve.cdb", encodeCdb(resolveRecords(graph)));
  write("db", bytes);
}

/** Services and then bundles, each from the last one on. */
function resolveRecords({ services, bundles }: Graph): CdbRecord[] {
  const atomics = services.map(({ name }, number): CdbRecord => [name, packed([number])]);
  const groups = [...bundles].map(([name, members]): CdbRecord => [name, packed(members)]);
  return [...atomics.reverse(), ...groups.reverse()];
}

function packed(numbers: readonly number[]): ByteString {
  return numbers.map((number) =>
    String.fromCharCode(number >>> 24, number >> 16 & 255, number >> 8 & 255, number & 255)
  )
    .join("");
}

function writeBytes(os: DatabaseWriting, path: ByteString, content: Uint8Array<ArrayBuffer>): void {
  about("write to", path, () => {
    const fd = os.open(path, ["write", "create", "truncate"]);
    try {
      os.writeAll(fd, content);
    } finally {
      os.close(fd);
    }
  });
}

/** Writes a small file of the database. */
export function writeText(os: DatabaseWriting, path: ByteString, text: ByteString): void {
  writeBytes(os, path, rawBytes(text));
}
