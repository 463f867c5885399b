// Lines that the relay has carried on last, as process 1 tells them (lib/overlay/logging/stream_tails.ts).

import type { ByteString } from "../../bytes.ts";

/** Begins a line that has the time of those behind it. */
const MARK = "\0";

/** A line that was printed, and when. */
interface TimedLine {
  /** Milliseconds since the epoch; undefined where it is not known any more. */
  readonly time: number | undefined;
  readonly text: ByteString;
}

/** The first may be the end of one. */
export function linesOfTail(tail: ByteString): TimedLine[] {
  const lines: TimedLine[] = [];
  let time: number | undefined;
  for (const text of tail.split("\n")) {
    if (text.startsWith(MARK)) time = Number(text.slice(MARK.length));
    else if (text !== "") lines.push({ time, text });
  }
  return lines;
}
