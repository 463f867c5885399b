// Why a file that exists cannot be executed, in words that lead to the cure. The kernel only says "No such file" for a
// script whose interpreter is missing, and "Exec format error" for one without a first line.

import type { ByteString } from "../bytes.ts";
import { EXIT, Failure, type OsError } from "../report.ts";
import type { FileStatus } from "../os/os.ts";
import { ELF_HEAD_SIZE, libraryOf, parseElf } from "./elf.ts";
import type { ProcessImage } from "./image.ts";
import type { Look, Search } from "./search.ts";
import { parseShebang } from "./shebang.ts";

const BYTE_ORDER_MARK = "\xef\xbb\xbf#!";

/** The cause, or undefined if nothing better is known than the system's own reason. */
export function explain(os: Look, path: ByteString): string | undefined {
  let status;
  try {
    status = os.find(path);
  } catch {
    return undefined;
  }
  if (status === undefined) return explainMissing(os, path);
  if (status.kind === "directory") {
    return "is a directory, and nothing in it is looked for: the file itself belongs in its place";
  }
  if (status.kind !== "file") return `is a ${status.kind}, not a file`;
  if (!os.mayExecute(path)) return whyNot(status);
  const head = os.readHead(path);
  if (head === "") return status.size === 0 ? "is empty" : undefined;
  if (head.startsWith("\x7fELF")) return undefined;
  if (head.startsWith(BYTE_ORDER_MARK)) {
    return "begins with a byte order mark, so that its #! line is not seen (save it as UTF-8 without one)";
  }
  const shebang = parseShebang(head);
  if (shebang === undefined) return "has no #! line that names its interpreter";
  return explainInterpreter(os, shebang.interpreter);
}

function explainInterpreter(os: Look, interpreter: ByteString): string | undefined {
  if (interpreter.endsWith("\r")) return "has CRLF line ends (convert it, e.g. with dos2unix)";
  const found = os.find(interpreter);
  if (found === undefined) return `interpreter ${interpreter} does not exist`;
  if (!os.mayExecute(interpreter)) return `interpreter ${interpreter} is not executable`;
  return undefined;
}

function explainMissing(os: Look, path: ByteString): string | undefined {
  const target = os.linkTarget(path);
  return target === undefined ? undefined : `is a link to ${target}, which does not exist`;
}

function whyNot({ mode, uid }: FileStatus): string {
  if ((mode & 0o111) === 0o111) return "is on a file system that is mounted noexec";
  if ((mode & 0o111) === 0) return "is not executable (chmod +x it)";
  const octal = mode.toString(8).padStart(4, "0");
  return `belongs to user ${uid} and has mode ${octal}, by which it is not executable here ` +
    "(chmod 755 it, or give it to the user it runs as; root without the capability DAC_OVERRIDE is like any other user)";
}

/** Why the kernel refuses a program that is there and may be executed. */
function explainProgram(os: Look, path: ByteString, { errno }: OsError): string | undefined {
  if (errno !== "ENOENT" && errno !== "ENOEXEC") return undefined;
  const head = os.readHead(path, ELF_HEAD_SIZE);
  const interpreter = parseShebang(head)?.interpreter;
  const elf = parseElf(interpreter === undefined ? head : os.readHead(interpreter, ELF_HEAD_SIZE));
  if (elf === undefined) return undefined;
  const what = interpreter === undefined ? "it" : `its interpreter ${interpreter}`;
  const { machine, loader } = elf;
  if (errno === "ENOEXEC") {
    return `${what} is a program for ${machine}, which does not run here: take the one for this machine's ` +
      "architecture, unless the file is damaged";
  }
  if (loader === undefined || os.find(loader) !== undefined) return undefined;
  const library = libraryOf(loader);
  return `${what} is there, but the loader ${loader} is not in the image: ` +
    `it was built for ${library === undefined ? "another system" : `a system with ${library}`} ` +
    "(take one that was built for this image's system, or a static one)";
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
