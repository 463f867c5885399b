// s6-sort: lines in the order of their bytes. From s6-portable-utils.

import type { ByteString } from "../../lib/bytes.ts";
import { linesIn, STDIN } from "../../lib/input.ts";
import { type Applet, type Context, utility } from "../applet.ts";
import type { Options } from "../getopt.ts";

const OPTIONS = "bcfru0";

export const sort: Applet = utility({
  name: "s6-sort",
  usage: "[ -bcfru0 ]",
  summary: "sort lines by their bytes",
  help: {
    b: "ignore blanks that lead a line",
    c: "only check that the input is sorted",
    f: "upper and lower case are the same",
    r: "the other way round",
    u: "print equal lines once",
    0: "lines end with a NUL",
  },
  exits: { 1: "with -c, the input is not sorted" },
  options: OPTIONS,
  least: 0,
  computes: true,
  run: (context, { options }) => {
    const end = options.has("0") ? "\0" : "\n";
    const order = orderOf(options);
    if (options.has("c")) return isSorted(linesOf(context, end), order, options.has("u")) ? 0 : 1;
    const lines = sorted([...linesOf(context, end)], order);
    printLines(context, options.has("u") ? unique(lines, order) : lines, end);
    return 0;
  },
});

function* linesOf({ os }: Context, end: ByteString): Generator<ByteString> {
  for (const { lines } of linesIn(os, STDIN, end)) yield* lines;
}

interface Order {
  /** What of a line is compared; undefined if all of it is. */
  readonly key: ((line: ByteString) => ByteString) | undefined;
  readonly reverse: boolean;
}

function orderOf(options: Options<typeof OPTIONS>): Order {
  const blanks = options.has("b");
  const fold = options.has("f");
  const key = (line: ByteString): ByteString => {
    const text = blanks ? line.replace(/^[ \t]+/, "") : line;
    return fold ? text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : text;
  };
  return { key: blanks || fold ? key : undefined, reverse: options.has("r") };
}

function compare(one: ByteString, two: ByteString): number {
  return one < two ? -1 : one > two ? 1 : 0;
}

/** The lines in order; those that compare equal stay as they were. */
export function sorted(lines: ByteString[], { key, reverse }: Order): ByteString[] {
  // Without keys equal lines are the same, and there is nothing that could stay.
  if (key === undefined) return reverse ? lines.sort().reverse() : lines.sort();
  const sign = reverse ? -1 : 1;
  const keyed = lines.map((line) => ({ line, key: key(line) }));
  return keyed.sort((one, two) => sign * compare(one.key, two.key)).map(({ line }) => line);
}

function isSorted(lines: Iterable<ByteString>, { key = (line) => line, reverse }: Order, strictly: boolean): boolean {
  let before: ByteString | undefined;
  for (const line of lines) {
    const now = key(line);
    const order = before === undefined ? -1 : (reverse ? -1 : 1) * compare(before, now);
    if (order > 0 || (strictly && order === 0)) return false;
    before = now;
  }
  return true;
}

/** Of lines that compare equal the last one. */
function unique(lines: readonly ByteString[], { key = (line) => line }: Order): ByteString[] {
  return lines.filter((line, at) => at + 1 === lines.length || key(line) !== key(lines[at + 1]!));
}

const AT_ONCE = 10_000;

function printLines(context: Context, lines: readonly ByteString[], end: ByteString): void {
  for (let at = 0; at < lines.length; at += AT_ONCE) {
    context.print(lines.slice(at, at + AT_ONCE).join(end) + end);
  }
}
