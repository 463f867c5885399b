// s6-ps: a list of the processes. From s6-linux-utils.

import type { ByteString } from "../../lib/bytes.ts";
import { findZone } from "../../lib/log/timezone.ts";
import { printable } from "../../lib/printable.ts";
import { invalid, OsError } from "../../lib/report.ts";
import { type Applet, type Context, utility } from "../applet.ts";
import type { Options } from "../getopt.ts";
import { type Field, type FieldContext, FIELDS } from "./process_field.ts";
import { type Process, readMachine, readProcesses } from "./processes.ts";

const OPTIONS = "Hlw:W:o:";
const USUAL_FIELDS = "user,pid,tty,s,start,args";
const LONG_FIELDS = "user,pid,cpcpu,pmem,vsize,rss,tty,s,start,cttime,args";
const SPACING = { least: 1, usual: 2, most: 256 };

export const ps: Applet = utility({
  name: "s6-ps",
  usage: "[ -H ] [ -w spacing ] [ -W wchanfile ] [ -l | -o field,field... ]",
  summary: "print a list of the processes",
  help: {
    H: "as a tree",
    w: "this many blanks between columns (default 2)",
    W: "find the names of kernel functions in this file",
    l: "print more fields",
    o: "print these fields",
  },
  options: OPTIONS,
  least: 0,
  run: async (context, { options }) => {
    const names = fieldNames(options);
    const spacing = Math.max(SPACING.least, Math.min(SPACING.most, options.number("w") ?? SPACING.usual));
    const { upTime } = await context.part("machine");
    const surroundings = surroundingsOf(context, upTime(), names.includes("wchan") ? options.value("W") : undefined);
    const processes = readProcesses(context.os, {
      environment: names.includes("env"),
      sleepsIn: names.includes("wchan"),
    });
    const lines = options.has("H") ? asTree(processes) : processes.map((process) => ({ process, branch: "" }));
    context.print(processTable(lines, names, surroundings, " ".repeat(spacing)));
    return 0;
  },
});

function fieldNames(options: Options<typeof OPTIONS>): string[] {
  const list = options.last("l", "o");
  if (list === undefined) return USUAL_FIELDS.split(",");
  if (list === "l") return LONG_FIELDS.split(",");
  const names = options.value("o")!.split(",");
  names.forEach((name, at) => {
    if (name === "") throw invalid("invalid (empty) field for -o option");
    if (!Object.hasOwn(FIELDS, name)) throw invalid(`invalid field for -o option: ${name}`);
    if (names.indexOf(name) < at) throw invalid(`duplicate field for -o option: ${name}`);
  });
  return names;
}

/** @param symbols the file that says where the functions of the kernel lie; without it the kernel itself is asked */
function surroundingsOf(context: Context, upTime: bigint, symbols: ByteString | undefined): FieldContext {
  const { os, image } = context;
  const read = (path: ByteString): ByteString | undefined => {
    try {
      return os.readFile(path);
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      if (path === symbols) context.warn(`unable to init wchan file ${path}: ${error.reason}`);
      return undefined;
    }
  };
  const functions = symbols === undefined ? undefined : new KernelFunctions(read(symbols));
  return {
    machine: readMachine(os, upTime),
    zone: findZone(image.environment.get("TZ"), read),
    functionAt: (address, name) => functions?.at(address) ?? (name === undefined || name === "0" ? "?" : name),
  };
}

/** A table of symbols, as /proc/kallsyms and System.map are. */
export class KernelFunctions {
  private readonly symbols: readonly (readonly [address: bigint, name: ByteString])[] | undefined;

  /** @param text undefined if it could not be read */
  constructor(text: ByteString | undefined) {
    const found = text?.matchAll(/^([0-9a-fA-F]+) [a-zA-Z] (\S+)/gm);
    this.symbols = found && Array.from(found, ([, address, name]) => [BigInt(`0x${address}`), name!] as const)
      .sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0);
  }

  /** The name of the function that an address lies in, "?" if it lies in none; the address where nothing is known. */
  at(address: bigint): ByteString {
    if (this.symbols === undefined) return `(0x${address.toString(16)})`;
    let [low, high] = [0, this.symbols.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.symbols[middle]![0] <= address) low = middle + 1;
      else high = middle;
    }
    return this.symbols[low - 1]?.[1] ?? "?";
  }
}

/** A process in its place; `branch` goes before its command line. */
interface Line {
  readonly process: Process;
  readonly branch: string;
}

/** Each behind its parent: first those of the kernel and others whose parent is not seen, then process 1 and the rest. */
export function asTree(processes: readonly Process[]): Line[] {
  const seen = new Set(processes.map(({ pid }) => pid));
  const children = new Map<number, Process[]>();
  for (const process of processes) {
    const parent = seen.has(process.parent) && process.parent !== process.pid ? process.parent : 0;
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [process]);
    else siblings.push(process);
  }
  const below = (pid: number, depth: number): Line[] =>
    (children.get(pid) ?? []).flatMap((process) => [
      { process, branch: depth === 0 ? "" : `${"    ".repeat(depth - 1)} \\_ ` },
      ...below(process.pid, depth + 1),
    ]);
  const tops = below(0, 0);
  const first = processes.find(({ pid }) => pid === 1);
  if (first === undefined) return tops;
  const withFirst = new Set(below(1, 0).map(({ process }) => process));
  return [
    ...tops.filter(({ process }) => process !== first && !withFirst.has(process)),
    { process: first, branch: "" },
    ...below(1, 0),
  ];
}

/** Lines in columns, with their headings. */
export function processTable(
  lines: readonly Line[],
  names: readonly string[],
  surroundings: FieldContext,
  gap: string,
): ByteString {
  const columns = names.map((name, at) => {
    const field = FIELDS[name]!;
    const cells = lines.map(({ process, branch }) =>
      // What a process calls itself, its arguments and environment are for it to choose.
      (name === "args" ? branch : "") + printable(field.text(process, surroundings))
    );
    return column([field.heading, ...cells], field.aligned, at === names.length - 1);
  });
  return columns[0]!.map((_, row) => `${columns.map((cells) => cells[row]).join(gap)}\n`).join("");
}

/** Cells of one width. */
function column(cells: readonly ByteString[], aligned: Field["aligned"], isLast: boolean): ByteString[] {
  const width = cells.reduce((most, cell) => Math.max(most, cell.length), 0);
  if (aligned === "right") return cells.map((cell) => cell.padStart(width));
  return isLast ? [...cells] : cells.map((cell) => cell.padEnd(width));
}
