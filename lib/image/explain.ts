// Why a file that exists cannot be executed, in words that lead to the cure. The kernel only says "No such file" for a
// script whose interpreter is missing, and "Exec format error" for one without a first line.

import type { ByteString } from "../bytes.ts";
import { type FollowPorts, readHead } from "./follow.ts";
import { parseShebang } from "./shebang.ts";

/** The cause, or undefined if nothing better is known than the system's own reason. */
export function explain(os: FollowPorts, path: ByteString): string | undefined {
  let status;
  try {
    status = os.find(path);
  } catch {
    return undefined;
  }
  if (status === undefined) return undefined;
  if (status.kind === "directory") return "is a directory";
  if (status.kind !== "file") return `is a ${status.kind}, not a file`;
  if (!os.mayExecute(path)) return unexecutable(status.mode);
  const head = readHead(os, path);
  if (head === "") return status.size === 0 ? "is empty" : undefined;
  if (head.startsWith("\x7fELF")) return undefined;
  const shebang = parseShebang(head);
  if (shebang === undefined) return "has no #! line that names its interpreter";
  return explainInterpreter(os, shebang.interpreter);
}

function explainInterpreter(os: FollowPorts, interpreter: ByteString): string | undefined {
  if (interpreter.endsWith("\r")) return "has CRLF line ends (convert it, e.g. with dos2unix)";
  const found = os.find(interpreter);
  if (found === undefined) return `interpreter ${interpreter} does not exist`;
  if (!os.mayExecute(interpreter)) return `interpreter ${interpreter} is not executable`;
  return undefined;
}

function unexecutable(mode: number): string {
  return (mode & 0o111) === 0o111 ? "is on a file system that is mounted noexec" : "is not executable (chmod +x it)";
}
