// Programs that copy some of their input: s6-cat, s6-head, s6-tail, s6-sort and s6-grep. From s6-portable-utils.

import type { ByteString } from "../../lib/bytes.ts";
import { regularExpression } from "../../lib/regexp/pattern.ts";
import { EXIT, Failure, UsageError } from "../../lib/report.ts";
import { type Applet, type Context, utility } from "../applet.ts";
import { NO_OPTIONS, type Option, type Options, unsigned } from "../getopt.ts";
import { linesOf, openInput, parts, readInput } from "./input.ts";

export const cat: Applet = utility({
  name: "s6-cat",
  usage: "",
  summary: "copy standard input to standard output",
  options: NO_OPTIONS,
  least: 0,
  run: (context) => {
    for (const part of parts(context.os, 0)) context.print(part);
    return 0;
  },
});

/** How much of an input: so many lines, or bytes. */
export interface Amount {
  readonly unit: "lines" | "bytes";
  readonly count: number;
  /** Counted from the beginning, not from the end. */
  readonly fromStart: boolean;
}

const TEN_LINES: Amount = { unit: "lines", count: 10, fromStart: false };

export const head: Applet = utility({
  name: "s6-head",
  usage: "[ -S ] [ -1..9 | -n lines | -c chars ] [ file... ]",
  summary: "print the beginning of files",
  options: "S123456789n:c:",
  least: 0,
  run: (context, { options, args }) => {
    const amount = amountOf(options.list, false);
    const files = args.length === 0 ? ["-"] : args;
    files.forEach((file, index) => {
      if (files.length > 1) context.print(`${index === 0 ? "" : "\n"}==> ${file} <==\n`);
      printBeginning(context, file, amount, options.has("S"));
    });
    return 0;
  },
});

/** The amount that the options ask for; they may do so only once. */
function amountOf(list: readonly Option[], signed: boolean): Amount {
  const asked = list.filter(({ letter }) => /[1-9nc]/.test(letter));
  if (asked.length > 1) throw new UsageError();
  if (asked[0] === undefined) return TEN_LINES;
  const { letter, value } = asked[0];
  const number = signed ? value.replace(/^[+-]/, "") : value;
  return {
    unit: letter === "c" ? "bytes" : "lines",
    count: letter === "n" || letter === "c" ? unsigned(number) : Number(letter),
    fromStart: signed && value.startsWith("+"),
  };
}

function printBeginning(context: Context, file: ByteString, { unit, count }: Amount, exactly: boolean): void {
  const fd = openInput(context.os, file);
  let left = count;
  try {
    // To leave the rest to the next reader of the same descriptor, lines have to be read byte by byte.
    const size = !exactly ? undefined : unit === "lines" ? 1 : Math.max(1, Math.min(count, 4096));
    for (const part of left === 0 ? [] : parts(context.os, fd, size)) {
      const wanted = part.slice(0, unit === "bytes" ? left : endOfLines(part, left));
      context.print(wanted);
      left -= unit === "bytes" ? wanted.length : wanted.split("\n").length - 1;
      if (left <= 0) return;
    }
  } finally {
    if (fd !== 0) context.os.close(fd);
  }
}

/** Where so many lines of the text end; its length if it has fewer. */
function endOfLines(text: ByteString, lines: number): number {
  let end = 0;
  for (let line = 0; line < lines; line++) {
    const newline = text.indexOf("\n", end);
    if (newline < 0) return text.length;
    end = newline + 1;
  }
  return end;
}

export const tail: Applet = utility({
  name: "s6-tail",
  usage: "[ -c chars | -n lines | -1..9 ] [ file ]",
  summary: "print the end of a file",
  options: "123456789n:c:",
  least: 0,
  run: (context, { options, args: [file = "-"] }) => {
    const amount = amountOf(options.list, true);
    const text = readInput(context.os, openInput(context.os, file));
    context.print(text.slice(placeOf(text, amount)));
    return 0;
  },
});

/** Where the part of the text that is asked for begins. */
export function placeOf(text: ByteString, { unit, count, fromStart }: Amount): number {
  if (fromStart) return unit === "bytes" ? Math.max(0, count - 1) : endOfLines(text, count - 1);
  if (unit === "bytes") return Math.max(0, text.length - count);
  return endOfLines(text, linesOf(text).length - count);
}

const SORT = "bcfru0";

export const sort: Applet = utility({
  name: "s6-sort",
  usage: "[ -bcfru0 ]",
  summary: "sort lines by their bytes",
  options: SORT,
  least: 0,
  run: (context, { options }) => {
    const end = options.has("0") ? "\0" : "\n";
    const lines = linesOf(readInput(context.os), end);
    const compare = comparison(options);
    if (options.has("c")) {
      const most = options.has("u") ? -1 : 0;
      return lines.every((line, at) => at === 0 || compare(lines[at - 1]!, line) <= most) ? 0 : 1;
    }
    lines.sort(compare);
    context.print((options.has("u") ? unique(lines, compare) : lines).map((line) => line + end).join(""));
    return 0;
  },
});

type Comparison = (one: ByteString, two: ByteString) => number;

function comparison(options: Options<typeof SORT>): Comparison {
  const blanks = options.has("b");
  const fold = options.has("f");
  const sign = options.has("r") ? -1 : 1;
  const key = (line: ByteString): ByteString => {
    const text = blanks ? line.replace(/^[ \t]+/, "") : line;
    return fold ? text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : text;
  };
  return (one, two) => sign * order(key(one), key(two));
}

function order(one: ByteString, two: ByteString): number {
  return one < two ? -1 : one > two ? 1 : 0;
}

/** Of lines that compare equal the last one. */
function unique(lines: readonly ByteString[], compare: Comparison): ByteString[] {
  return lines.filter((line, at) => at + 1 === lines.length || compare(line, lines[at + 1]!) !== 0);
}

export const grep: Applet = utility({
  name: "s6-grep",
  usage: "[ -E | -F ] [ -i ] [ -c ] [ -n ] [ -q ] [ -v ] pattern",
  summary: "print the lines of standard input that match",
  options: "EFicnqv",
  least: 1,
  run: (context, { options, args: [pattern = ""] }) => {
    const matches = matcher(pattern, options.last("E", "F") ?? "", options.has("i"));
    const wanted = !options.has("v");
    const found: string[] = [];
    linesOf(readInput(context.os)).forEach((line, at) => {
      if (matches(line) === wanted) found.push(options.has("n") ? `${at + 1}:${line}\n` : `${line}\n`);
    });
    if (options.has("q")) return found.length > 0 ? 0 : 1;
    context.print(options.has("c") ? `${found.length}\n` : found.join(""));
    return found.length > 0 ? 0 : 1;
  },
});

function matcher(pattern: ByteString, kind: "E" | "F" | "", fold: boolean): (line: ByteString) => boolean {
  if (kind === "F") {
    const lower = (text: ByteString): ByteString => fold ? text.toLowerCase() : text;
    return (line) => lower(line).includes(lower(pattern));
  }
  try {
    const expression = regularExpression(pattern, { extended: kind === "E", ignoreCase: fold });
    return (line) => expression.test(line);
  } catch (error) {
    throw error instanceof Failure ? new Failure(EXIT.system, error.message) : error;
  }
}
