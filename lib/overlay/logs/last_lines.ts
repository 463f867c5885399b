// Where the last lines of a file begin: it is read backwards from its end, block by block, and none of it is kept.

import type { Os } from "../../os/os.ts";

const BLOCK = 65536;
const NEWLINE = 10;
/** So that no file of zeros is searched to its begin. */
const LONGEST_LINE = 16 * 1024 * 1024;

export interface LastLines {
  /** How many lines there are from the position on: as many as were asked for, or all. */
  readonly found: number;
  readonly position: number;
}

/**
 * Where the last lines of the file begin.
 * @param most how many lines; a last one without an end counts
 * @param longest what is longer is taken for several lines
 */
export function lastLines(
  os: Pick<Os, "read" | "seek">,
  fd: number,
  most: number,
  longest: number = LONGEST_LINE,
): LastLines {
  const end = os.seek(fd, 0, "end");
  if (most === 0) return { found: 0, position: end };
  const room = new Uint8Array(new ArrayBuffer(BLOCK));
  // The end of the last line is not the begin of another one.
  let found = 0;
  let begin = end;
  for (let above = end; above > 0;) {
    const start = Math.max(0, above - BLOCK);
    os.seek(fd, start);
    const size = readFully(os, fd, room.subarray(0, above - start));
    for (let at = size - 1; at >= 0; at--) {
      if (room[at] !== NEWLINE || start + at === end - 1) continue;
      found++;
      begin = start + at + 1;
      if (found === most) return { found, position: begin };
    }
    if (begin - start >= longest) {
      begin = start;
      if (++found === most) return { found, position: begin };
    }
    above = start;
  }
  return { found: end === 0 ? 0 : found + 1, position: 0 };
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
