// A directory as an environment: each file is a variable, named as the file is. s6-envdir and justc-envdir agree on
// the names and differ in what a file's content means, so that part is a parameter.

import type { ByteString } from "./bytes.ts";

/** The ports that reading needs. */
interface DirectoryReader {
  listDirectory(path: ByteString): ByteString[];
  readFile(path: ByteString): ByteString;
}

/** What a file's content says: the value, or undefined to remove the variable. */
export type ValueRule = (content: ByteString) => ByteString | undefined;

/**
 * The variables in a directory. Names that begin with a dot or contain "=" are not variables.
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

/** As justc-envdir reads: the content is the value, whatever it is. A value cannot hold a NUL; a newline stands for it. */
export function wholeContent(content: ByteString): ByteString {
  return content.replaceAll("\0", "\n");
}

/** What a value takes of a file's content. */
interface Taking {
  /** The whole file, not only its first line. */
  readonly whole?: boolean;
  /** Keep blanks at the end of a line; of a whole file, the newline. */
  readonly exact?: boolean;
  /** Do not cut it. */
  readonly unlimited?: boolean;
  /** What stands for a NUL. */
  readonly nul?: ByteString;
}

const LIMIT = 4095;

/** As s6-envdir reads, down to its limit. An empty file removes the variable. */
export function contentRule({ whole = false, exact = false, unlimited = false, nul = "\n" }: Taking): ValueRule {
  return (content) => {
    if (content === "") return undefined;
    const text = unlimited ? content : content.slice(0, LIMIT);
    return (whole ? wholeFile(text, exact) : firstLine(text, exact)).replaceAll("\0", nul);
  };
}

function wholeFile(text: ByteString, exact: boolean): ByteString {
  return !exact && text.endsWith("\n") ? text.slice(0, -1) : text;
}

function firstLine(text: ByteString, exact: boolean): ByteString {
  const end = text.indexOf("\n");
  const line = end < 0 ? text : text.slice(0, end);
  return exact ? line : line.replace(/[ \t\r]+$/, "");
}
