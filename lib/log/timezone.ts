// Local time: the rules of a time zone from TZif data or from a POSIX TZ text, and times of day written by them.
// Follows tzset(3), tzfile(5) (RFC 8536). Knows nothing of the system: files come through a function.

import type { ByteString } from "../bytes.ts";
import type { Instant } from "../os/os.ts";

/** Seconds east of UTC at a time (seconds since 1970). */
export type Zone = (seconds: number) => number;

export const utc: Zone = () => 0;

const DAY = 86400;

/**
 * The zone that the variable TZ asks for. Unset: /etc/localtime. Else a file, a name under /usr/share/zoneinfo, or the
 * rules themselves. UTC where nothing usable is found.
 * @param read the content of a file, or undefined if it cannot be read
 */
export function findZone(tz: ByteString | undefined, read: (path: ByteString) => ByteString | undefined): Zone {
  if (tz === undefined) return fromFile(read("/etc/localtime")) ?? utc;
  const name = tz.startsWith(":") ? tz.slice(1) : tz;
  if (name === "") return utc;
  const path = name.startsWith("/") ? name : `/usr/share/zoneinfo/${name}`;
  return (name.includes("..") ? undefined : fromFile(read(path))) ?? parseRules(name) ?? utc;
}

/** "YYYY-MM-DD HH:MM:SS.nnnnnnnnn" in the zone. */
export function isoText({ seconds, nanoseconds }: Instant, zone: Zone): string {
  const local = seconds + zone(seconds);
  const days = Math.floor(local / DAY);
  const { year, month, day } = civil(days);
  const time = local - days * DAY;
  const two = (value: number): string => value.toString().padStart(2, "0");
  const clock = `${two(Math.floor(time / 3600))}:${two(Math.floor(time / 60) % 60)}:${two(time % 60)}`;
  return `${year}-${two(month)}-${two(day)} ${clock}.${nanoseconds.toString().padStart(9, "0")}`;
}

/** Year, month and day of the month of a day counted from 1970-01-01. */
function civil(days: number): { year: number; month: number; day: number } {
  const date = new Date(days * DAY * 1000);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** The zone of TZif data; undefined if it is not such data. */
function fromFile(data: ByteString | undefined): Zone | undefined {
  if (data === undefined || !data.startsWith("TZif") || data.length < 44) return undefined;
  const counts = header(data, 0);
  // From version 2 on a second part follows with 64-bit times, and behind it the rules for the time after its last entry.
  if (data[4] === "\0") return fromPart(data, 0, 4, undefined);
  const second = 44 + partSize(counts, 4);
  if (data.slice(second, second + 4) !== "TZif") return fromPart(data, 0, 4, undefined);
  const footer = second + 44 + partSize(header(data, second), 8);
  return fromPart(data, second, 8, parseRules(data.slice(footer + 1, data.indexOf("\n", footer + 1))));
}

interface Counts {
  readonly utc: number;
  readonly standard: number;
  readonly leap: number;
  readonly times: number;
  readonly types: number;
  readonly chars: number;
}

function header(data: ByteString, at: number): Counts {
  const [utc, standard, leap, times, types, chars] = [20, 24, 28, 32, 36, 40].map((place) => integer(data, at + place));
  return { utc: utc!, standard: standard!, leap: leap!, times: times!, types: types!, chars: chars! };
}

function partSize({ utc, standard, leap, times, types, chars }: Counts, size: 4 | 8): number {
  return times * (size + 1) + types * 6 + chars + leap * (size + 4) + standard + utc;
}

function fromPart(data: ByteString, start: number, size: 4 | 8, after: Zone | undefined): Zone {
  const { times, types } = header(data, start);
  const first = start + 44;
  const kinds = first + times * size;
  const offsets = Array.from({ length: types }, (_, type) => integer(data, kinds + times + 6 * type));
  const timeAt = (index: number): number =>
    size === 4 ? integer(data, first + 4 * index) : integer(data, first + 8 * index) * 2 ** 32 +
      (integer(data, first + 8 * index + 4) >>> 0);
  return (seconds) => {
    if (after !== undefined && (times === 0 || seconds >= timeAt(times - 1))) return after(seconds);
    let low = 0;
    let high = times;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (timeAt(middle) <= seconds) low = middle + 1;
      else high = middle;
    }
    return offsets[low === 0 ? 0 : data.charCodeAt(kinds + low - 1)] ?? 0;
  };
}

/** A signed 32-bit number, big endian. */
function integer(data: ByteString, at: number): number {
  let value = 0;
  for (let byte = 0; byte < 4; byte++) value = (value << 8) | data.charCodeAt(at + byte);
  return value;
}

const NAME = "(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)";
const TIME = "[+-]?\\d{1,3}(?::\\d{1,2}){0,2}";
const DATE = "M\\d+\\.\\d+\\.\\d+|J?\\d+";
const RULES = new RegExp(
  `^${NAME}(?<offset>${TIME})` +
    `(?<summer>${NAME}(?<summerOffset>${TIME})?` +
    `(?:,(?<start>${DATE})(?:/(?<startTime>${TIME}))?,(?<end>${DATE})(?:/(?<endTime>${TIME}))?)?)?$`,
);

/** The zone of a POSIX TZ text such as "CET-1CEST,M3.5.0,M10.5.0/3"; undefined if it is none. */
function parseRules(text: ByteString): Zone | undefined {
  const rules = RULES.exec(text)?.groups;
  if (rules === undefined) return undefined;
  // West of Greenwich is positive in these texts.
  const standard = -seconds(rules.offset!);
  if (rules.summer === undefined) return () => standard;
  const summer = rules.summerOffset === undefined ? standard + 3600 : -seconds(rules.summerOffset);
  const startTime = seconds(rules.startTime ?? "2");
  const endTime = seconds(rules.endTime ?? "2");
  return (now) => {
    const { year } = civil(Math.floor((now + standard) / DAY));
    const begins = dayOf(rules.start ?? "M3.2.0", year) * DAY + startTime - standard;
    const ends = dayOf(rules.end ?? "M11.1.0", year) * DAY + endTime - summer;
    const inSummer = begins < ends ? now >= begins && now < ends : now >= begins || now < ends;
    return inSummer ? summer : standard;
  };
}

/** "[+-]HH[:MM[:SS]]" in seconds. */
function seconds(text: string): number {
  const [hours, minutes, rest] = text.split(":").map((part) => Math.abs(Number(part)));
  const value = hours! * 3600 + (minutes ?? 0) * 60 + (rest ?? 0);
  return text.startsWith("-") ? -value : value;
}

/** The day, counted from 1970-01-01, that a rule's date is in a year. */
function dayOf(date: string, year: number): number {
  const newYear = Date.UTC(year, 0, 1) / 1000 / DAY;
  if (date.startsWith("M")) {
    const [month, week, weekday] = date.slice(1).split(".").map(Number) as [number, number, number];
    const first = Date.UTC(year, month - 1, 1) / 1000 / DAY;
    const next = Date.UTC(year, month, 1) / 1000 / DAY;
    // Day 0 was a Thursday.
    const day = first + (weekday - (first + 4) % 7 + 7) % 7 + (week - 1) * 7;
    return day >= next ? day - 7 : day;
  }
  if (!date.startsWith("J")) return newYear + Number(date);
  const leap = Date.UTC(year, 1, 29) !== Date.UTC(year, 2, 1);
  const number = Number(date.slice(1));
  return newYear + number - 1 + (leap && number > 59 ? 1 : 0);
}
