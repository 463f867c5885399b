// Reading the files of one service's definition. Nothing that lies there is waited for, and no file is read without end.

import { type ByteString, byteString } from "../bytes.ts";
import { systemError } from "../errno.ts";
import { lex, ScriptFailure } from "../execline/lexer.ts";
import type { Os } from "../os/os.ts";
import { about, EXIT, ifThere, isErrno } from "../report.ts";
import { DefinitionFailure, type Mention, withCure } from "./definition.ts";
import type { Lacks } from "./listed_names.ts";
import { type Progress, VERBOSITY } from "./progress.ts";

export type DefinitionPorts = Pick<Os, "open" | "read" | "close" | "fstat" | "stat" | "find" | "listDirectory"> & {
  readonly lacks?: Lacks | undefined;
};

/** A service, and the directory that defines it. */
interface Place {
  readonly name: ByteString;
  readonly directory: ByteString;
}

/** More than this is no list or script that a person wrote. */
const LARGEST_FILE = 4 * 1024 * 1024;
/** As much of a type is read as the longest one and a newline have. */
const LONGEST_TYPE = 8;
const LONGEST_NUMBER = 63;

const KINDS = ["longrun", "oneshot", "bundle"] as const;
const TYPE_CURE = "a definition has a file type with the word oneshot, longrun or bundle; move away what is no service";

/** The kind of the service. Only its first bytes count, so that much behind a newline may pass. */
export function readKind(os: DefinitionPorts, directory: ByteString): typeof KINDS[number] {
  const file = `${directory}/type`;
  const text = withCure("read", file, "ENOENT", TYPE_CURE, () => readStart(os, file, LONGEST_TYPE));
  const line = text.endsWith("\n") ? text.slice(0, -1) : text;
  const word = line.length < LONGEST_TYPE ? upToNul(line) : "";
  const kind = KINDS.find((kind) => kind === word);
  if (kind !== undefined) return kind;
  const cure = text.includes("\r") ? "it has CRLF line ends" : `it begins with ${JSON.stringify(text)}`;
  throw new DefinitionFailure(`invalid ${file}: must be oneshot, longrun, or bundle`, cure, 1, { file, line: 1 });
}

/** The names in a directory, or else those in the file of this name; undefined if there is neither. */
export function readNames(
  os: DefinitionPorts,
  service: Place,
  stem: ByteString,
  progress: Progress,
): Mention[] | undefined {
  return readNameDirectory(os, service, `${stem}.d`) ?? readNameList(os, service, stem, progress);
}

function readNameDirectory(os: DefinitionPorts, service: Place, stem: ByteString): Mention[] | undefined {
  const path = `${service.directory}/${stem}`;
  if (os.lacks?.(path)) return undefined;
  const entries = ifThere(() => about("opendir", path, () => os.listDirectory(path)));
  return entries?.filter((name) => !name.startsWith(".")).sort().map((name) => {
    refuseReserved(service.name, name);
    return { name, file: `${path}/${name}`, line: undefined };
  });
}

/** The names in a file, one a line; undefined if there is no such file. */
export function readNameList(
  os: DefinitionPorts,
  service: Place,
  stem: ByteString,
  progress: Progress,
): Mention[] | undefined {
  const file = `${service.directory}/${stem}`;
  if (os.lacks?.(file)) return undefined;
  const text = ifThere(() => readWhole(os, file, "read"));
  if (text === undefined) return undefined;
  const names = new Map<ByteString, Mention>();
  for (const [index, line] of text.split("\n").entries()) {
    const name = upToNul(line).replace(/^[ \t]+/, "");
    if (name === "" || name.startsWith("#")) continue;
    // The original says of a list only whose it is.
    refuseReserved(service.name, name);
    if (names.has(name)) {
      progress(VERBOSITY.steps, "warning", `in ${file}: name listed more than once: ${name}`);
    } else names.set(name, { name, file, line: index + 1 });
  }
  return [...names.values()];
}

/** @throws DefinitionFailure for a name that only s6-rc itself may have */
export function refuseReserved(where: ByteString, name: ByteString): void {
  if (!/^s6-?rc-/.test(name)) return;
  const cure = "such names belong to s6-rc: what is needed of its own services is added by itself";
  throw new DefinitionFailure(`in ${where}: identifier ${name} starts with reserved prefix`, cure);
}

/** A time in milliseconds; 0 if there is no such file. */
export function readTimeout(os: DefinitionPorts, directory: ByteString, name: ByteString): number {
  const file = `${directory}/${name}`;
  const text = os.lacks?.(file)
    ? undefined
    : ifThere(() => about("read", file, () => readStart(os, file, LONGEST_NUMBER)));
  if (text === undefined) return 0;
  const number = unsignedWord(upToNul(text.replace(/\n+$/, "")));
  if (number !== undefined) return number;
  throw new DefinitionFailure(`invalid ${file}`, "it holds a time in milliseconds, digits only", 1, { file, line: 1 });
}

/** A number of 32 bits that fills the word. */
export function unsignedWord(word: ByteString): number | undefined {
  if (!/^[0-9]+$/.test(word)) return undefined;
  const number = Number(word);
  return number <= 0xffffffff ? number : undefined;
}

/** Whether there is something by this name, of whatever kind. */
export function hasDefinitionFile(
  os: DefinitionPorts,
  directory: ByteString,
  name: ByteString,
  action: string,
): boolean {
  const path = `${directory}/${name}`;
  return !os.lacks?.(path) && about(action, path, () => os.find(path)) !== undefined;
}

/** The command line that a script of a oneshot stands for; empty if there is none, where it need not be. */
export function readScript(
  os: DefinitionPorts,
  directory: ByteString,
  name: ByteString,
  isNeeded: boolean,
): readonly ByteString[] {
  const file = `${directory}/${name}`;
  if (!isNeeded && os.lacks?.(file)) return [];
  let text: ByteString;
  try {
    text = readWhole(os, file, "parse");
  } catch (error) {
    if (!isErrno(error, "ENOENT")) throw error;
    if (!isNeeded) return [];
    const cure = `a oneshot needs a file ${name} with the command line to run, which may be empty`;
    throw new DefinitionFailure(error.message, cure, EXIT.system, { file: directory });
  }
  try {
    return lex(text, file);
  } catch (error) {
    throw error instanceof ScriptFailure ? scriptFailure(file, upToNul(text), error) : error;
  }
}

function scriptFailure(file: ByteString, text: ByteString, { fault, place }: ScriptFailure): DefinitionFailure {
  // To the original, a brace that nothing follows opens no block.
  const isOpen = fault === "unterminated block" && !/(^|\s)\{$/.test(text);
  const kind = isOpen ? ": unmatched {" : fault === "unmatched }" ? ": unmatched }" : "";
  const cure = `line ${place.line}, column ${place.column}: ${fault.replace(/^syntax error: /, "")}`;
  return new DefinitionFailure(`syntax error in ${file}${kind}`, cure, 1, { file, ...place });
}

/** A longrun needs a file that can be read; it need not be executable. */
export function requireRun(os: DefinitionPorts, directory: ByteString): void {
  const file = `${directory}/run`;
  let fd: number;
  try {
    fd = os.open(file, ["read", "nonblocking"]);
  } catch (error) {
    if (!isErrno(error, "ENOENT")) throw error;
    throw new DefinitionFailure(`unable to find a run script in ${file}`, "a longrun needs a file run", 1, {
      file: directory,
    });
  }
  try {
    if (os.fstat(fd).kind !== "file") {
      throw new DefinitionFailure(`${file} is not a regular file`, undefined, 1, { file });
    }
  } finally {
    os.close(fd);
  }
}

/** The whole file; a failure to open it says so, one to read it says this action. */
function readWhole(os: DefinitionPorts, file: ByteString, action: string): ByteString {
  const fd = about("open", file, () => os.open(file, ["read", "nonblocking"]));
  try {
    return about(action, file, () => {
      const text = readUpTo(os, fd, LARGEST_FILE + 1);
      if (text.length > LARGEST_FILE) throw systemError("read", file, "EFBIG");
      return text;
    });
  } finally {
    os.close(fd);
  }
}

/** The first bytes of a file. */
export function readStart(
  os: Pick<DefinitionPorts, "open" | "read" | "close">,
  file: ByteString,
  most: number,
): ByteString {
  const fd = os.open(file, ["read", "nonblocking"]);
  try {
    return readUpTo(os, fd, most);
  } finally {
    os.close(fd);
  }
}

function readUpTo(os: Pick<DefinitionPorts, "read">, fd: number, most: number): ByteString {
  const buffer = new Uint8Array(Math.min(most, 65536));
  let text = "";
  while (text.length < most) {
    const got = os.read(fd, buffer.subarray(0, Math.min(buffer.length, most - text.length)));
    if (got === 0) break;
    text += byteString(buffer.subarray(0, got));
  }
  return text;
}

/** Names and numbers are strings of C, which end at a NUL. */
function upToNul(text: ByteString): ByteString {
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}
