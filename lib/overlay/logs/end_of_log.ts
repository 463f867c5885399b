// The last lines of a log, all at once.

import type { ByteString } from "../../bytes.ts";
import type { Os } from "../../os/os.ts";
import type { DirectoryFiles } from "./directory_files.ts";
import { DirectoryReader } from "./directory_reader.ts";
import type { EndLimit } from "./last_lines.ts";
import type { ShownLine } from "./log_line.ts";

/** By how much a line may be longer as it is shown: a date takes more than a stamp. */
const GROWTH = 2;

/**
 * The last lines, the latest last.
 * @param show what a line is given as
 */
export function endOfLog(
  os: Pick<Os, "close" | "read" | "seek">,
  files: DirectoryFiles,
  show: (line: ByteString) => ShownLine,
  most: EndLimit,
): ShownLine[] {
  const reader = new DirectoryReader(os, files, show, false);
  try {
    reader.startWithLast(most);
    const lines: ShownLine[] = [];
    // A log that grows faster than it is read has no end.
    for (let size = 0; size < GROWTH * most.bytes;) {
      const piece = reader.next();
      if (piece === undefined) break;
      size += piece.text.length + 1;
      const begun = piece.begins ? undefined : lines.pop();
      lines.push({ at: piece.at, text: (begun?.text ?? "") + piece.text });
      if (piece.ends && lines.length >= most.lines) break;
    }
    return lines;
  } finally {
    reader.close();
  }
}
