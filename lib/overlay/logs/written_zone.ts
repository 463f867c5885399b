// The time zone in which a logger writes dates, which say nothing of it themselves: its process may have another TZ than
// the reader's, as logutil-service takes all variables away. A file was last changed when its last line was written.

import { type ByteString, byteString } from "../../bytes.ts";
import { datedAt, STAMP_LENGTH, stampedAt } from "../../log/dated_line.ts";
import type { Zone } from "../../log/timezone.ts";
import type { Os } from "../../os/os.ts";
import type { DirectoryFiles } from "./directory_files.ts";
import { lastLines } from "./last_lines.ts";

/** More than the stamps before a line. */
const BEGIN = 128;

/** The zone, of the candidates, in which the dates of a log directory are written. */
export function writtenZone(
  os: Pick<Os, "close" | "fstat" | "read" | "seek">,
  files: DirectoryFiles,
  candidates: readonly [Zone, ...Zone[]],
): Zone {
  for (const log of files.after(undefined).files.toReversed()) {
    const fd = files.open(log);
    if (typeof fd !== "number") continue;
    try {
      const { found, position } = lastLines(os, fd, { lines: 1, bytes: Infinity });
      if (found === 0) continue;
      os.seek(fd, position);
      const room = new Uint8Array(new ArrayBuffer(BEGIN));
      const line = byteString(room.subarray(0, os.read(fd, room)));
      return nearestZone(line, Number(os.fstat(fd).modified) / 1e9, candidates);
    } finally {
      os.close(fd);
    }
  }
  return candidates[0];
}

/**
 * The zone in which the date of a line is nearest to the time at which it was written; the first where it has no date.
 * @param written in seconds since 1970
 */
export function nearestZone(line: ByteString, written: number, candidates: readonly [Zone, ...Zone[]]): Zone {
  const dated = stampedAt(line) === undefined ? line : line.slice(STAMP_LENGTH + 1);
  const distance = (zone: Zone): number => Math.abs((datedAt(dated, zone)?.seconds ?? written) - written);
  return candidates.reduce((nearest, zone) => distance(zone) < distance(nearest) ? zone : nearest);
}
