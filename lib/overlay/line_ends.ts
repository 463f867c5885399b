// Scripts that were written on another system, with CRLF line ends. The kernel looks for an interpreter called "sh\r", and
// a shell that was given the rest of the file would stumble over each line. They run as what they were meant to be: in
// the copy that is run the line ends are converted, the user's own file stays as it is.

import type { ByteString } from "../bytes.ts";
import type { Os } from "../os/os.ts";

export type LineEndPorts = Pick<Os, "readFile" | "replaceFile">;

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
  complain: (line: ByteString) => void,
): void {
  os.replaceFile(copy, os.readFile(script).replaceAll("\r\n", "\n"), 0o755);
  complain(`s6-init: warning: ${shown}, line 1: has CRLF line ends; it is run as a copy without them`);
}
