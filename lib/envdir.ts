// A directory as an environment: each file is a variable, named as the file is. s6-envdir and justc-envdir agree on
// the names and differ in what a file's content means, so that part is a parameter.

import type { ByteString } from "./bytes.ts";

/** The ports that reading needs. */
export interface DirectoryReader {
  listDirectory(path: ByteString): ByteString[];
  readFile(path: ByteString): ByteString;
}

/** What a file's content says: the value, or undefined to remove the variable. */
export type ValueRule = (content: ByteString) => ByteString | undefined;

/** The variables in a directory. Names that begin with a dot or contain "=" are no variables. */
export function readEnvdir(
  reader: DirectoryReader,
  directory: ByteString,
  rule: ValueRule,
): [ByteString, ByteString | undefined][] {
  return reader.listDirectory(directory)
    .filter((name) => !name.startsWith(".") && !name.includes("="))
    .map((name) => [name, rule(reader.readFile(`${directory}/${name}`))]);
}

/** As justc-envdir reads: the content is the value, whatever it is. A value cannot hold a NUL; a newline stands for it. */
export function wholeContent(content: ByteString): ByteString {
  return content.replaceAll("\0", "\n");
}
