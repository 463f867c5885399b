// Why a file that exists cannot be executed, in words that lead to the cure. The kernel only says "No such file" for a
// script whose interpreter is missing, and "Exec format error" for one without a first line.

import type { ByteString } from "../bytes.ts";
import { EXIT, Failure, type OsError } from "../report.ts";
import type { FileStatus } from "../os/os.ts";
import { type Elf, ELF_HEAD_SIZE, libraryOf, parseElf } from "./elf.ts";
import type { ProcessImage } from "./image.ts";
import type { Look, Search } from "./search.ts";
import { parseShebang } from "./shebang.ts";

const BYTE_ORDER_MARK = "\xef\xbb\xbf#!";

/** What keeps a file from being executed, as what is said of it, and what to do about that where it is known. */
export interface Obstacle {
  readonly fault: string;
  readonly cure?: string;
}

/** The cause, or undefined if nothing better is known than the system's own reason. */
export function explain(os: Look, path: ByteString): string | undefined {
  let status;
  try {
    status = os.find(path);
  } catch {
    return undefined;
  }
  const found = obstacleOf(os, path, status) ?? obstacleOfInterpreter(os, path);
  return found === undefined ? undefined : worded(found);
}

function worded({ fault, cure }: Obstacle): string {
  return cure === undefined ? fault : `${fault} (${cure})`;
}

/** What is wrong with the file itself, which has this status; undefined where nothing is. */
export function obstacleOf(os: Look, path: ByteString, status: FileStatus | undefined): Obstacle | undefined {
  if (status === undefined) return obstacleOfMissing(os, path);
  if (status.kind === "directory") {
    return { fault: "is a directory, and nothing in it is looked for: the file itself belongs in its place" };
  }
  if (status.kind !== "file") return { fault: `is a ${status.kind}, not a file` };
  if (!os.mayExecute(path)) return whyNot(status);
  const head = os.readHead(path);
  if (head === "") return status.size === 0 ? { fault: "is empty" } : undefined;
  if (head.startsWith("\x7fELF")) return undefined;
  if (head.startsWith(BYTE_ORDER_MARK)) {
    return {
      fault: "begins with a byte order mark, so that its #! line is not seen",
      cure: "save it as UTF-8 without one",
    };
  }
  return parseShebang(head) === undefined ? { fault: "has no #! line that names its interpreter" } : undefined;
}

/** What is wrong with the interpreter that a script names. */
export function obstacleOfInterpreter(os: Look, path: ByteString): Obstacle | undefined {
  const interpreter = parseShebang(os.readHead(path))?.interpreter;
  if (interpreter === undefined) return undefined;
  if (interpreter.endsWith("\r")) return { fault: "has CRLF line ends", cure: "convert it, e.g. with dos2unix" };
  if (os.find(interpreter) === undefined) return { fault: `interpreter ${interpreter} does not exist` };
  return os.mayExecute(interpreter) ? undefined : { fault: `interpreter ${interpreter} is not executable` };
}

function obstacleOfMissing(os: Look, path: ByteString): Obstacle | undefined {
  const target = os.linkTarget(path);
  return target === undefined ? undefined : { fault: `is a link to ${target}, which does not exist` };
}

function whyNot({ mode, uid }: FileStatus): Obstacle {
  if ((mode & 0o111) === 0o111) return { fault: "is on a file system that is mounted noexec" };
  if ((mode & 0o111) === 0) return { fault: "is not executable", cure: "chmod +x it" };
  const octal = mode.toString(8).padStart(4, "0");
  return {
    fault: `belongs to user ${uid} and has mode ${octal}, by which it is not executable here`,
    cure: "chmod 755 it, or give it to the user it runs as; " +
      "root without the capability DAC_OVERRIDE is like any other user",
  };
}

/** What the kernel loads for a file: the program that it is, or its interpreter. Undefined for what is neither. */
export function loadedProgram(os: Look, path: ByteString): { readonly what: string; readonly elf: Elf } | undefined {
  const head = os.readHead(path, ELF_HEAD_SIZE);
  const interpreter = parseShebang(head)?.interpreter;
  const elf = parseElf(interpreter === undefined ? head : os.readHead(interpreter, ELF_HEAD_SIZE));
  return elf && { what: interpreter === undefined ? "it" : `its interpreter ${interpreter}`, elf };
}

/** What is wrong where the loader is not there that such a program needs. */
export function obstacleOfLoader(
  os: Pick<Look, "find">,
  { what, elf: { loader } }: NonNullable<ReturnType<typeof loadedProgram>>,
): Obstacle | undefined {
  if (loader === undefined || os.find(loader) !== undefined) return undefined;
  const library = libraryOf(loader);
  return {
    fault: `${what} is there, but the loader ${loader} is not in the image: ` +
      `it was built for ${library === undefined ? "another system" : `a system with ${library}`}`,
    cure: "take one that was built for this image's system, or a static one",
  };
}

/** Why the kernel refuses a program that is there and may be executed. */
function explainProgram(os: Look, path: ByteString, { errno }: OsError): string | undefined {
  if (errno !== "ENOENT" && errno !== "ENOEXEC") return undefined;
  const program = loadedProgram(os, path);
  if (program === undefined) return undefined;
  if (errno === "ENOEXEC") {
    return `${program.what} is a program for ${program.elf.machine}, which does not run here: ` +
      "take the one for this machine's architecture, unless the file is damaged";
  }
  const found = obstacleOfLoader(os, program);
  return found === undefined ? undefined : worded(found);
}

/** The failure to execute a file of the image, which it calls by that name, with the code that shells have for it. */
export function unexecutable(
  search: Search,
  image: ProcessImage,
  name: ByteString,
  path: ByteString,
  error: OsError,
): Failure {
  const code = error.errno === "ENOENT" ? EXIT.notFound : EXIT.cannotExecute;
  const why = search.lookAt(image, path, (look, place) => {
    const instead = explain(look, place);
    if (instead !== undefined) return instead;
    const more = explainProgram(look, place, error);
    return more === undefined ? undefined : `${error.reason}: ${more}`;
  });
  return new Failure(code, `unable to exec ${name}: ${why ?? error.reason}`);
}
