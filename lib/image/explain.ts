// Why a file that exists cannot be executed, in words that lead to the cure. The kernel only says "No such file" for a
// script whose interpreter is missing, and "Exec format error" for one without a first line.

import type { ByteString } from "../bytes.ts";
import { EXIT, Failure, type OsError } from "../report.ts";
import type { ProcessImage } from "./image.ts";
import type { Look, Search } from "./search.ts";
import { parseShebang } from "./shebang.ts";

/** The cause, or undefined if nothing better is known than the system's own reason. */
export function explain(os: Look, path: ByteString): string | undefined {
  let status;
  try {
    status = os.find(path);
  } catch {
    return undefined;
  }
  if (status === undefined) return undefined;
  if (status.kind === "directory") return "is a directory";
  if (status.kind !== "file") return `is a ${status.kind}, not a file`;
  if (!os.mayExecute(path)) return whyNot(status.mode);
  const head = os.readHead(path);
  if (head === "") return status.size === 0 ? "is empty" : undefined;
  if (head.startsWith("\x7fELF")) return undefined;
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

function whyNot(mode: number): string {
  return (mode & 0o111) === 0o111 ? "is on a file system that is mounted noexec" : "is not executable (chmod +x it)";
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
  const why = search.lookAt(image, path, explain) ?? error.reason;
  return new Failure(code, `unable to exec ${name}: ${why}`);
}
