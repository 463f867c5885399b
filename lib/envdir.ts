// A directory as an environment: each file is a variable, named as the file is. s6-envdir and justc-envdir agree on
// the names and differ in what a file's content means, so that part is a parameter.

import type { ByteString } from "./bytes.ts";
import type { Door, FileStatus } from "./os/os.ts";
import { OsError } from "./report.ts";

/** The ports that reading needs. */
export interface DirectoryReader {
  listDirectory(path: ByteString): ByteString[];
  readFile(path: ByteString): ByteString;
}

/** What a file's content says: the value, or undefined to remove the variable. */
export type ValueRule = (content: ByteString) => ByteString | undefined;

/**
 * The variables in a directory. Names that begin with a dot or contain "=" are no variables.
 * @param onFailure takes the error of a file that cannot be read, and the rest counts; without it that is thrown
 */
export function readEnvdir(
  reader: DirectoryReader,
  directory: ByteString,
  rule: ValueRule,
  onFailure?: (error: unknown) => void,
): [ByteString, ByteString | undefined][] {
  const variables: [ByteString, ByteString | undefined][] = [];
  for (const name of reader.listDirectory(directory)) {
    if (name.startsWith(".") || name.includes("=")) continue;
    try {
      variables.push([name, rule(reader.readFile(`${directory}/${name}`))]);
    } catch (error) {
      if (onFailure === undefined) throw error;
      onFailure(error);
    }
  }
  return variables;
}

/** What reading a directory in process 1 needs. */
export interface TrustedReader {
  readonly door: Pick<Door, "hold" | "find" | "list" | "readOwned">;
  close(fd: number): void;
}

/** The most that process 1 reads of a file, in bytes, and of a directory, in entries. */
const MOST_BYTES = 128 * 1024;
const MOST_ENTRIES = 4096;
const WRITABLE_BY_OTHERS = 0o022;

/**
 * As readEnvdir, in process 1: only from a directory of root's with files of root's that nobody else can write, told by what has
 * been opened. Nobody can have put something there that makes process 1 wait, or take more memory than there is.
 * @param path relative to `within`, on its file system; without it absolute, on the root file system
 * @param within a descriptor of the directory that a relative path begins in
 * @throws OsError EPERM where it is not so, EXDEV and the door's others where it cannot be known: a child has to read it then
 */
export function readTrustedEnvdir(
  os: TrustedReader,
  path: ByteString,
  rule: ValueRule,
  within?: number,
): [ByteString, ByteString | undefined][] {
  const directory = os.door.hold(path, within, { mounts: "refuse" });
  try {
    require(path, os.door.find(".", directory));
    const reader = {
      listDirectory: (): ByteString[] => os.door.list(".", MOST_ENTRIES, directory),
      readFile: (file: ByteString): ByteString => {
        const name = file.slice(file.lastIndexOf("/") + 1);
        const { content, status } = os.door.readOwned(name, MOST_BYTES, directory);
        require(file, status);
        return content;
      },
    };
    return readEnvdir(reader, path, rule);
  } finally {
    os.close(directory);
  }
}

function require(path: ByteString, status: Pick<FileStatus, "uid" | "mode"> | undefined): void {
  if (status !== undefined && status.uid === 0 && (status.mode & WRITABLE_BY_OTHERS) === 0) return;
  throw new OsError("trust", path, "EPERM", "others than root can write it: it is for the child to read");
}

/** As justc-envdir reads: the content is the value, whatever it is. A value cannot hold a NUL; a newline stands for it. */
export function wholeContent(content: ByteString): ByteString {
  return content.replaceAll("\0", "\n");
}
