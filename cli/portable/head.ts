// The beginning and the end of inputs: s6-head and s6-tail. From s6-portable-utils.

import { blocks, type Input, newBuffer, readSome, withInput } from "../../lib/input.ts";
import type { Os } from "../../lib/os/os.ts";
import { UsageError } from "../../lib/report.ts";
import { type Applet, type Context, utility } from "../applet.ts";
import { type Option, unsigned } from "../getopt.ts";

/** How much of an input: a number of lines, or of bytes. */
interface Amount {
  readonly unit: "lines" | "bytes";
  readonly count: number;
  /** Counted from the beginning, not from the end. */
  readonly fromStart: boolean;
}

type Block = Uint8Array<ArrayBuffer>;

const NEWLINE = 10;
const TEN_LINES: Amount = { unit: "lines", count: 10, fromStart: false };

export const head: Applet = utility({
  name: "s6-head",
  usage: "[ -S ] [ -1..9 | -n lines | -c chars ] [ file... ]",
  summary: "print the beginning of files",
  help: { S: "read nothing that is not printed", n: "print this many lines (default 10)", c: "print this many bytes" },
  ignored: "123456789",
  notes: ["A digit is an option too: -3 prints 3 lines."],
  options: "S123456789n:c:",
  least: 0,
  run: (context, { options, args }) => {
    const amount = amountOf(options.list, false);
    const files = args.length === 0 ? ["-"] : args;
    files.forEach((file, index) => {
      if (files.length > 1) context.print(`${index === 0 ? "" : "\n"}==> ${file} <==\n`);
      withInput(context.os, "head", file, (input) => printBeginning(context, input, amount, options.has("S")));
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

function printBeginning(context: Context, input: Input, { unit, count }: Amount, exactly: boolean): void {
  const buffer = newBuffer();
  for (let left = count; left > 0;) {
    // A line has one byte at least: to read as many bytes as lines are wanted never takes what is another's to read.
    const block = readSome(context.os, input, exactly ? buffer.subarray(0, left) : buffer);
    if (block.length === 0) return;
    const wanted = beginning(block, unit, left);
    context.print(block.subarray(0, wanted.end));
    left -= wanted.count;
  }
}

/** Where the beginning of that size ends, and how much of it is there. */
export function beginning(block: Uint8Array, unit: Amount["unit"], size: number): { end: number; count: number } {
  if (unit === "bytes") return { end: Math.min(size, block.length), count: Math.min(size, block.length) };
  let end = 0;
  for (let count = 0; count < size; count++) {
    const newline = block.indexOf(NEWLINE, end);
    if (newline < 0) return { end: block.length, count };
    end = newline + 1;
  }
  return { end, count: size };
}

export const tail: Applet = utility({
  name: "s6-tail",
  usage: "[ -c chars | -n lines | -1..9 ] [ file ]",
  summary: "print the end of a file",
  help: {
    n: "print this many lines from the end, or with a plus from that line on (default 10)",
    c: "print this many bytes from the end, or with a plus from that byte on",
  },
  ignored: "123456789",
  notes: ["A digit is an option too: -3 prints 3 lines."],
  options: "123456789n:c:",
  least: 0,
  run: (context, { options, args: [file = "-"] }) => {
    const amount = amountOf(options.list, true);
    withInput(context.os, "tail", file, (input) => {
      if (amount.fromStart) printBehind(context, input, amount);
      else if (isLarge(context.os, input)) printEndOfFile(context, input, amount);
      else context.print(endOf(blocks(context.os, input), amount));
    });
    return 0;
  },
});

function printBehind(context: Context, input: Input, { unit, count }: Amount): void {
  let left = Math.max(0, count - 1);
  for (const block of blocks(context.os, input)) {
    const skipped = beginning(block, unit, left);
    left -= skipped.count;
    context.print(block.subarray(skipped.end));
  }
}

/** The end of what comes, of which no more is kept than may be wanted. */
export function endOf(blocks: Iterable<Block>, { unit, count }: Amount): Block {
  const kept: { readonly block: Block; readonly amount: number }[] = [];
  let held = 0;
  for (const block of blocks) {
    const { count: amount } = beginning(block, unit, Infinity);
    kept.push({ block: block.slice(), amount });
    held += amount;
    // One line more than is wanted, as the last one may have no end.
    while (held - kept[0]!.amount > count) held -= kept.shift()!.amount;
  }
  const all = new Uint8Array(kept.reduce((size, { block }) => size + block.length, 0));
  kept.reduce((at, { block }) => (all.set(block, at), at + block.length), 0);
  if (unit === "bytes") return all.subarray(Math.max(0, all.length - count));
  return count === 0 ? all.subarray(all.length) : all.subarray(backOver(all.subarray(0, -1), count).at);
}

/**
 * Goes back over a number of newlines: the place behind the last of them, or 0, and how many there still are to go
 * over.
 */
function backOver(block: Uint8Array, newlines: number): { at: number; left: number } {
  let end = block.length;
  for (let left = newlines; left > 0; left--) {
    end = end === 0 ? -1 : block.lastIndexOf(NEWLINE, end - 1);
    if (end < 0) return { at: 0, left };
  }
  return { at: end + 1, left: 0 };
}

type SeekPorts = Pick<Os, "fstat" | "seek" | "read">;

/** A file so large that it is better not read as a whole. Sizes of files in /proc and /sys, 4096 at most, say nothing. */
function isLarge(os: SeekPorts, { fd }: Input): boolean {
  const { kind, size } = os.fstat(fd);
  return kind === "file" && size > 65536;
}

function printEndOfFile(context: Context, input: Input, { unit, count }: Amount): void {
  const { os } = context;
  const from = os.seek(input.fd, 0, "here");
  const end = os.seek(input.fd, 0, "end");
  const start = unit === "bytes" ? Math.max(from, end - count) : startOfLines(os, input, { from, end }, count);
  os.seek(input.fd, Math.min(start, end), "start");
  for (const block of blocks(os, input)) context.print(block);
}

/** Where the last lines of a part of a file begin. */
function startOfLines(
  os: SeekPorts,
  input: Input,
  { from, end }: { from: number; end: number },
  lines: number,
): number {
  if (lines === 0) return end;
  const buffer = newBuffer();
  let left = lines;
  // If the last byte is a newline, no line begins behind it.
  for (let high = end - 1; high > from;) {
    const low = Math.max(from, high - buffer.length);
    os.seek(input.fd, low, "start");
    const found = backOver(readFully(os, input, buffer.subarray(0, high - low)), left);
    if (found.left === 0) return low + found.at;
    left = found.left;
    high = low;
  }
  return from;
}

function readFully(os: SeekPorts, input: Input, buffer: Block): Block {
  let filled = 0;
  for (let got = 1; got > 0 && filled < buffer.length; filled += got) {
    got = readSome(os, input, buffer.subarray(filled)).length;
  }
  return buffer.subarray(0, filled);
}
