// Where the last lines of a file begin: it is read backwards from its end, block by block, and none of it is kept.

import type { Os } from "../../os/os.ts";

const BLOCK = 65536;
const NEWLINE = 10;
/** So that no file of zeros is searched to its begin. */
const LONGEST_LINE = 16 * 1024 * 1024;

/** How much is wanted of the end of a file, or of a log: as much as is within both. */
export interface EndLimit {
  readonly lines: number;
  readonly bytes: number;
}

interface LastLines {
  /** How many lines there are from the position on: as many as were asked for, all that fit, or all. */
  readonly found: number;
  /** 0 where all of the file is within the limit. */
  readonly position: number;
  /** How many bytes there are from the position on. */
  readonly size: number;
}

/**
 * Where the last lines of the file begin.
 * @param most a last line without an end counts; one that is not within the bytes as a whole does not
 */
export function lastLines(os: Pick<Os, "read" | "seek">, fd: number, most: EndLimit): LastLines {
  const end = os.seek(fd, 0, "end");
  const from = (position: number, found: number): LastLines => ({ found, position, size: end - position });
  if (most.lines === 0) return from(end, 0);
  const lowest = Math.max(0, end - most.bytes);
  const room = new Uint8Array(new ArrayBuffer(BLOCK));
  // The end of the last line is not the begin of another one.
  let found = 0;
  let begin = end;
  for (let above = end; above > lowest;) {
    const start = Math.max(lowest, above - BLOCK);
    os.seek(fd, start);
    const size = readFully(os, fd, room.subarray(0, above - start));
    for (let at = size - 1; at >= 0; at--) {
      if (room[at] !== NEWLINE || start + at === end - 1) continue;
      found++;
      begin = start + at + 1;
      if (found === most.lines) return from(begin, found);
    }
    if (begin - start >= LONGEST_LINE) {
      begin = start;
      if (++found === most.lines) return from(begin, found);
    }
    above = start;
  }
  if (lowest > 0) return from(begin, found);
  return from(0, end === 0 ? 0 : found + 1);
}

/** @returns how much there is: less where the file has become shorter meanwhile */
function readFully(os: Pick<Os, "read">, fd: number, into: Uint8Array<ArrayBuffer>): number {
  let done = 0;
  while (done < into.length) {
    const size = os.read(fd, into.subarray(done));
    if (size === 0) break;
    done += size;
  }
  return done;
}
