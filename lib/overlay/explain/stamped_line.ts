// Lines of a log with the stamps that s6-log puts before them, and which of them belong to a span of time.

import type { ByteString } from "../../bytes.ts";
import type { Zone } from "../../log/timezone.ts";
import { parseStamp } from "../../tai.ts";

/** A line of a log. */
export interface StampedLine {
  /** Milliseconds since the epoch; undefined for a line without a stamp. */
  readonly time: number | undefined;
  /** What stands behind the stamps. */
  readonly text: ByteString;
}

/** Milliseconds since the epoch. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

const TAI_SIZE = 26;
const LAST_UNSTAMPED = 20;
const LOCAL = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)\.(\d{9}) {1,2}/;

/** @param zone where the logger's local times are from */
export function parseStampedLine(line: ByteString, zone: Zone): StampedLine {
  const tai = parseStamp(line);
  const rest = tai === undefined ? line : line.slice(TAI_SIZE);
  const local = LOCAL.exec(rest);
  const text = local === null ? rest : rest.slice(local[0].length);
  if (tai !== undefined) return { time: tai.seconds * 1000 + tai.nanoseconds / 1e6, text };
  if (local === null) return { time: undefined, text };
  const [year, month, day, hour, minute, second, nanosecond] = local.slice(1).map(Number) as number[];
  const seconds = Date.UTC(year!, month! - 1, day, hour, minute, second) / 1000;
  return { time: (seconds - zone(seconds - zone(seconds))) * 1000 + nanosecond! / 1e6, text };
}

/** The end of a life of a service. */
export interface ServiceEnd {
  readonly name: ByteString;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** The texts of those lines of a span that were printed nearer to an end of this service than to that of another. */
export function textsAtEndOf(
  name: ByteString,
  lines: readonly StampedLine[],
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
  return lines.filter(({ time = NaN }) => time >= from && time <= to && isOwn(time)).map(({ text }) => text);
}

/** The texts of the lines of a span of time; of lines without a stamp the last ones are taken for such. */
export function textsWithin(lines: readonly StampedLine[], { from, to }: TimeSpan): ByteString[] {
  const firstUnstamped = lines.length - LAST_UNSTAMPED;
  return lines.filter(({ time }, at) => time === undefined ? at >= firstUnstamped : time >= from && time <= to)
    .map(({ text }) => text);
}
