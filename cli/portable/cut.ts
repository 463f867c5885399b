// s6-cut: parts of each line, by bytes or by fields. From s6-portable-utils.

import type { ByteString } from "../../lib/bytes.ts";
import { withInput } from "../../lib/input.ts";
import { invalid, UsageError } from "../../lib/report.ts";
import { type Applet, utility } from "../applet.ts";
import { printChanged } from "./line_filter.ts";

/** Counted from 1, both ends included; `last` may be Infinity. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

export const cut: Applet = utility({
  name: "s6-cut",
  usage: "[ -b list | -c list | -f list ] [ -d delim ] [ -n ] [ -s ] [ file... ]",
  summary: "print parts of lines",
  help: {
    b: "print these bytes of each line",
    c: "the same as -b",
    f: "print these fields of each line",
    d: "fields are separated by this byte (default a tab)",
    n: "accepted, and means nothing",
    s: "leave out lines without a separator",
  },
  options: "b:c:f:d:ns",
  least: 0,
  computes: true,
  run: (context, { options, args }) => {
    const [asked, ...more] = options.list.filter(({ letter }) => /[bcf]/.test(letter));
    if (asked === undefined || asked.value === "" || more.length > 0) throw new UsageError();
    const ranges = rangesOf(asked.value);
    const delimiter = options.has("d") ? options.value("d")![0] ?? "\0" : "\t";
    const change = asked.letter === "f"
      ? (line: ByteString) => fieldsIn(line, ranges, delimiter) ?? (options.has("s") ? undefined : line)
      : (line: ByteString) => bytesIn(line, ranges);
    for (const file of args.length === 0 ? ["-"] : args) {
      withInput(context.os, "cut", file, (input) => printChanged(context, change, input));
    }
    return 0;
  },
});

/**
 * The ranges of a list, in order, none of them overlapping another.
 * @throws Failure 100
 */
function rangesOf(list: ByteString): readonly Range[] {
  const items = list.replace(/[, \t]$/, "").split(/[, \t]/).map((item) => rangeOf(item) ?? noList(list));
  const ranges: Range[] = [];
  for (const range of items.sort((one, two) => one.first - two.first)) {
    const before = ranges.at(-1);
    if (before === undefined || range.first > before.last) ranges.push(range);
    else ranges[ranges.length - 1] = { first: before.first, last: Math.max(before.last, range.last) };
  }
  return ranges;
}

function rangeOf(item: ByteString): Range | undefined {
  const [, low = "", dash = "", high = ""] = /^([0-9]*)(-?)([0-9]*)$/.exec(item) ?? [];
  if (low === "" && dash === "") return undefined;
  const first = low === "" ? 1 : Number(low);
  const last = dash === "" ? first : high === "" ? Infinity : Number(high);
  return first > 0 && first <= last ? { first, last } : undefined;
}

function noList(list: ByteString): never {
  throw invalid(`invalid list argument: ${list}`);
}

function bytesIn(line: ByteString, ranges: readonly Range[]): ByteString {
  return ranges.map(({ first, last }) => line.slice(first - 1, last)).join("");
}

/** The fields of a line; undefined if it has no delimiter. */
function fieldsIn(line: ByteString, ranges: readonly Range[], delimiter: ByteString): ByteString | undefined {
  const fields = line.split(delimiter);
  if (fields.length === 1) return undefined;
  return ranges.flatMap(({ first, last }) => fields.slice(first - 1, last)).join(delimiter);
}
