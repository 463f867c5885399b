// Which of the lines of a log belong to a life of a service.

import type { ByteString } from "../../bytes.ts";
import type { ShownLine } from "../logs/log_line.ts";

/** Milliseconds since the epoch. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/** The end of a life of a service. */
export interface ServiceEnd {
  readonly name: ByteString;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** How many lines of a log without stamps are taken for those of a life. */
const LAST_UNSTAMPED = 20;

/** The texts of those lines of a span that were printed nearer to an end of this service than to that of another. */
export function textsAtEndOf(
  name: ByteString,
  lines: readonly ShownLine[],
  { from, to }: TimeSpan,
  ends: readonly ServiceEnd[],
): ByteString[] {
  const isOwn = (time: number): boolean => {
    let nearest: ServiceEnd | undefined;
    for (const end of ends) {
      if (nearest === undefined || Math.abs(end.time - time) < Math.abs(nearest.time - time)) nearest = end;
    }
    return nearest?.name === name;
  };
  return textsOf(lines.filter((line) => {
    const time = timeOf(line) ?? NaN;
    return time >= from && time <= to && isOwn(time);
  }));
}

/** The texts of the lines of a span of time; of lines without a stamp the last ones are taken for such. */
export function textsWithin(lines: readonly ShownLine[], { from, to }: TimeSpan): ByteString[] {
  const firstUnstamped = lines.length - LAST_UNSTAMPED;
  return textsOf(lines.filter((line, index) => {
    const time = timeOf(line);
    return time === undefined ? index >= firstUnstamped : time >= from && time <= to;
  }));
}

function timeOf({ at }: ShownLine): number | undefined {
  return at === undefined ? undefined : at.seconds * 1000 + at.nanoseconds / 1e6;
}

function textsOf(lines: readonly ShownLine[]): ByteString[] {
  return lines.map(({ text }) => text);
}
