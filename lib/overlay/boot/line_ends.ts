// Scripts that were written on another system, with CRLF line ends. The kernel looks for an interpreter called "sh\r", and
// a shell that was given the rest of the file would stumble over each line. They run as what they were meant to be: in
// the copy that is run the line ends are converted, the user's own file stays as it is.

import type { ByteString } from "../../bytes.ts";
import { HEAD_SIZE } from "../../image/shebang.ts";
import type { Door, Os } from "../../os/os.ts";
import { OsError } from "../../report.ts";
import type { Reporter } from "../../reporter.ts";
import { isElsewhere } from "./elsewhere.ts";

type LineEndPorts = Pick<Os, "replaceFile">;

/** The longest script whose line ends are converted, in bytes. */
export const MOST_CONVERTED: number = 4 * 1024 * 1024;

/** The first bytes of a file; empty if it is none, or cannot be read: what executes it says why. */
export function scriptHead(
  { door }: { readonly door: Pick<Door, "readHead"> },
  path: ByteString,
  directory?: number,
): ByteString {
  try {
    return door.readHead(path, HEAD_SIZE, directory);
  } catch (error) {
    if (!(error instanceof OsError) || isElsewhere(error)) throw error;
    return "";
  }
}

/** True for a script whose interpreter line ends in CRLF, by its first bytes. */
export function hasForeignLineEnds(head: ByteString): boolean {
  return /^#![^\n]*\r\n/.test(head);
}

/** Writes a script with its line ends converted, and says so in one line that names the user's file. */
export function convertLineEnds(
  os: LineEndPorts,
  script: ByteString,
  copy: ByteString,
  shown: ByteString,
  report: Reporter,
): void {
  os.replaceFile(copy, script.replaceAll("\r\n", "\n"), 0o755);
  report("warning", "s6-init", `${shown}, line 1: has CRLF line ends; it is run as a copy without them`);
}
